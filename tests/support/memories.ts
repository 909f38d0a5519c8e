import assert from 'node:assert/strict';
import type { HttpClient, Json } from './http-client.ts';
import { registerUser } from './http-client.ts';
import type { TestUser } from './http-client.ts';

/** A user whose assistant remembers. */
export interface Rememberer extends TestUser {
  readonly assistantId: string;
  /** Writes a memory and says what became of it; 200 and 201 alike. */
  readonly write: (event: string, more?: object) => Promise<{ status: number; data: Json; meta: Json }>;
  /** The id of a memory that must be stored. */
  readonly stored: (event: string, more?: object) => Promise<string>;
}

export async function newRememberer(app: { readonly url: string }): Promise<Rememberer> {
  const user = await registerUser(app);
  return rememberer(user, await newAssistant(user.client, 'Librarian'));
}

export async function newAssistant(client: HttpClient, name: string): Promise<string> {
  const made = await client.post('assistants', { name });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.data.id;
}

/** The same for another assistant of the user. */
export function rememberer(user: TestUser, assistantId: string): Rememberer {
  const write: Rememberer['write'] = async (event, more = {}) => {
    const { status, body } = await user.client.post(`assistants/${assistantId}/memories`, { event, ...more });
    assert.ok(status === 200 || status === 201, JSON.stringify(body));
    return { status, data: body.data, meta: body.meta };
  };
  return {
    ...user,
    assistantId,
    write,
    stored: async (event, more) => {
      const { status, data, meta } = await write(event, more);
      assert.equal(status, 201, JSON.stringify(meta));
      return data.id;
    },
  };
}
