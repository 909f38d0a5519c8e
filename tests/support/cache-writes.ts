import assert from 'node:assert/strict';
import type { HttpClient } from './http-client.ts';
import type { CachedPair, PairUser } from './cached-pair.ts';

/** Something that changes what is cached, by a client of one of the instances or as a worker does it. */
export interface CacheWrite {
  readonly name: string;
  /** @param n makes the change another one each time */
  run(pair: CachedPair, user: PairUser, client: HttpClient, n: number): Promise<void>;
}

async function expectOk(
  response: Promise<{ status: number; body: unknown }>,
  also: number[] = [],
): Promise<void> {
  const { status, body } = await response;
  assert.ok(status < 300 || also.includes(status), `${status} ${JSON.stringify(body)}`);
}

/** Id of the n-th row of a kind, of eight. */
const nth = (first: string, n: number): string => first.replace(/.$/, String((n % 8) + 1));

const api = (
  name: string,
  call: (client: HttpClient, ids: PairUser['ids'], n: number) => Promise<{ status: number; body: unknown }>,
  also: number[] = [],
): CacheWrite => ({
  name,
  run: (_pair, { ids }, client, n) => expectOk(call(client, ids, n), also),
});

const sql = (name: string, text: string, idOf: (ids: PairUser['ids'], n: number) => string): CacheWrite => ({
  name,
  run: async ({ app }, { ids }, _client, n) => {
    await app.database.sql(text, [idOf(ids, n), n]);
  },
});

/** Everything that writes to what is cached. */
export const cacheWrites: readonly CacheWrite[] = [
  api('rename an assistant', (client, { assistant }, n) =>
    client.patch(`assistants/${assistant}`, { name: `Name ${n}` }),
  ),
  api('another system prompt', (client, { assistant, prompt }, n) =>
    client.patch(`assistants/${assistant}`, { system_prompt_id: nth(prompt, n) }),
  ),
  api('edit a profile', (client, { assistant }, n) =>
    client.patch(`assistants/${assistant}/profile`, { motto: `Motto ${n}` }),
  ),
  api('edit capabilities', (client, { assistant }, n) =>
    client.patch(`assistants/${assistant}/capabilities`, { skills: [{ name: `Skill ${n}` }] }),
  ),
  {
    name: 'edit its system prompt',
    run: async (_pair, { ids }, client, n) => {
      const id = (await client.get(`assistants/${ids.assistant}`)).body.data.system_prompt_id as
        string | null;
      await expectOk(client.patch(`prompts/${id ?? ids.prompt}`, { content: `Content ${n}` }));
    },
  },
  api('retitle a chain', (client, { chain }, n) =>
    client.patch(`memory-chains/${chain}`, { title: `Title ${n}` }),
  ),
  api(
    'take a memory out of a chain',
    (client, { chain, memory }, n) => client.delete(`memory-chains/${chain}/entries/${nth(memory, n)}`),
    [404],
  ),
  api(
    'put memories into a chain',
    (client, { chain, memory }, n) =>
      client.post(`memory-chains/${chain}/entries`, {
        memory_ids: [0, 1, 2].map((more) => nth(memory, n + more)),
        position: 0,
      }),
    [404],
  ),
  {
    name: 'reorder a chain',
    run: async (_pair, { ids, plain }, client) => {
      const { body } = await plain.get(`memory-chains/${ids.chain}/entries?limit=100`);
      const order = (body.data as { memory: { id: string } }[]).map(({ memory }) => memory.id).reverse();
      // With an entry at most there is nothing to reorder; somebody else may have changed the chain meanwhile.
      if (order.length > 1)
        await expectOk(client.put(`memory-chains/${ids.chain}/order`, { memory_ids: order }), [409, 422]);
    },
  },
  api(
    'edit a memory',
    (client, { memory }, n) => client.patch(`memories/${nth(memory, n)}`, { summary: `Summary ${n}` }),
    [404],
  ),
  api(
    'bookmark a memory',
    (client, { memory }, n) =>
      client.request(n % 2 === 0 ? 'PUT' : 'DELETE', `memories/${nth(memory, n)}/bookmark`),
    [404],
  ),
  api('delete a memory', (client, { memory }, n) => client.delete(`memories/${nth(memory, n)}`), [404]),
  sql(
    'embed a memory, or fail to',
    `insert into memory_embeddings (memory_id, model_id, user_id, assistant_id, status)
     select m.id, e.id, m.user_id, m.assistant_id, (array['failed', 'skipped'])[1 + $2::int % 2]
     from memories m, embedding_models e where m.id = $1 and e.is_active
     on conflict (memory_id, model_id) do update set status = excluded.status`,
    ({ memory }, n) => nth(memory, n),
  ),
  sql(
    'embed chunks, or fail to',
    `insert into chunk_embeddings (chunk_id, model_id, user_id, assistant_id, document_id, status)
     select c.id, e.id, c.user_id, c.assistant_id, c.document_id, (array['failed', 'skipped'])[1 + $2::int % 2]
     from document_chunks c, embedding_models e where c.document_id = $1 and e.is_active
     on conflict (chunk_id, model_id) do update set status = excluded.status`,
    ({ document }) => document,
  ),
  {
    name: 'chunk a document again',
    run: async ({ second }, user, _client, n) => {
      const { database } = second;
      const document = await database.read.documents.find(user.id, user.ids.document);
      if (document === undefined) return;
      const piece = { pageFrom: null, pageTo: null, charStart: 0, charEnd: 5, tokenCount: 1 };
      const chunks = Array.from({ length: 5 }, (_, position) => ({
        ...piece,
        position,
        text: `Again ${n}.${position}`,
        fingerprint: '0'.repeat(64),
      }));
      await database.transaction((tx) => tx.chunks.replace(document, chunks));
    },
  },
  sql(
    'publish another revision',
    `update documents set live_revision = case live_revision when 1 then 2 else 1 end where id = $1 and $2 >= 0`,
    ({ document }) => document,
  ),
];

/** What ends the life of things; to be run last. */
export const cacheDeletions: readonly CacheWrite[] = [
  api('delete a chain', (client, { chain }) => client.delete(`memory-chains/${chain}`), [404]),
  api('delete a document', (client, { document }) => client.delete(`documents/${document}`), [404]),
  api(
    'delete an assistant',
    (client, { assistant }) => client.delete(`assistants/${assistant}?force=true`),
    [404],
  ),
];
