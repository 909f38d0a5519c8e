import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Json } from '#tests/support/http-client.ts';
import { startCompletionServer } from '#tests/support/completion-server.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import { endOfJob } from '#tests/support/ingestion.ts';
import { newRememberer } from '#tests/support/memories.ts';
import type { Rememberer } from '#tests/support/memories.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const FARM = [
  'Donkeys dislike rain and need a dry shelter in winter.',
  'The village choir sings every Friday in the chapel.',
  'Ada repairs violins in her workshop by the harbour.',
];

const embedded = (user: Rememberer, id: string): Promise<Json> =>
  waitFor(
    async () => {
      const { data } = (await user.client.get(`memories/${id}`)).body;
      return data.embedding_status === 'embedded' ? data : undefined;
    },
    { description: `the vector of memory ${id}`, timeoutMs: 30_000 },
  );

suite('the jobs of memories', () => {
  let stage: TestStage;
  before(async () => {
    stage = await startStage();
    await stage.startWorker();
  });
  after(() => stage[Symbol.asyncDispose]());

  test('a memory is embedded by a job, again after an edit, and found by meaning and words', async () => {
    const user = await newRememberer(stage.app);
    const ids: string[] = [];
    for (const text of FARM) ids.push(await user.stored(text));
    for (const id of ids) await embedded(user, id);
    for (const mode of ['hybrid', 'vector', 'text']) {
      const { status, body } = await user.client.post('memories/search', {
        query: 'shelter for a donkey',
        mode,
      });
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body.data[0].memory.id, ids[0], mode);
      assert.equal(body.data[0].vector_score === null, mode === 'text');
      assert.equal(body.meta.embedding_model === null, mode === 'text');
    }
    const vectorOf = async (id: string): Promise<string> =>
      (
        await stage.sql<{ v: string }>(
          'select embedding::text as v from memory_embeddings where memory_id = $1',
          [id],
        )
      )[0]!.v;
    const before = await vectorOf(ids[1]!);
    await user.client.patch(`memories/${ids[1]}`, {
      event: 'The brass band plays every Sunday in the park.',
    });
    await embedded(user, ids[1]!);
    assert.notEqual(await vectorOf(ids[1]!), before);
    await user.client.patch(`memories/${ids[1]}`, { tags: ['music'] });
    const { body } = await user.client.post('memories/search', {
      query: 'brass band',
      tags: ['music'],
      limit: 1,
    });
    assert.equal(body.data[0].memory.id, ids[1]);
    const none = await user.client.post('memories/search', { query: 'brass band', types: ['task'] });
    assert.deepEqual(none.body.data, []);
    const logged = await stage.sql('select mode, hit_count from retrievals where user_id = $1', [user.id]);
    assert.equal(logged.length, 5, 'every search is logged');

    const job = await user.client.post(`memories/${ids[2]}/embeddings`);
    assert.deepEqual([job.status, job.body.data.type, job.body.data.priority], [202, 'memory.embed', 'high']);
    assert.equal((await endOfJob(user.client, job.body.data.id)).status, 'succeeded');
    await embedded(user, ids[2]!);
    const [usage] = await stage.sql<{ tokens: number }>(
      'select tokens::int from embedding_usage where user_id = $1',
      [user.id],
    );
    assert.ok(usage!.tokens >= 40, 'tokens count against the quota');
  });

  test('an automatic chain is rebuilt by a job when its filters change', async () => {
    const user = await newRememberer(stage.app);
    const ids: string[] = [];
    for (const [index, text] of FARM.entries())
      ids.push(await user.stored(text, { tags: [index === 1 ? 'music' : 'farm'] }));
    const made = await user.client.post('memory-chains', {
      assistant_id: user.assistantId,
      title: 'Farm',
      mode: 'automatic',
      filter_tags: ['farm'],
    });
    const chain = made.body.data.id as string;
    const entries = async (): Promise<string[]> =>
      (await user.client.get(`memory-chains/${chain}/entries`)).body.data.map(
        (entry: Json) => entry.memory.id,
      );
    const becomes = (expected: (string | undefined)[]) =>
      waitFor(async () => ((await entries()).join() === expected.join() ? true : undefined), {
        description: `the chain to hold ${expected.length}`,
        timeoutMs: 30_000,
      });
    await becomes([ids[0], ids[2]]);
    await user.client.request('PUT', `memory-chains/${chain}/order`, {
      json: { memory_ids: [ids[2], ids[0]] },
    });
    await user.client.patch(`memory-chains/${chain}`, { filter_tags: [] });
    await becomes([ids[2], ids[0], ids[1]]);
    await user.client.patch(`memory-chains/${chain}`, { filter_tags: ['music'] });
    await becomes([ids[1]]);
    assert.equal((await user.client.get(`memory-chains/${chain}`)).body.data.entry_count, 1);
  });

  test('a summary without a model is made of sentences of the chain, always the same, and goes stale', async () => {
    const user = await newRememberer(stage.app);
    const texts = Array.from(
      { length: 12 },
      (_, n) => `${FARM[n % 3]!.replace('.', '')}, as was noted on day ${n + 1}.`,
    );
    const ids: string[] = [];
    for (const text of texts) ids.push(await user.stored(text));
    const made = await user.client.post('memory-chains', { assistant_id: user.assistantId, title: 'Notes' });
    const path = `memory-chains/${made.body.data.id}`;
    await user.client.post(`${path}/entries`, { memory_ids: ids });
    const summarise = async (): Promise<Json> => {
      const { status, headers, body } = await user.client.post(`${path}/summary`);
      assert.deepEqual([status, body.data.priority], [202, 'low']);
      assert.equal(headers.get('location'), `/api/v1/jobs/${body.data.id}`);
      assert.equal((await endOfJob(user.client, body.data.id)).status, 'succeeded');
      return (await user.client.get(path)).body.data;
    };
    const first = await summarise();
    assert.deepEqual([first.summary_provider, first.summary_model, first.stale], ['extractive', null, false]);
    assert.ok(first.summarised_at !== null);
    const sentences = first.summary.split('\n');
    assert.ok(sentences.length >= 1 && sentences.length <= 8);
    assert.ok(
      sentences.every((sentence: string) => texts.includes(sentence)),
      first.summary,
    );
    assert.equal((await summarise()).summary, first.summary);
    const isStale = async (): Promise<boolean> => (await user.client.get(path)).body.data.stale;
    for (const change of [
      () => user.client.patch(`memories/${ids[3]}`, { event: 'Something else entirely happened.' }),
      () => user.client.delete(`memories/${ids[4]}`),
      () => user.client.delete(`${path}/entries/${ids[5]}`),
      () => user.client.post(`${path}/entries`, { memory_ids: [ids[5]] }),
    ]) {
      assert.equal(await isStale(), false);
      assert.ok((await change()).status < 300);
      assert.equal(await isStale(), true);
      await summarise();
    }
  });

  test('the job of a memory that has gone ends quietly', async () => {
    const user = await newRememberer(stage.app);
    const worker = stage.sql<{ id: string }>(
      `insert into jobs (id, user_id, type, queue, priority, payload)
       select gen_random_uuid(), $1, 'memory.embed', 'embedding', 'medium',
         jsonb_build_object('memory_id', gen_random_uuid(), 'model_id', id) from embedding_models where is_active
       returning id`,
      [user.id],
    );
    const job = await endOfJob(user.client, (await worker)[0]!.id);
    assert.deepEqual([job.status, job.error], ['succeeded', null]);
  });
});

