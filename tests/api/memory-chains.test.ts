import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { newAssistant, newRememberer, rememberer } from '#tests/support/memories.ts';
import type { Rememberer } from '#tests/support/memories.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app[Symbol.asyncDispose]());

const TOPICS = [
  'Apples are red.',
  'Boats float on lakes.',
  'Clocks tick loudly.',
  'Dragons breathe fire.',
  'Eagles soar.',
  'Foxes run.',
];

const newChain = async (user: Rememberer, more: object = {}): Promise<Json> => {
  const body = { assistant_id: user.assistantId, title: 'Chain', ...more };
  const { status, body: answer } = await user.client.post('memory-chains', body);
  assert.equal(status, 201, JSON.stringify(answer));
  return answer.data;
};
const storeAll = async (user: Rememberer): Promise<string[]> => {
  const ids: string[] = [];
  for (const topic of TOPICS) ids.push(await user.stored(topic));
  return ids;
};
/** Ids of the memories of a chain, page after page. */
const orderOf = async (client: HttpClient, id: string, limit = 2): Promise<string[]> => {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { status, body } = await client.get(`memory-chains/${id}/entries?limit=${limit}${more}`);
    assert.equal(status, 200, JSON.stringify(body));
    ids.push(...body.data.map((entry: Json) => entry.memory.id));
    cursor = body.meta.next_cursor;
  }
  return ids;
};
const codeOf = ({ status, body }: { status: number; body: Json }): [number, string] => [status, body.code];

