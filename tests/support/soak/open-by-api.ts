import { registerUser } from '../http-client.ts';
import type { HttpClient, Json, TestUser } from '../http-client.ts';
import type { LoadClient } from '../load/mixed-load.ts';
import { drawWord } from '../load/workspace-rows.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';

const ASSISTANTS = 3;
const DOCUMENTS = 2;
const WORDS_A_DOCUMENT = 1_500;
const MEMORIES = 5;

/**
 * Registers users and gives each a small workspace through the API, so that all that is stored has come the way that it comes:
 * whatever does not add up afterwards is the product's fault.
 */
export async function openByApi(api: { readonly url: string }, users: number): Promise<LoadClient[]> {
  const clients: LoadClient[] = [];
  for (let number = 0; number < users; number++)
    clients.push(await fill(await registerUser(api), createRandom(number + 1)));
  return clients;
}

async function fill({ client }: TestUser, random: Random): Promise<LoadClient> {
  const make = async (path: string, body: unknown): Promise<Json> => {
    const { status, body: answer } = await client.post(path, body);
    if (status >= 400) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
    return answer.data;
  };
  const several = async (count: number, work: (number: number) => Promise<string>): Promise<string[]> => {
    const ids: string[] = [];
    for (let number = 1; number <= count; number++) ids.push(await work(number));
    return ids;
  };
  const words = (count: number): string => Array.from({ length: count }, () => drawWord(random)).join(' ');
  const assistantIds = await several(
    ASSISTANTS,
    async (number) => (await make('assistants', { name: `Assistant ${number}` })).id,
  );
  const [assistant_id] = assistantIds;
  const documentIds = await several(DOCUMENTS, async (number) => {
    const text = words(WORDS_A_DOCUMENT);
    return (await make('documents', { assistant_id, title: `Book ${number}`, text })).document.id;
  });
  const memoryIds = await several(
    MEMORIES,
    async () => (await make(`assistants/${assistant_id}/memories`, { event: `Heard of ${words(12)}.` })).id,
  );
  const promptId = (await make('prompts', { title: 'Brief', content: 'Be brief.' })).id as string;
  const conversationId = (await make('conversations', { assistant_id })).id as string;
  return { client, rows: { assistantIds, documentIds, memoryIds, promptId, conversationId } };
}

/** Long before the token of a session is over. */
const REFRESH_MS = 300_000;

/** Refreshes the sessions of all clients now and then, as browsers do. Disposing ends it. */
export function keepLoggedIn(clients: readonly { readonly client: HttpClient }[]): Disposable {
  const timer = setInterval(() => {
    for (const { client } of clients) void client.post('auth/refresh').catch(() => undefined);
  }, REFRESH_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
