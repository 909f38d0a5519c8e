import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, beginConversation } from '../conversation.ts';
import { registerUser } from '../http-client.ts';
import type { TestUser } from '../http-client.ts';
import { accepted } from '../ingestion.ts';

/** Something that was answered with success, and when. */
interface Written {
  readonly userId: string;
  /** By `performance.now()`. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

export interface WrittenDocument extends Written {
  readonly id: string;
  /** A sentence that no other document has. */
  readonly sentence: string;
}

export interface WrittenCredential extends Written {
  readonly id: string;
  readonly secret: string;
}

export interface WrittenMessage extends Written {
  readonly id: string;
}

/** Users who upload, talk and bring credentials until they are told to stop. */
export interface SteadyLoad {
  readonly users: readonly TestUser[];
  readonly documents: readonly WrittenDocument[];
  readonly credentials: readonly WrittenCredential[];
  readonly messages: readonly WrittenMessage[];
  /** Answers that were no success. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
}

/** Credentials that one user may have are limited. */
const CREDENTIALS_A_USER = 15;
/** Between two rounds of a user: work is to be waiting, but not without end. */
const PAUSE_MS = 40;

export async function startSteadyLoad(url: string, users: number): Promise<SteadyLoad> {
  const documents: WrittenDocument[] = [];
  const credentials: WrittenCredential[] = [];
  const messages: WrittenMessage[] = [];
  const failures: string[] = [];
  const over = new AbortController();
  const timed = async <T>(user: TestUser, work: () => Promise<T>): Promise<T & Written> => {
    const sentAt = performance.now();
    const made = await work();
    return { ...made, userId: user.id, sentAt, answeredAt: performance.now() };
  };
  const live = async (user: TestUser): Promise<void> => {
    const { client } = user;
    const made = await client.post('assistants', { name: 'Librarian' });
    const assistantId = made.body.data.id as string;
    const conversation = await beginConversation(client, assistantId);
    let brought = 0;
    for (let round = 0; !over.signal.aborted; round++) {
      documents.push(await timed(user, () => upload(user, assistantId)));
      if (round % 3 === 0)
        messages.push(
          await timed(user, async () => {
            const { message } = await ask(client, conversation, `What is known of hay, ${round}?`);
            return { id: message.id as string };
          }),
        );
      if (round % 2 === 0 && brought++ < CREDENTIALS_A_USER)
        credentials.push(await timed(user, () => bring(user)));
      await sleep(PAUSE_MS);
    }
  };
  const people: TestUser[] = [];
  for (let number = 0; number < users; number++) people.push(await registerUser({ url }));
  const lives = people.map((user) =>
    live(user).catch((error: unknown) => void failures.push(String((error as Error).stack))),
  );
  return {
    users: people,
    documents,
    credentials,
    messages,
    failures,
    stop: async () => {
      over.abort();
      await Promise.all(lives);
    },
  };
}

const WORDS = ['hay', 'stable', 'brush', 'meadow', 'halter', 'farrier', 'bucket', 'fence', 'shade', 'hoof'];

async function upload({ client }: TestUser, assistantId: string) {
  const mark = randomBytes(6).toString('hex');
  const sentence = `The donkey of stall ${mark} sleeps beside the blue bucket.`;
  const filler = Array.from(
    { length: 40 },
    (_, index) => `Note ${index} says that ${WORDS[index % WORDS.length]} comes before rest.`,
  ).join('\n\n');
  const answer = await client.post('documents', {
    assistant_id: assistantId,
    title: `Stall ${mark}`,
    text: `${filler}\n\n${sentence}\n\n${filler}`,
  });
  return { id: accepted(answer).documentId, sentence };
}

async function bring({ client }: TestUser) {
  const secret = `sk-${randomBytes(18).toString('hex')}`;
  const label = `Key ${randomBytes(4).toString('hex')}`;
  const { status, body } = await client.post('integrations/credentials', {
    provider: 'openai',
    label,
    secret,
  });
  if (status !== 201) throw new Error(`credential: ${status} ${JSON.stringify(body)}`);
  return { id: body.data.id as string, secret };
}
