import { createRandom } from '../random.ts';
import type { HttpClient } from '../http-client.ts';
import type { NextShot, Shot } from './drive.ts';
import { drawWord } from './workspace-rows.ts';
import type { UserRows } from './workspace-rows.ts';

/** A client of the load: a logged-in user with what it has. */
export interface LoadClient {
  readonly client: HttpClient;
  readonly rows: UserRows;
}

/** What the load is made of: its name, how many of a hundred requests are such a one, and how it is asked. */
interface Kind {
  readonly name: string;
  readonly share: number;
  readonly isWrite?: true;
  readonly shape: (rows: UserRows, number: number) => { method: string; path: string; json?: unknown };
}

const turn = <T>(items: readonly T[], number: number): T => items[number % items.length]!;

/** Three words, drawn as those of the texts are; the same for the same number. */
function questionOf(number: number): string {
  const random = createRandom(number);
  return Array.from({ length: 3 }, () => drawWord(random)).join(' ');
}

/** Seventy of a hundred are reads; a search counts as one, though it leaves a line in the log of retrievals. */
const KINDS: readonly Kind[] = [
  { name: 'list assistants', share: 12, shape: () => ({ method: 'GET', path: 'assistants?limit=20' }) },
  {
    name: 'read an assistant',
    share: 14,
    shape: ({ assistantIds }, n) => ({
      method: 'GET',
      path: `assistants/${turn(assistantIds, n)}?include=profile`,
    }),
  },
  { name: 'list documents', share: 10, shape: () => ({ method: 'GET', path: 'documents?limit=20' }) },
  {
    name: 'read chunks',
    share: 4,
    shape: ({ documentIds }, n) => ({
      method: 'GET',
      path: `documents/${turn(documentIds, n)}/chunks?limit=20`,
    }),
  },
  { name: 'list memories', share: 10, shape: () => ({ method: 'GET', path: 'memories?limit=20' }) },
  {
    name: 'read messages',
    share: 6,
    shape: ({ conversationId }) => ({
      method: 'GET',
      path: `conversations/${conversationId}/messages?limit=20`,
    }),
  },
  { name: 'list jobs', share: 4, shape: () => ({ method: 'GET', path: 'jobs?limit=20' }) },
  {
    name: 'search',
    share: 10,
    shape: (_, n) => ({
      method: 'POST',
      path: 'search',
      json: { query: questionOf(n) },
    }),
  },
  {
    name: 'write a memory',
    share: 8,
    isWrite: true,
    shape: ({ assistantIds }, n) => ({
      method: 'POST',
      path: `assistants/${turn(assistantIds, n)}/memories`,
      json: { event: `In the ${n}th hour somebody said the number ${n * 7919} and nothing else.` },
    }),
  },
  {
    name: 'edit an assistant',
    share: 8,
    isWrite: true,
    shape: ({ assistantIds }, n) => ({
      method: 'PATCH',
      path: `assistants/${turn(assistantIds, n)}`,
      json: { min_score: (n % 100) / 100 },
    }),
  },
  {
    name: 'begin a conversation',
    share: 6,
    isWrite: true,
    shape: ({ assistantIds }, n) => ({
      method: 'POST',
      path: 'conversations',
      json: { assistant_id: turn(assistantIds, n), title: `Talk ${n}` },
    }),
  },
  {
    name: 'bookmark a memory',
    share: 6,
    isWrite: true,
    shape: ({ memoryIds }, n) => ({ method: 'PUT', path: `memories/${turn(memoryIds, n)}/bookmark` }),
  },
  {
    name: 'upload a text',
    share: 2,
    isWrite: true,
    shape: ({ assistantIds }, n) => ({
      method: 'POST',
      path: 'documents',
      json: {
        assistant_id: turn(assistantIds, n),
        title: `Note ${n}`,
        text: `Note ${n} tells of hay and rain. `.repeat(20),
      },
    }),
  },
];

const SAY: Kind = {
  name: 'say something',
  share: 2,
  isWrite: true,
  shape: ({ conversationId }, n) => ({
    method: 'POST',
    path: `conversations/${conversationId}/messages`,
    json: { content: `What of ${questionOf(n)}?`, stream: false },
  }),
};

/**
 * Draws requests of the mix, the same ones for the same seed; each client has its own numbers.
 *
 * @param options.talk whether clients also say something, and wait for the reply
 */
export function mixedLoad(
  clients: readonly LoadClient[],
  seed: number,
  { talk = false }: { readonly talk?: boolean } = {},
): NextShot {
  const random = createRandom(seed);
  const numbers = clients.map((_, client) => client * 1_000_000 + seed * 10_000);
  const tickets = [...KINDS, ...(talk ? [SAY] : [])].flatMap((kind) =>
    Array.from({ length: kind.share }, () => kind),
  );
  return (index) => {
    const { client, rows } = clients[index]!;
    const { name, shape } = random.pick(tickets);
    return shotOf(client, name, shape(rows, numbers[index]!++));
  };
}

/** Share of reads in the mix, 0..1. */
export const readShare = (): number => {
  const sum = (kinds: readonly Kind[]): number => kinds.reduce((total, { share }) => total + share, 0);
  return sum(KINDS.filter(({ isWrite }) => isWrite === undefined)) / sum(KINDS);
};

/** A request as this client's browser would send it. */
export function shotOf(
  client: Pick<HttpClient, 'cookieHeader' | 'csrfToken'>,
  name: string,
  { method, path, json }: { method: string; path: string; json?: unknown },
): Shot {
  const headers = {
    cookie: client.cookieHeader(),
    ...(method === 'GET' ? {} : { 'x-csrf-token': client.csrfToken ?? '', 'if-match': '*' }),
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const body = json === undefined ? {} : { body: Buffer.from(JSON.stringify(json)) };
  return { name, method, path: `/api/v1/${path}`, headers, ...body };
}
