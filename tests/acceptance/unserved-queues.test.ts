import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { registerAdmin } from '#tests/support/admin.ts';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

suite('a queue that no worker serves', () => {
  let stage: TestStage;
  let owner: Owner;
  let admin: HttpClient;
  before(async () => {
    stage = await startStage();
    owner = await stage.newOwner();
    admin = (await registerAdmin(stage.app)).client;
  });
  after(() => stage[Symbol.asyncDispose]());

  const warnings = async (url: string): Promise<string[]> => {
    const response = await fetch(`${url}/health/ready`);
    assert.equal(response.status, 200, 'nothing is broken');
    const { data } = (await response.json()) as { data: { warnings: string[] } };
    return data.warnings.filter((warning) => warning.includes('no worker serves it'));
  };
  const warned = (url: string, ...queues: string[]): Promise<unknown> =>
    waitFor(
      async () => {
        const all = await warnings(url);
        return (
          all.length === queues.length && queues.every((name, index) => all[index]!.includes(` ${name},`))
        );
      },
      { description: `a warning of ${queues.join() || 'nothing'}` },
    );
  const consumersOf = async (url: string): Promise<Record<string, number>> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const lines = [...text.matchAll(/^donkey_queue_consumers\{.*queue="(\w+)".*\} (\d+)$/gm)];
    return Object.fromEntries(lines.map(([, queue, count]) => [queue, Number(count)]));
  };
  const shown = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      ((await admin.get('admin/queues')).body.data as Json[]).map(({ name, consumers }) => [name, consumers]),
    );

  test('is told by name when work waits in it, and not before', async () => {
    assert.deepEqual(await warnings(stage.app.url), []);
    const { jobId } = accepted(await owner.uploadText('Unserved', 'The herd waits.'));
    await warned(stage.app.url, 'extraction');

    const reader = await stage.startWorker({ WORKER_QUEUES: 'extraction,maintenance,webhook' });
    // Its chunks are made, and now they wait.
    await warned(stage.app.url, 'embedding');
    await warned(reader.url, 'embedding');
    await waitFor(async () => (await consumersOf(reader.url)).extraction === 1, {
      description: 'the metric',
      timeoutMs: 30_000,
    });
    assert.deepEqual(await consumersOf(reader.url), {
      extraction: 1,
      embedding: 0,
      indexing: 0,
      maintenance: 1,
      webhook: 1,
    });
    assert.deepEqual(await shown(), await consumersOf(reader.url));

    const embedder = await stage.startWorker({ WORKER_QUEUES: 'embedding' });
    await warned(stage.app.url, 'indexing');
    const all = await stage.startWorker();
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await warned(stage.app.url);
    await waitFor(async () => (await shown()).embedding === 2, { description: 'two that embed' });

    // One that drains serves nothing any more, at once.
    for (const worker of [embedder, all, reader]) assert.equal((await worker.stop('SIGTERM')).code, 0);
    assert.deepEqual(new Set(Object.values(await shown())), new Set([0]));
    accepted(await owner.uploadText('Unserved again', 'The herd waits again.'));
    await warned(stage.app.url, 'extraction');
  });

  test('that a killed worker served is told when it was not heard of for a while', async () => {
    const worker = await stage.startWorker();
    await warned(stage.app.url);
    await waitFor(async () => (await shown()).extraction === 1, {
      description: 'the worker to say that it lives',
    });
    await worker.stop('SIGKILL');
    accepted(await owner.uploadText('Left', 'The herd is left.'));
    assert.equal((await shown()).extraction, 1);
    // As if the time had passed.
    await stage.sql(`update workers set seen_at = seen_at - interval '36 s'`);
    await warned(stage.app.url, 'extraction');
    await stage.sql(`update workers set seen_at = now() - interval '2 h'`);
    await stage.app.context.database.transaction((tx) => tx.maintenance.clearExpired());
    assert.deepEqual(await stage.sql('select 1 from workers'), []);
  });
});
