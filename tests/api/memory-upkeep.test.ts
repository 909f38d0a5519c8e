import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { assertStaysClean } from '#tests/support/clean-memory.ts';
import { newAssistant, newRememberer, rememberer } from '#tests/support/memories.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app[Symbol.asyncDispose]());

const OLD =
  'The weekly meeting of the donkey club takes place on Tuesday evening in the old barn behind the church.';
const NEW =
  'The weekly meeting of the donkey club takes place on Thursday evening in the old barn behind the church.';

const get = async (client: HttpClient, id: string): Promise<Json> =>
  (await client.get(`memories/${id}`)).body.data;

suite('promise 57: memory stays clean', () => {
  test('the same text is stored once an assistant, in whatever case and spacing', async () => {
    const first = await newRememberer(app);
    const second = rememberer(first, await newAssistant(first.client, 'Second'));
    const id = await first.stored(OLD);
    const again = await first.write(`  ${OLD.toUpperCase().replaceAll(' ', '\n')} `, { importance: 9 });
    assert.deepEqual([again.status, again.data.id, again.meta.duplicate], [200, id, true]);
    assert.equal(again.data.version, 1, 'it is returned as it is');
    assert.equal((await second.write(OLD)).status, 201, 'another assistant may remember it as well');
  });

  test('20 identical writes at once make one memory, one vector job and one place in a chain', async (t) => {
    const user = await newRememberer(app);
    const chain = await user.client.post('memory-chains', {
      assistant_id: user.assistantId,
      title: 'All',
      mode: 'automatic',
    });
    const answers = await Promise.all(Array.from({ length: 20 }, () => user.write(OLD)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.equal(new Set(answers.map(({ data }) => data.id)).size, 1);
    const [stored] = await app.database.sql<Json>(
      `select (select count(*)::int from memories where user_id = $1) as memories,
         (select count(*)::int from jobs where user_id = $1 and type = 'memory.embed') as jobs,
         (select count(*)::int from memory_chain_entries where user_id = $1) as entries`,
      [user.id],
    );
    assert.deepEqual(stored, { memories: 1, jobs: 1, entries: 1 });
    const read = (await user.client.get(`memory-chains/${chain.body.data.id}`)).body.data;
    assert.equal(read.entry_count, 1);
    t.diagnostic('20 writes at once: 1 memory, 19 answers with meta.duplicate');
  });

  test('a near-duplicate is reported and stored; two at once see each other', async () => {
    const user = await newRememberer(app);
    const id = await user.stored(OLD);
    const near = await user.write(NEW);
    assert.deepEqual([near.status, near.meta.outcome], [201, 'created']);
    assert.equal(near.meta.similar[0].id, id);
    assert.ok(near.meta.similar[0].similarity > 0.85 && near.meta.similar[0].similarity < 1);
    const other = await user.write('Sheep are shorn in May, when the days grow warm.');
    assert.deepEqual(other.meta.similar, []);
    const twins = await Promise.all(
      [
        'Goats climb steep rocks near the northern lake.',
        'Goats climb steep rocks near that northern lake!',
      ].map((text) => user.write(text)),
    );
    assert.deepEqual(twins.map(({ meta }) => meta.similar.length).sort(), [0, 1], 'one of them was first');
  });

  test('skip stores nothing and names what is there', async () => {
    const user = await newRememberer(app);
    const id = await user.stored(OLD);
    const { status, data, meta } = await user.write(NEW, { on_duplicate: 'skip' });
    assert.deepEqual([status, data.id, meta.outcome, meta.duplicate], [200, id, 'skipped', false]);
    assert.equal((await user.client.get('memories?is_active=any')).body.data.length, 1);
  });

  test('supersede puts a new version in the place of the old one, which is kept', async () => {
    const user = await newRememberer(app);
    const { client } = user;
    const id = await user.stored(OLD, { tags: ['club'], title: 'Meeting' });
    await client.request('PUT', `memories/${id}/bookmark`);
    await client.post(`memories/${id}/feedback`, { rating: 5 });
    const chain = (await client.post('memory-chains', { assistant_id: user.assistantId, title: 'Club' })).body
      .data;
    await client.post(`memory-chains/${chain.id}/entries`, { memory_ids: [id] });
    const { status, data, meta } = await user.write(NEW, { on_duplicate: 'supersede' });
    assert.deepEqual([status, meta.outcome, data.event], [201, 'superseded', NEW]);
    assert.deepEqual(
      [data.parent_memory_id, data.tags, data.title, data.is_bookmarked, data.rating],
      [id, ['club'], 'Meeting', true, 5],
    );
    const old = await get(client, id);
    assert.deepEqual([old.event, old.is_active, old.superseded_by_id], [OLD, false, data.id]);
    const ids = async (query: string): Promise<string[]> =>
      (await client.get(`memories?${query}`)).body.data.map((one: Json) => one.id);
    assert.deepEqual([await ids(''), await ids('is_active=false')], [[data.id], [id]]);
    const entries = (await client.get(`memory-chains/${chain.id}/entries`)).body.data;
    assert.deepEqual(
      entries.map((entry: Json) => entry.memory.id),
      [data.id],
      'also in chains',
    );
    const search = await client.post('memories/search', { query: 'donkey club meeting', mode: 'text' });
    assert.deepEqual(
      search.body.data.map((hit: Json) => hit.memory.id),
      [data.id],
    );

    const taken = await client.patch(`memories/${data.id}`, { event: OLD });
    assert.equal(taken.status, 200, 'a text out of force is in nobody’s way');
    const back = await client.patch(`memories/${id}`, { is_active: true });
    assert.deepEqual([back.status, back.body.code], [409, 'memory.duplicate']);
    await client.patch(`memories/${data.id}`, { event: NEW });
    const again = (await client.patch(`memories/${id}`, { is_active: true })).body.data;
    assert.deepEqual([again.is_active, again.superseded_by_id], [true, null]);
  });

  test('merge keeps what both say', async () => {
    const user = await newRememberer(app);
    const long = `${OLD} Everybody brings a lantern and something to eat for the animals.`;
    const id = await user.stored(long, { tags: ['club'] });
    const newer = `${NEW} Everybody brings a lantern and something to eat for the animals. Dogs stay at home.`;
    const { status, data, meta } = await user.write(newer, { on_duplicate: 'merge', tags: ['dogs'] });
    assert.deepEqual([status, meta.outcome], [201, 'merged']);
    assert.equal(data.event, newer, 'a sentence worded anew takes the place of the old one');
    assert.deepEqual(data.tags, ['club', 'dogs']);
    assert.equal((await get(user.client, id)).superseded_by_id, data.id);
    const part = await user.write(`${NEW} Everybody brings a lantern and something to eat for the animals.`, {
      on_duplicate: 'merge',
    });
    assert.deepEqual([part.status, part.meta.outcome, part.data.id], [200, 'merged', data.id], 'nothing new');
    assert.equal((await user.client.get('memories')).body.data.length, 1);
  });

  test('what a search has just returned is not taken in, unless that is asked for', async () => {
    const user = await newRememberer(app);
    const second = rememberer(user, await newAssistant(user.client, 'Second'));
    await user.stored(OLD);
    assert.equal((await second.write('Badgers dig.')).status, 201);
    const found = await user.client.post('memories/search', {
      query: 'when does the donkey club meet',
      mode: 'text',
    });
    const hit = found.body.data[0].memory;
    const quoted = `My notes say: ${OLD}`;
    for (const event of [OLD, quoted, OLD.slice(0, 70)]) {
      const loop = await second.write(event);
      assert.deepEqual([loop.status, loop.data, loop.meta.outcome], [200, null, 'recall_loop'], event);
      assert.deepEqual(loop.meta.recall_loop, { chunk_id: null, document_id: null, memory_id: hit.id });
    }
    const news = await second.write(OLD.replace('Tuesday evening', 'Tuesday at 7'));
    assert.equal(news.status, 201, 'a number that the source does not have is news');
    assert.equal((await second.write('The donkey club has a new president called Ada.')).status, 201);
    assert.equal((await second.write(quoted, { allow_recall: true })).status, 201);
    const update = await user.write(NEW, { on_duplicate: 'supersede' });
    assert.equal(update.meta.outcome, 'superseded', 'who looked it up may put a newer one in its place');

    await app.database.sql(
      `update retrieval_hits set returned_at = now() - interval '31 minutes' where user_id = $1`,
      [user.id],
    );
    assert.equal((await second.write(OLD)).status, 201, 'after a while it is nobody’s echo');
  });

  test('200 writes with exact and near duplicates and echoes of searches leave a clean memory', (t) =>
    assertStaysClean(app, t, 200));
});
