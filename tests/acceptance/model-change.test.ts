import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { registerAdmin } from '#tests/support/admin.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { EmbeddingServer } from '#tests/support/embedding-server.ts';
import { makeApiKey } from '#tests/support/api-keys.ts';
import type { HttpClient, Json, TestResponse, TestUser } from '#tests/support/http-client.ts';
import { registerUser } from '#tests/support/http-client.ts';
import { accepted, endOfJob, getDocument } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const DOCUMENTS = 12;
const passageOf = (index: number, part: number): string =>
  `Donkey ${index} eats herb${index} in part ${part}. ${'It walks on and on. '.repeat(80)}`.trim();
const textOf = (index: number): string =>
  Array.from({ length: 8 }, (_, part) => passageOf(index, part)).join('\n\n');

const eventOf = (index: number): string =>
  `Mule ${index} likes thistle${index} and sleeps beside mill${index}.`;

test('a build keeps to its pace', async (t) => {
  await using server = await startEmbeddingServer();
  const perMinute = 600;
  await using stage = await startStage({
    ...server.env,
    EMBEDDING_BATCH_SIZE: '4',
    EMBEDDING_BUILD_PER_MINUTE: String(perMinute),
  });
  const owner = await stage.newOwner();
  await stage.startWorker();
  for (let index = 0; index < 3; index++)
    await endOfJob(owner.client, accepted(await owner.uploadText(`Herb ${index}`, textOf(index))).jobId);
  const { client } = await registerAdmin(stage.app);
  const model = { provider: 'openai', name: 'words-32', dimensions: 32 };
  const { id } = (await client.post('admin/embedding-models', model)).body.data;
  const started = Date.now();
  assert.equal((await client.post(`admin/embedding-models/${id}/build`)).status, 202);
  const { progress } = await waitFor(
    async () => {
      const { data } = (await client.get(`admin/embedding-models/${id}`)).body;
      return data.progress.embedded === data.progress.total && data;
    },
    { description: 'the model to be complete' },
  );
  const seconds = (Date.now() - started) / 1000;
  // The last batch is stored before its pause.
  const least = ((progress.total - 4) / perMinute) * 60;
  t.diagnostic(`${progress.total} texts in ${seconds.toFixed(1)} s, at least ${least.toFixed(1)} s`);
  assert.ok(progress.total >= 12 && seconds >= least);
});