test('with a model the summary is its own words, and says so; with a provider down memories are found by words', async () => {
  await using embedding = await startEmbeddingServer();
  await using completion = await startCompletionServer();
  await using stage = await startStage({ ...embedding.env, ...completion.env });
  await stage.startWorker();
  const user = await newRememberer(stage.app);
  const id = await user.stored(FARM[0]!);
  await embedded(user, id);
  const made = await user.client.post('memory-chains', { assistant_id: user.assistantId, title: 'Notes' });
  const path = `memory-chains/${made.body.data.id}`;
  await user.client.post(`${path}/entries`, { memory_ids: [id] });
  const { body } = await user.client.post(`${path}/summary`);
  assert.equal((await endOfJob(user.client, body.data.id)).status, 'succeeded');
  const chain = (await user.client.get(path)).body.data;
  assert.equal(chain.summary_provider, 'openai');
  assert.equal(typeof chain.summary_model, 'string');
  assert.ok(chain.summary.length > 0);

  embedding.behave({ status: 401 });
  const degraded = await user.client.post('memories/search', { query: 'donkeys and rain' });
  assert.deepEqual([degraded.status, degraded.body.meta.degraded], [200, true]);
  assert.equal(degraded.body.meta.embedding_model, null);
  assert.equal(degraded.body.data[0].memory.id, id);
  const failing = await user.stored('The mill burnt down in March.');
  await waitFor(
    async () =>
      (await user.client.get(`memories/${failing}`)).body.data.embedding_status === 'failed'
        ? true
        : undefined,
    { description: 'the end of the attempts', timeoutMs: 30_000 },
  );
  embedding.behave('answer');
  const job = await user.client.post(`memories/${failing}/embeddings`);
  assert.equal((await endOfJob(user.client, job.body.data.id)).status, 'succeeded');
  await embedded(user, failing);
});
