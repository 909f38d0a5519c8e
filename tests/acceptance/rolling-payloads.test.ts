import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { Queue } from 'bullmq';
import { v7 as uuidv7 } from 'uuid';
import { createLogger } from '#shared/logging/logger.ts';
import { createQueueConnection } from '#shared/queue/connection.ts';
import type { QueueConnection } from '#shared/queue/connection.ts';
import { testServices } from '#tests/support/services.ts';
import { assertComplete, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

interface OldJob {
  readonly type: string;
  readonly queue: string | null;
  readonly payload: object;
  readonly documentId?: string;
  readonly parentId?: string;
}

/**
 * Version 0.1.0 wrote rows of these columns alone, and gave the queue jobs of the id of the row, with 1, 10 or 100 for high,
 * medium or low. It stands here as it was written then: what has to be changed here is an upgrade that loses jobs.
 */
suite('jobs that processes of other versions have left', () => {
  let stage: TestStage;
  let owner: Owner;
  let connection: QueueConnection;
  const queues: Queue[] = [];
  before(async () => {
    stage = await startStage();
    owner = await stage.newOwner();
    const logger = createLogger({ level: 'silent', service: 'test' });
    const prefix = String(stage.env.REDIS_KEY_PREFIX);
    connection = createQueueConnection({
      url: testServices().redisUrl,
      prefix,
      logger,
      name: 'old',
      failFast: false,
    });
  });
  after(async () => {
    for (const queue of queues) await queue.close();
    connection[Symbol.dispose]();
    await stage[Symbol.asyncDispose]();
  });

  const store = async ({ type, queue, payload, documentId, parentId }: OldJob): Promise<string> => {
    const id = uuidv7();
    await stage.sql(
      `insert into jobs (id, user_id, parent_id, document_id, type, queue, priority, payload)
       values ($1, $2, $3, $4, $5, $6, 'medium', $7)`,
      [id, owner.id, parentId ?? null, documentId ?? null, type, queue, payload],
    );
    return id;
  };
  /** Hands a job over as 0.1.0 did. */
  const deliver = async (id: string, type: string, name: string): Promise<Queue> => {
    const queue = new Queue(name, {
      connection: connection.client,
      prefix: String(stage.env.REDIS_KEY_PREFIX),
      skipVersionCheck: true,
    });
    const rest = { attempts: 1, removeOnComplete: true, removeOnFail: true };
    await queue.add(type, { id }, { jobId: id, priority: 10, delay: 0, ...rest });
    await stage.sql('update jobs set enqueued_at = now() where id = $1', [id]);
    return queue;
  };
  const rowOf = async (id: string) =>
    (
      await stage.sql<{ status: string; attempts: number; fence: string; error: unknown }>(
        'select status, attempts, fence, error from jobs where id = $1',
        [id],
      )
    )[0]!;
  const ends = (id: string): Promise<string> =>
    waitFor(
      async () => {
        const { status } = await rowOf(id);
        return !['queued', 'running'].includes(status) && status;
      },
      { description: `the end of job ${id}` },
    );

  /** A document as 0.1.0 stored it, with its two first jobs. @param other payload of the one that is run */
  async function oldUpload(text: string, other?: object) {
    const documentId = uuidv7();
    const bytes = Buffer.from(text);
    await stage.sql(
      `insert into documents (id, user_id, assistant_id, title, source_type, filename, mime_type, size, sha256, language)
       values ($1, $2, $3, 'Old', 'text', 'old.txt', 'text/plain', $4, sha256($5::bytea), 'english')`,
      [documentId, owner.id, owner.assistantId, bytes.length, bytes],
    );
    await stage.sql('insert into document_files (document_id, user_id, content) values ($1, $2, $3)', [
      documentId,
      owner.id,
      bytes,
    ]);
    const payload = { document_id: documentId, revision: 1 };
    const ingest = await store({ type: 'document.ingest', queue: null, payload, documentId });
    const chunk = {
      type: 'document.chunk',
      queue: 'extraction',
      payload: other ?? payload,
      documentId,
      parentId: ingest,
    };
    return { documentId, ingest, chunk: await store(chunk) };
  }

  test('in the table, in the queue, and between two stages: real workers of now complete them', async () => {
    const [active] = await stage.sql<{ id: number }>('select id from embedding_models where is_active');
    const inTable = await oldUpload('The old herd left this in the table.');
    const inQueue = await oldUpload('The old herd left this in the queue.');
    queues.push(await deliver(inQueue.chunk, 'document.chunk', 'extraction'));
    // An old worker has made the chunks, and the jobs to embed them; nobody has embedded them yet.
    const between = await oldUpload('The old herd left this between two stages.');
    await stage.sql(
      `update jobs set status = 'succeeded', fence = 1, attempts = 1, finished_at = now() where id = $1`,
      [between.chunk],
    );
    await stage.sql(
      `insert into document_texts (document_id, revision, user_id, content) values ($1, 1, $2, $3)`,
      [between.documentId, owner.id, 'The old herd left this between two stages.'],
    );
    await stage.sql(
      `insert into document_chunks (id, user_id, assistant_id, document_id, revision, position, text, char_start, char_end,
         token_count, fingerprint, search_vector)
       values ($1, $2, $3, $4, 1, 0, $5, 0, 42, 9, sha256('x'), chunk_search_vector('english', 'Old', $5))`,
      [
        uuidv7(),
        owner.id,
        owner.assistantId,
        between.documentId,
        'The old herd left this between two stages.',
      ],
    );
    await stage.sql(`update documents set status = 'processing', chunk_count = 1 where id = $1`, [
      between.documentId,
    ]);
    const embed = await store({
      type: 'document.embed',
      queue: 'embedding',
      payload: { document_id: between.documentId, revision: 1, model_id: active!.id, from: 0, to: 32 },
      documentId: between.documentId,
      parentId: between.ingest,
    });
    queues.push(await deliver(embed, 'document.embed', 'embedding'));
    // The first form of memory.embed named its model; one without is the form of now.
    const { body } = await owner.client.post(`assistants/${owner.assistantId}/memories`, {
      event: 'An old mule.',
    });
    const memory = body.data.id as string;
    await stage.sql(`delete from jobs where type = 'memory.embed'`);
    const remembered = await store({
      type: 'memory.embed',
      queue: 'embedding',
      payload: { memory_id: memory, model_id: active!.id },
    });
    const others = [
      await store({ type: 'account.purge', queue: 'maintenance', payload: {} }),
      await store({ type: 'account.export', queue: 'maintenance', payload: { export_id: uuidv7() } }),
    ];

    await stage.startWorker();
    for (const { ingest, documentId } of [inTable, inQueue, between]) {
      assert.equal((await endOfJob(owner.client, ingest)).status, 'succeeded');
      await assertComplete(stage, owner.client, documentId);
    }
    assert.equal(await ends(remembered), 'succeeded');
    assert.equal((await owner.client.get(`memories/${memory}`)).body.data.embedding_status, 'embedded');
    for (const id of others) {
      const looked = async () => {
        const row = await rowOf(id);
        return (row.error !== null || row.status === 'succeeded') && row;
      };
      const { error } = await waitFor(looked, { description: 'it to be read' });
      assert.notEqual((error as { code?: string } | null)?.code, 'job.payload_unknown');
    }
  });

  test('of a later version: new fields are left out, new kinds are put back, unharmed', async () => {
    const later = await oldUpload('A later herd says more than is understood.');
    await stage.sql(`update jobs set payload = payload || '{"mood": "calm"}' where document_id = $1`, [
      later.documentId,
    ]);
    assert.equal((await endOfJob(owner.client, later.ingest)).status, 'succeeded');
    await assertComplete(stage, owner.client, later.documentId);

    const dream = await store({ type: 'document.dream', queue: 'embedding', payload: { mood: 'calm' } });
    const queue = await deliver(dream, 'document.dream', 'embedding');
    queues.push(queue);
    await waitFor(async () => (await queue.getDelayedCount()) === 1, { description: 'it to be put back' });
    const { status, attempts, fence } = await rowOf(dream);
    assert.deepEqual([status, attempts, fence], ['queued', 0, '0']);
  });

  test('of a later version, in a shape that is not understood: it waits for the workers of that version', async () => {
    const upload = await oldUpload('A later herd has changed its ways.', { source: 'elsewhere' });
    await waitFor(async () => (await rowOf(upload.chunk)).error !== null, {
      description: 'it to be put back',
    });
    const { status, attempts, error } = await rowOf(upload.chunk);
    assert.deepEqual(
      [status, attempts, (error as { code: string }).code],
      ['queued', 0, 'job.payload_unknown'],
    );
    // As a worker of that version, which can read it.
    await stage.sql('update jobs set payload = $2 where id = $1', [
      upload.chunk,
      { document_id: upload.documentId, revision: 1 },
    ]);
    assert.equal((await endOfJob(owner.client, upload.ingest)).status, 'succeeded');
  });
});