suite('a change of the embedding model', () => {
  let stage: TestStage;
  let server: EmbeddingServer;
  let owner: Owner;
  let administrator: TestUser;
  let admin: HttpClient;
  const documents: string[] = [];
  const memories: string[] = [];
  before(async () => {
    server = await startEmbeddingServer();
    stage = await startStage({
      ...server.env,
      EMBEDDING_MODEL: 'words-384',
      EMBEDDING_DIMENSIONS: '384',
      EMBEDDING_BATCH_SIZE: '4',
      EMBEDDING_NEXT_BASE_URL: server.env.EMBEDDING_BASE_URL!.replace('127.0.0.1', 'localhost'),
      EMBEDDING_NEXT_API_KEY: 'key-of-the-next',
      EMBEDDING_BUILD_PER_MINUTE: '0',
      MAINTENANCE_INTERVAL_MS: '300',
    });
    owner = await stage.newOwner();
    const user = await registerUser(stage.app);
    administrator = user;
    await stage.sql(`update users set role = 'admin' where id = $1`, [user.id]);
    admin = user.client;
    await stage.startWorker();
    for (let index = 0; index < DOCUMENTS; index++) {
      const { documentId, jobId } = accepted(await owner.uploadText(`Herb ${index}`, textOf(index)));
      documents.push(documentId);
      await endOfJob(owner.client, jobId);
      memories.push(await remember(eventOf(index)));
    }
    for (const id of memories) await embedded(id);
  });
  afterEach(() => server.release());
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const models = async (): Promise<Json[]> => (await admin.get('admin/embedding-models')).body.data;
  const modelOf = async (id: number): Promise<Json> =>
    (await admin.get(`admin/embedding-models/${id}`)).body.data;
  const register = (name: string, dimensions: number): Promise<TestResponse> =>
    admin.post('admin/embedding-models', {
      provider: 'openai',
      name,
      dimensions,
      base_url: server.env.EMBEDDING_BASE_URL!.replace('127.0.0.1', 'localhost'),
    });
  const built = (id: number): Promise<Json> =>
    waitFor(
      async () => {
        const model = await modelOf(id);
        return model.progress.embedded === model.progress.total && model;
      },
      { description: `model ${id} to be complete`, timeoutMs: 60_000 },
    );
  const vectorsOf = async (documentId: string): Promise<Json[]> =>
    stage.sql(
      `select e.model_id, vector_dims(e.embedding) as dimensions, count(*)::int as count
       from chunk_embeddings e where document_id = $1 group by 1, 2 order by 1`,
      [documentId],
    );

  const remember = async (event: string): Promise<string> => {
    const { status, body } = await owner.client.post(`assistants/${owner.assistantId}/memories`, { event });
    assert.equal(status, 201, JSON.stringify(body));
    return body.data.id;
  };
  const embedded = (id: string): Promise<unknown> =>
    waitFor(
      async () => (await owner.client.get(`memories/${id}`)).body.data.embedding_status === 'embedded',
      { description: 'the vector of a memory' },
    );
  const modelsOfMemory = async (id: string): Promise<string[]> => {
    const rows = await stage.sql<{ name: string }>(
      `select m.name from memory_embeddings e join embedding_models m on m.id = e.model_id
       where e.memory_id = $1 and e.status = 'embedded' and vector_dims(e.embedding) = m.dimensions order by m.id`,
      [id],
    );
    return rows.map(({ name }) => name);
  };
  const hasVectorsOf = (id: string, ...names: string[]): Promise<unknown> =>
    waitFor(async () => (await modelsOfMemory(id)).join() === names.join(), {
      description: `a memory to have vectors of ${names.join(' and ')}`,
    });

  /** What a search for a passage, or for a memory, must find. */
  const questions = [
    {
      path: 'search',
      query: passageOf,
      found: (hit: Json) => hit.document_id as string,
      expected: (index: number) => documents[index],
    },
    {
      path: 'memories/search',
      query: eventOf,
      found: (hit: Json) => hit.memory.id as string,
      expected: (index: number) => memories[index],
    },
  ];

  /** Searches without a pause; every answer must find its document or memory, by the vectors of one of the models. */
  async function searchMeanwhile<T>(
    work: () => Promise<T>,
  ): Promise<{ result: T; answers: Map<string, number> }> {
    const answers = new Map<string, number>();
    let ended = false;
    const loops = Array.from({ length: 3 }, async (_, loop) => {
      for (let turn = loop; !ended; turn++) {
        const index = turn % DOCUMENTS;
        const { path, query, found, expected } = questions[Math.floor(turn / DOCUMENTS) % 2]!;
        const asked = { query: query(index, turn % 8), limit: 3 };
        const { status, body } = await owner.client.post(path, asked);
        assert.equal(status, 200, JSON.stringify(body));
        assert.equal(found(body.data[0]), expected(index), asked.query);
        assert.ok(body.meta.degraded !== true);
        // Of its own text by the same model, and by no other.
        assert.ok(body.data[0].vector_score > 0.999, `${index}: ${body.data[0].vector_score}`);
        const name = `${path} ${body.meta.embedding_model}`;
        answers.set(name, (answers.get(name) ?? 0) + 1);
      }
    });
    const result = await work().finally(() => (ended = true));
    await Promise.all(loops);
    return { result, answers };
  }

  test('fault 14: a model whose vectors are of another length is not registered', async () => {
    const { status, body } = await register('words-768', 512);
    assert.deepEqual([status, body.code], [502, 'embedding.dimension_mismatch']);
    const nowhere = await admin.post('admin/embedding-models', {
      provider: 'openai',
      name: 'words-768',
      dimensions: 768,
      base_url: 'http://elsewhere.example',
    });
    assert.deepEqual([nowhere.status, nowhere.body.code], [409, 'embedding.model_unavailable']);
    assert.equal(nowhere.body.errors[0].pointer, '/body/base_url');
    const builtin = await admin.post('admin/embedding-models', {
      provider: 'builtin',
      name: 'hashed-words-1',
      dimensions: 384,
    });
    assert.deepEqual([builtin.status, builtin.body.errors[0].pointer], [409, '/body/name']);
    assert.equal((await models()).length, 1);
    assert.equal((await owner.client.get('admin/embedding-models')).status, 403);
    assert.equal((await admin.get('admin/embedding-models/999')).body.code, 'embedding_model.not_found');
  });

  test('promise 53 and fault 20: from 384 to 768 dimensions under search load, back, and on again', async (t) => {
    const registered = await register('words-768', 768);
    assert.equal(registered.status, 201, JSON.stringify(registered.body));
    const { id } = registered.body.data;
    const [first] = await models();
    assert.deepEqual([first.state, first.dimensions], ['active', 384]);
    const early = await admin.post(`admin/embedding-models/${id}/activate`);
    assert.deepEqual([early.status, early.body.code], [409, 'embedding_model.incomplete']);

    const { answers } = await searchMeanwhile(async () => {
      assert.equal((await admin.post(`admin/embedding-models/${id}/build`)).status, 202);
      // What comes in while it is being built is embedded for both.
      const late = accepted(await owner.uploadText('Late', textOf(DOCUMENTS)));
      const lateMemory = await remember('A late mule eats nettles.');
      await endOfJob(owner.client, late.jobId);
      const complete = await built(id);
      assert.equal(complete.state, 'building');
      await waitFor(async () => (await vectorsOf(late.documentId)).length === 2, {
        description: 'both vectors of a new document',
      });
      await hasVectorsOf(lateMemory, 'words-384', 'words-768');
      assert.deepEqual(await modelsOfMemory(memories[0]!), ['words-384', 'words-768']);
      const switched = await admin.post(`admin/embedding-models/${id}/activate`);
      assert.deepEqual(
        [switched.status, switched.body.data?.state],
        [200, 'active'],
        JSON.stringify(switched.body),
      );
      const searched = async (name: string): Promise<void> => {
        await waitFor(
          async () =>
            (await owner.client.post('search', { query: 'herb1' })).body.meta.embedding_model === name,
          { description: `searches to use ${name}`, timeoutMs: 5_000 },
        );
      };
      await searched('words-768');
      const after = accepted(await owner.uploadText('After', textOf(DOCUMENTS + 1)));
      await endOfJob(owner.client, after.jobId);
      assert.equal((await getDocument(owner.client, after.documentId)).status, 'completed');
      const afterwards = await remember('A mule that came after the change eats clover.');
      await embedded(afterwards);
      await hasVectorsOf(afterwards, 'words-384', 'words-768');
      const back = await admin.post('admin/embedding-models/rollback');
      assert.deepEqual([back.status, back.body.data?.id], [200, first.id], JSON.stringify(back.body));
      await searched('words-384');
      assert.equal((await admin.post(`admin/embedding-models/${id}/activate`)).status, 200);
      await searched('words-768');
    });
    t.diagnostic(`searches by model, none failed or mixed: ${JSON.stringify(Object.fromEntries(answers))}`);
    for (const { path } of questions)
      for (const name of ['words-384', 'words-768'])
        assert.ok((answers.get(`${path} ${name}`) ?? 0) > 0, `${path} ${name}`);
    const lengths = await stage.sql(
      `select distinct m.dimensions = vector_dims(e.embedding) as fits
       from (select model_id, embedding from chunk_embeddings union all select model_id, embedding from memory_embeddings) e
       join embedding_models m on m.id = e.model_id`,
    );
    assert.deepEqual(lengths, [{ fits: true }]);
    assert.ok(server.keys.includes('Bearer key-of-the-next'));
    const actions = await stage.sql<{ action: string }>(
      `select action from audit_events where target_type = 'embedding_model' order by id`,
    );
    assert.deepEqual(
      actions.map(({ action }) => action.split('.')[1]),
      ['register', 'build', 'activate', 'rollback', 'activate'],
    );
  });

  test('an outage of a model that is being built harms no document, and the build goes on by itself', async () => {
    const { id } = (await register('words-100', 100)).body.data;
    server.behave((_, model) => (model === 'words-100' ? { status: 503 } : 'answer'));
    assert.equal((await admin.post(`admin/embedding-models/${id}/build`)).status, 202);
    const { documentId, jobId } = accepted(await owner.uploadText('Unharmed', textOf(90)));
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    assert.equal((await getDocument(owner.client, documentId)).status, 'completed');
    const memory = await remember('An unharmed mule eats dandelions.');
    await embedded(memory);
    assert.equal((await modelOf(id)).progress.embedded, 0);
    server.release();
    await built(id);
    assert.ok((await modelsOfMemory(memory)).includes('words-100'));
  });

  test('a memory that was out of force during a build is embedded when it is taken back', async () => {
    const id = await remember('A mule that nobody needs for a while eats ferns.');
    const before = ['words-384', 'words-768', 'words-100'];
    await hasVectorsOf(id, ...before);
    assert.equal((await owner.client.patch(`memories/${id}`, { is_active: false })).status, 200);
    const other = (await register('words-50', 50)).body.data.id as number;
    assert.equal((await admin.post(`admin/embedding-models/${other}/build`)).status, 202);
    await built(other);
    assert.deepEqual(await modelsOfMemory(id), before);
    assert.equal((await owner.client.patch(`memories/${id}`, { is_active: true })).status, 200);
    await waitFor(async () => (await modelsOfMemory(id)).includes('words-50'), {
      description: 'the vector of the model that was built meanwhile',
    });
  });

  test('dropping removes vectors and index, and the model in use cannot be dropped', async () => {
    const all = await models();
    const active = all.find(({ state }) => state === 'active');
    const refused = await admin.delete(`admin/embedding-models/${active.id}`);
    assert.deepEqual([refused.status, refused.body.code], [409, 'embedding_model.in_use']);
    const old = all.find(({ state }) => state === 'standby');
    const { answers } = await searchMeanwhile(async () => {
      assert.equal((await admin.delete(`admin/embedding-models/${old.id}`)).status, 202);
      await waitFor(async () => (await modelOf(old.id)).state === 'dropped', {
        description: 'the old model to be gone',
      });
    });
    for (const name of answers.keys()) assert.ok(name.endsWith(` ${active.name}`), name);
    for (const table of ['chunk_embeddings', 'memory_embeddings']) {
      assert.deepEqual(await stage.sql(`select 1 from ${table} where model_id = $1`, [old.id]), []);
      const index = `${table}_model_${old.id}_idx`;
      assert.deepEqual(await stage.sql('select 1 from pg_indexes where indexname = $1', [index]), []);
    }
    const none = await admin.post('admin/embedding-models/rollback');
    assert.deepEqual([none.status, none.body.code], [409, 'embedding_model.no_previous']);
  });

  test('a program needs the scope admin:write and a signature to switch', async () => {
    const [first] = await models();
    const call = `admin/embedding-models/${first.id}`;
    const write = await makeApiKey(stage.app, administrator, ['admin:read', 'admin:write']);
    const unsigned = await write.client.post(`${call}/activate`);
    assert.deepEqual([unsigned.status, unsigned.body.code], [401, 'auth.signature_required']);
    assert.equal(
      (await write.signed('POST', 'admin/embedding-models/rollback')).body.code,
      'embedding_model.no_previous',
    );
    const scopes = ['admin:read'] as const;
    const key = await makeApiKey(stage.app, administrator, scopes);
    const answer = await key.client.post(`admin/embedding-models/${first.id}/build`);
    assert.deepEqual([answer.status, answer.body.code], [403, 'auth.scope_missing']);
  });
});
