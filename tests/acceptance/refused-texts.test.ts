import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { jobCatalog } from '#shared/queue/catalog.ts';
import { registerAdmin } from '#tests/support/admin.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { EmbeddingServer } from '#tests/support/embedding-server.ts';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { accepted, assertComplete, endOfJob, getDocument } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

/** A text of 12 passages, of which one has the word. */
const longText = (title: string, word = 'oats'): string =>
  Array.from(
    { length: 12 },
    (_, part) =>
      `Part ${part} of ${title} tells of ${part === 5 ? word : 'rain'}. ${'The herd walks on and on. '.repeat(60)}`,
  ).join('\n\n');
const BITTER = 'bitterroot';

suite('texts that one embedding model takes and another refuses', () => {
  let stage: TestStage;
  let server: EmbeddingServer;
  let owner: Owner;
  let admin: HttpClient;
  /** A model that is built beside the one in use. */
  let next: number;
  let bitter: string;
  let sweet: string;
  let memory: string;
  before(async () => {
    server = await startEmbeddingServer();
    stage = await startStage({ ...server.env, EMBEDDING_BATCH_SIZE: '4', MAINTENANCE_INTERVAL_MS: '300' });
    owner = await stage.newOwner();
    admin = (await registerAdmin(stage.app)).client;
    await stage.startWorker();
    bitter = await complete('Bitter', longText('Bitter', BITTER));
    sweet = await complete('Sweet', longText('Sweet'));
    memory = await remember(`A mule likes ${BITTER}.`);
    await embeddingBecomes(memory, 'embedded');
    refuseBitter();
    const { body } = await admin.post('admin/embedding-models', {
      provider: 'openai',
      name: 'words-32',
      dimensions: 32,
    });
    next = body.data.id;
  });
  afterEach(() => refuseBitter());
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const refuseBitter = (): void =>
    server.behave((texts, model) =>
      model === 'words-32' && texts.some((text) => text !== BITTER && text.includes(BITTER))
        ? { status: 400 }
        : 'answer',
    );
  const complete = async (title: string, text: string): Promise<string> => {
    const { documentId, jobId } = accepted(await owner.uploadText(title, text));
    await endOfJob(owner.client, jobId);
    await assertComplete(stage, owner.client, documentId);
    return documentId;
  };
  const remember = async (event: string): Promise<string> => {
    const { status, body } = await owner.client.post(`assistants/${owner.assistantId}/memories`, { event });
    assert.equal(status, 201, JSON.stringify(body));
    return body.data.id;
  };
  const embeddingBecomes = (id: string, status: string): Promise<unknown> =>
    waitFor(async () => (await owner.client.get(`memories/${id}`)).body.data.embedding_status === status, {
      description: `a memory to be ${status}`,
    });
  const modelOf = async (id: number): Promise<Json> =>
    (await admin.get(`admin/embedding-models/${id}`)).body.data;
  const isThrough = async (): Promise<boolean> => {
    const { progress } = await modelOf(next);
    return Number(progress.embedded) + Number(progress.failed) === progress.total;
  };
  const refused = async (limit = 100): Promise<Json[]> => {
    const texts: Json[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { status, body } = await admin.get(
        `admin/embedding-models/${next}/refused?limit=${limit}${more}`,
      );
      assert.equal(status, 200, JSON.stringify(body));
      texts.push(...body.data);
      cursor = body.meta.next_cursor;
    }
    return texts;
  };
  const found = async (mode: string, id: string): Promise<Json[]> =>
    (await owner.client.post('search', { query: BITTER, mode, document_ids: [id], limit: 50 })).body.data;
  const vectorsOf = async (table: string, key: string, id: string, model: number): Promise<number> =>
    (
      await stage.sql<{ count: number }>(
        `select count(*)::int as count from ${table} where ${key} = $1 and model_id = $2 and status = 'embedded'`,
        [id, model],
      )
    )[0]!.count;

  test('are listed with the reason, and keep a model from being put in use unawares', async () => {
    assert.equal((await admin.post(`admin/embedding-models/${next}/build`)).status, 202);
    await waitFor(isThrough, { description: 'the build to be through' });
    assert.equal((await modelOf(next)).progress.failed, 2);
    const texts = await refused(1);
    assert.deepEqual(texts.map(({ kind }) => kind as string).sort(), ['chunk', 'memory']);
    const chunk = texts.find(({ kind }) => kind === 'chunk')!;
    assert.deepEqual([chunk.document_id, chunk.user_id], [bitter, owner.id]);
    const { body } = await owner.client.get(`documents/${bitter}/chunks?limit=100`);
    const passage = (body.data as Json[]).find(({ id }) => id === chunk.id);
    assert.ok(String(passage.text).includes(BITTER));
    assert.equal(passage.position, chunk.position);
    assert.equal(texts.find(({ kind }) => kind === 'memory')!.id, memory);
    for (const text of texts) assert.equal(text.error.code, 'embedding.rejected');
    const early = await admin.post(`admin/embedding-models/${next}/activate`);
    assert.deepEqual([early.status, early.body.code], [409, 'embedding_model.incomplete']);
    assert.match(early.body.detail, /0 have none .* refuses 2/);
    assert.equal((await owner.client.get(`admin/embedding-models/${next}/refused`)).status, 403);
    assert.equal((await admin.get('admin/embedding-models/999/refused')).status, 404);
  });

  test('what the model was never asked for is not accepted along with them', async () => {
    await stage.sql('delete from chunk_embeddings where document_id = $1 and model_id = $2', [sweet, next]);
    const answer = await admin.post(`admin/embedding-models/${next}/activate?accept_refused=true`);
    assert.deepEqual([answer.status, answer.body.code], [409, 'embedding_model.incomplete']);
    await waitFor(isThrough, {
      description: 'the build to be through again',
    });
  });
  test('accepted, they are searched by words alone and say so; going back mends them', async () => {
    const before = await getDocument(owner.client, bitter);
    const [first] = (await admin.get('admin/embedding-models')).body.data as Json[];
    const switched = await admin.post(`admin/embedding-models/${next}/activate?accept_refused=true`);
    assert.deepEqual(
      [switched.status, switched.body.data?.state],
      [200, 'active'],
      JSON.stringify(switched.body),
    );
    const document = await getDocument(owner.client, bitter);
    assert.deepEqual(
      [document.status, document.error.code, document.searchable],
      ['partial', 'document.chunks_refused', true],
    );
    assert.equal(document.embedded_count, before.embedded_count - 1);
    assert.equal((await getDocument(owner.client, sweet)).status, 'completed');
    await embeddingBecomes(memory, 'failed');
    await waitFor(
      async () =>
        (await owner.client.post('search', { query: 'rain' })).body.meta.embedding_model === 'words-32',
      { description: 'searches to use it' },
    );
    assert.match((await found('text', bitter))[0]?.text as string, new RegExp(BITTER));
    assert.ok((await found('vector', bitter)).every((hit) => !String(hit.text).includes(BITTER)));
    const [event] = await stage.sql<{ details: Json }>(
      `select details from audit_events where action = 'embedding_model.activate' order by id desc limit 1`,
    );
    assert.deepEqual([event!.details.refused, event!.details.documents], [2, 1]);

    const late = accepted(await owner.uploadText('Late', longText('Late', BITTER)));
    assert.equal((await endOfJob(owner.client, late.jobId)).status, 'succeeded');
    const lacking = await getDocument(owner.client, late.documentId);
    assert.deepEqual([lacking.status, lacking.error.code], ['partial', 'embedding.rejected']);
    assert.equal(lacking.embedded_count, lacking.chunk_count - 1, 'what is not refused has its vector');

    // What came in meanwhile must have its vectors of the model before, all of them.
    const back = await waitFor(
      async () => {
        const answer = await admin.post('admin/embedding-models/rollback');
        return answer.status === 200 && answer;
      },
      { description: 'the way back' },
    );
    assert.equal(back.body.data.id, first.id);
    assert.deepEqual(
      { ...(await getDocument(owner.client, bitter)), updated_at: null },
      { ...before, updated_at: null },
    );
    await embeddingBecomes(memory, 'embedded');
    await waitFor(
      async () => (await found('vector', bitter)).some((hit) => String(hit.text).includes(BITTER)),
      { description: 'searches to use its vectors again' },
    );
  });

  test('what has died for one model is made for the others, and for that one when it can be', async () => {
    // Its last attempt is the first, of whichever model.
    const spent = jobCatalog['memory.embed'].maxFailures - 1;
    await stage.sql(`create function spend_attempts() returns trigger language plpgsql as
      $$ begin new.failures := ${spent}; return new; end $$`);
    await stage.sql(`create trigger spend_attempts before insert on jobs for each row
      when (new.type in ('memory.embed', 'document.embed')) execute function spend_attempts()`);
    const [first] = (await admin.get('admin/embedding-models')).body.data as Json[];
    server.behave((texts, model) => {
      if (model === 'words' && texts.some((text) => text.includes('henbane'))) return { status: 500 };
      return model === 'words-32' && texts.some((text) => text.includes('tansy'))
        ? { status: 500 }
        : 'answer';
    });
    const henbane = await remember('A mule likes henbane.');
    await embeddingBecomes(henbane, 'failed');
    await waitFor(async () => (await vectorsOf('memory_embeddings', 'memory_id', henbane, next)) === 1, {
      description: 'the vector of the other model',
    });
    assert.equal(await vectorsOf('memory_embeddings', 'memory_id', henbane, first.id), 0);
    const tansy = await remember('A mule likes tansy.');
    const { documentId, jobId } = accepted(await owner.uploadText('Tansy', 'The herd eats tansy.'));
    await embeddingBecomes(tansy, 'embedded');
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await waitFor(
      async () =>
        (await stage.sql(`select 1 from jobs where status = 'dead' and type like '%.embed'`)).length >= 3,
      { description: 'three jobs to be dead' },
    );
    await stage.sql('drop function spend_attempts cascade');
    assert.equal(await vectorsOf('memory_embeddings', 'memory_id', tansy, next), 0);
    server.behave('answer');
    await waitFor(
      async () =>
        (await vectorsOf('memory_embeddings', 'memory_id', tansy, next)) === 1 &&
        (await vectorsOf('chunk_embeddings', 'document_id', documentId, next)) === 1,
      { description: 'what had died to be made good by the build', timeoutMs: 60_000 },
    );
  });
});