suite('chains of memories', () => {
  test('create, read, list, change, delete', async () => {
    const user = await newRememberer(app);
    const { client } = user;
    const made = await client.post('memory-chains', {
      assistant_id: 'librarian',
      title: ' Working with Ada ',
      description: 'What she likes.',
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const chain = made.body.data;
    assert.equal(made.headers.get('location'), `/api/v1/memory-chains/${chain.id}`);
    assert.deepEqual(
      [chain.assistant_id, chain.title, chain.mode, chain.entry_count, chain.stale, chain.summary],
      [user.assistantId, 'Working with Ada', 'manual', 0, false, null],
    );
    assert.deepEqual((await client.get(`memory-chains/${chain.id}`)).body.data, chain);
    const changed = await client.patch(
      `memory-chains/${chain.id}`,
      { title: 'Ada' },
      { 'if-match': '"1.1"' },
    );
    assert.deepEqual([changed.status, changed.body.data.title], [200, 'Ada']);
    const stale = await client.patch(`memory-chains/${chain.id}`, { title: 'X' }, { 'if-match': '"1.1"' });
    assert.deepEqual(codeOf(stale), [412, 'precondition.failed']);
    const second = await newChain(user, { mode: 'automatic' });
    const list = async (query: string): Promise<string[]> =>
      (await client.get(`memory-chains?${query}`)).body.data.map((one: Json) => one.id);
    assert.deepEqual(await list(''), [second.id, chain.id]);
    assert.deepEqual(await list('sort=created_at&assistant_id=librarian'), [chain.id, second.id]);
    assert.deepEqual(await list('mode=automatic'), [second.id]);
    assert.deepEqual(await list('assistant_id=nobody'), []);
    assert.equal((await client.delete(`memory-chains/${chain.id}`)).status, 204);
    assert.deepEqual(codeOf(await client.get(`memory-chains/${chain.id}`)), [404, 'memory_chain.not_found']);
    assert.equal(
      (await client.get('auth/audit?action=memory_chain.delete')).body.data[0].target_id,
      chain.id,
    );
    const unknown = await client.post('memory-chains', { assistant_id: uuidv7(), title: 'X' });
    assert.deepEqual(codeOf(unknown), [404, 'assistant.not_found']);
  });

  test('entries have the order that they are given, and keep it', async () => {
    const user = await newRememberer(app);
    const { client } = user;
    const [a, b, c, d, e, f] = (await storeAll(user)) as [string, string, string, string, string, string];
    const { id } = await newChain(user);
    const add = (memoryIds: string[], position?: number) =>
      client.post(`memory-chains/${id}/entries`, {
        memory_ids: memoryIds,
        ...(position === undefined ? {} : { position }),
      });
    assert.equal((await add([c, a])).body.data.entry_count, 2);
    await add([d]);
    await add([b, e], 1);
    assert.deepEqual(await orderOf(client, id), [c, b, e, a, d]);
    assert.equal((await add([a, f], 0)).body.data.entry_count, 6);
    assert.deepEqual(await orderOf(client, id), [f, c, b, e, a, d], 'what is in it stays where it is');
    assert.equal((await client.delete(`memory-chains/${id}/entries/${b}`)).status, 204);
    assert.deepEqual(codeOf(await client.delete(`memory-chains/${id}/entries/${b}`)), [
      404,
      'memory.not_found',
    ]);
    await add([b], 2);
    assert.deepEqual(await orderOf(client, id), [f, c, b, e, a, d], 'a place is counted, gaps or not');
    await client.delete(`memories/${c}`);
    const read = (await client.get(`memory-chains/${id}`)).body.data;
    assert.equal(read.entry_count, 5, 'a deleted memory leaves its chains');
    const order = [a, b, d, e, f];
    const put = (memoryIds: string[]) =>
      client.request('PUT', `memory-chains/${id}/order`, { json: { memory_ids: memoryIds } });
    for (const wrong of [[a, b, d, e], [...order, c], [a, b, d, e, uuidv7()], []])
      assert.deepEqual(codeOf(await put(wrong)), [409, 'memory_chain.order_mismatch']);
    assert.equal((await put([a, a, b, d, e])).status, 400);
    assert.equal((await put(order)).status, 200);
    assert.deepEqual(await orderOf(client, id, 3), order);
    const positions = (await client.get(`memory-chains/${id}/entries`)).body.data.map(
      (one: Json) => one.position,
    );
    assert.deepEqual(positions, [0, 1, 2, 3, 4]);
  });

  test('what is added or reordered at once leaves each memory once, in an order', async () => {
    const user = await newRememberer(app);
    const { client } = user;
    const ids = await storeAll(user);
    const { id } = await newChain(user);
    await client.post(`memory-chains/${id}/entries`, { memory_ids: ids.slice(0, 3) });
    const reversed = ids.slice(0, 3).reverse();
    const answers = await Promise.all([
      ...ids.map((memory) =>
        client.post(`memory-chains/${id}/entries`, { memory_ids: [memory], position: 0 }),
      ),
      client.request('PUT', `memory-chains/${id}/order`, { json: { memory_ids: reversed } }),
      client.delete(`memories/${ids[5]}`),
      client.post(`memory-chains/${id}/entries`, { memory_ids: ids.slice(0, 5) }),
    ]);
    for (const { status, body } of answers)
      assert.ok([200, 204].includes(status) || [404, 409].includes(status), JSON.stringify(body));
    const order = await orderOf(client, id);
    assert.deepEqual(order.toSorted(), ids.slice(0, 5).toSorted());
    const [count] = await app.database.sql<Json>(
      `select c.entry_count, count(*)::int as entries, count(distinct position)::int as places
       from memory_chains c join memory_chain_entries e on e.chain_id = c.id where c.id = $1 group by c.id`,
      [id],
    );
    assert.deepEqual(count, { entry_count: 5, entries: 5, places: 5 });
  });

  test('a chain takes the memories of its assistant alone, and says which are not', async () => {
    const user = await newRememberer(app);
    const second = rememberer(user, await newAssistant(user.client, 'Second'));
    const stranger = await newRememberer(app);
    const [own, elsewhere, theirs] = [
      await user.stored('Apples are red.'),
      await second.stored('Boats float.'),
      await stranger.stored('Clocks tick.'),
    ];
    const { id } = await newChain(user);
    const foreign = await user.client.post(`memory-chains/${id}/entries`, { memory_ids: [own, elsewhere] });
    assert.deepEqual(codeOf(foreign), [422, 'memory_chain.other_assistant']);
    assert.equal(foreign.body.errors[0].pointer, '/body/memory_ids/1');
    for (const unknown of [theirs, uuidv7()]) {
      const answer = await user.client.post(`memory-chains/${id}/entries`, { memory_ids: [own, unknown] });
      assert.deepEqual(codeOf(answer), [404, 'memory.not_found']);
      assert.equal(answer.body.errors[0].pointer, '/body/memory_ids/1');
    }
    assert.deepEqual(await orderOf(user.client, id), [], 'nothing half-added');
    const chainCalls: Promise<Json>[] = [
      stranger.client.get(`memory-chains/${id}/entries`),
      stranger.client.post(`memory-chains/${id}/entries`, { memory_ids: [theirs] }),
      stranger.client.delete(`memory-chains/${id}/entries/${own}`),
      stranger.client.request('PUT', `memory-chains/${id}/order`, { json: { memory_ids: [] } }),
      stranger.client.post(`memory-chains/${id}/summary`),
      stranger.client.patch(`memory-chains/${id}`, { title: 'Mine' }),
      stranger.client.delete(`memory-chains/${id}`),
    ];
    for (const answer of await Promise.all(chainCalls))
      assert.deepEqual(codeOf(answer), [404, 'memory_chain.not_found'], 'ASVS 8.2.2');
  });

  test('an automatic chain takes in and lets go as memories change', async () => {
    const user = await newRememberer(app);
    const { client } = user;
    const { id } = await newChain(user, {
      mode: 'automatic',
      filter_tags: ['work', 'ada'],
      exclude_types: ['task'],
    });
    const work = await user.stored('Apples are red.', { tags: ['work'] });
    await user.stored('Boats float on lakes.', { tags: ['home'] });
    const task = await user.stored('Clocks tick loudly.', { tags: ['ada'], type: 'task' });
    assert.deepEqual(await orderOf(client, id), [work]);
    await client.patch(`memories/${task}`, { type: 'fact' });
    assert.deepEqual(await orderOf(client, id), [work, task], 'new ones come last');
    await client.patch(`memories/${work}`, { tags: ['play'] });
    assert.deepEqual(await orderOf(client, id), [task]);
    await client.patch(`memories/${task}`, { is_active: false });
    assert.deepEqual(await orderOf(client, id), []);
    assert.equal((await client.get(`memory-chains/${id}`)).body.data.entry_count, 0);
    const added = await client.post(`memory-chains/${id}/entries`, { memory_ids: [work] });
    assert.deepEqual(codeOf(added), [409, 'memory_chain.automatic']);
    assert.deepEqual(codeOf(await client.delete(`memory-chains/${id}/entries/${work}`)), [
      409,
      'memory_chain.automatic',
    ]);
    assert.deepEqual(codeOf(await client.post(`memory-chains/${id}/summary`)), [409, 'memory_chain.empty']);
  });

  test('fault 10: lists ask the database as often for 40 rows as for one', async (t) => {
    const user = await newRememberer(app);
    const { client } = user;
    const { id } = await newChain(user, { mode: 'automatic' });
    const paths = ['memories?limit=100', 'memory-chains?limit=100', `memory-chains/${id}/entries?limit=100`];
    const queries = async (): Promise<number[]> => {
      const counts: number[] = [];
      for (const path of paths) {
        const tries: number[] = [];
        // What was written before has its jobs delivered meanwhile; the least of a few counts is the list's own.
        for (let time = 0; time < 5; time += 1) {
          const before = await queriesSoFar(app);
          const { status, body } = await client.get(path);
          assert.equal(status, 200, JSON.stringify(body));
          tries.push((await queriesSoFar(app)) - before);
        }
        counts.push(Math.min(...tries));
      }
      return counts;
    };
    await user.stored('The first of them.');
    const few = await queries();
    const words =
      'ant bee cat dog eel fox gnu hen ibis jay koala lion mole newt owl pig quail rat seal toad'.split(' ');
    for (const word of words) {
      await user.stored(`One ${word} was seen at the ${word} house on ${word} street.`);
      await newChain(user);
    }
    assert.deepEqual(await queries(), few);
    assert.equal((await client.get(paths[2]!)).body.data.length, words.length + 1);
    t.diagnostic(`${paths.join(', ')}: ${few.join(', ')} queries, however many rows`);
  });
});

/** Queries that the API has sent, by its own count. */
async function queriesSoFar({ metricsUrl }: TestApp): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  const counts = [...text.matchAll(/^donkey_database_query_duration_seconds_count\{[^}]*\} (\d+)$/gm)];
  assert.ok(counts.length > 0);
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
