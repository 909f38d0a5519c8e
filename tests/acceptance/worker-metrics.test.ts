import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { EmbeddingServer } from '#tests/support/embedding-server.ts';
import { makePdf } from '#tests/support/fixtures/pdf-files.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { scrape, valueOf } from '#tests/support/metric-samples.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { TestStage } from '#tests/support/test-stage.ts';
import { startTcpProxy } from '#tests/support/tcp-proxy.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const MIB = 1024 ** 2;

suite('metrics of a worker', () => {
  let stage: TestStage;
  let provider: EmbeddingServer;
  before(async () => {
    provider = await startEmbeddingServer();
    stage = await startStage(provider.env);
  });
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });

  test('its memory with that of its PDF processes, while they run and when they are gone', async (t) => {
    await using worker = await stage.startWorker();
    const look = async (name: string, labels = {}) =>
      valueOf(await scrape(`${worker.url}/metrics`), name, labels);
    const memory = (part: string) => look('donkey_worker_memory_bytes', { part });
    assert.equal(await memory('pdf'), 0);
    const owner = await stage.newOwner();
    const bytes = await makePdf({
      pages: Array.from(
        { length: 40 },
        (_, page) => `Page ${page}. ${'Donkeys carry what is given to them. '.repeat(60)}`,
      ),
    });
    const { jobId } = accepted(await owner.uploadFile({ name: 'long.pdf', bytes }));
    const seen = async () => {
      const now = (await memory('pdf'))!;
      return now > 20 * MIB && now;
    };
    const running = await waitFor(seen, { description: 'a PDF process in the metrics' });
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    assert.equal(await memory('pdf'), 0, 'gone with its process');
    assert.ok((await memory('worker'))! > 50 * MIB);
    assert.equal(await look('donkey_extraction_memory_bytes_count'), 1);
    const peak = (await look('donkey_extraction_memory_bytes_sum'))!;
    assert.ok(peak > 20 * MIB);
    t.diagnostic(`PDF process: ${(running / MIB).toFixed(0)} MiB seen, ${(peak / MIB).toFixed(0)} at most`);
  });

  test('tries that failed by kind and code, time and tokens of the provider', async () => {
    await using worker = await stage.startWorker();
    const look = async (name: string, labels = {}) =>
      valueOf(await scrape(`${worker.url}/metrics`), name, labels);
    const owner = await stage.newOwner();
    let calls = 0;
    provider.behave(() => (++calls <= 4 ? { status: 503 } : 'answer'));
    const { jobId } = accepted(await owner.uploadText('Retried', 'Nothing is lost in an outage.'));
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    const kind = { type: 'document.embed', code: 'embedding.unavailable' };
    assert.equal(await look('donkey_job_retries_total', kind), 1);
    const timed = (outcome: string) =>
      look('donkey_embedder_call_duration_seconds_count', { provider: 'openai', outcome });
    assert.equal(await timed('unavailable'), 4);
    assert.equal(await timed('ok'), await look('donkey_embedder_calls_total', { outcome: 'ok' }));
    assert.ok((await look('donkey_embedder_tokens_total', { provider: 'openai' }))! > 0);
  });

  test('what it stands on, and which server does not answer', async () => {
    await using proxy = await startTcpProxy(stage.env.REDIS_URL!);
    await using worker = await stage.startWorker({ REDIS_CACHE_URL: proxy.url });
    const look = async (name: string, labels = {}) =>
      valueOf(await scrape(`${worker.url}/metrics`), name, labels);
    const up = async () =>
      Promise.all(
        ['postgresql', 'redis_queue', 'redis_cache'].map((dependency) =>
          look('donkey_dependency_up', { dependency }),
        ),
      );
    await waitFor(async () => (await up()).every((answers) => answers === 1), { description: 'all servers' });
    await waitFor(async () => ((await look('donkey_database_size_bytes')) ?? 0) > 1e6, {
      description: 'the size of the database',
    });
    assert.ok((await look('donkey_database_pool_size', { pool: 'primary' }))! > 0);
    await proxy.cut();
    await waitFor(async () => (await up())[2] === 0, { description: 'the Redis of the caches to be missed' });
    assert.deepEqual(await up(), [1, 1, 0]);
    await proxy.restore();
    await waitFor(async () => (await up())[2] === 1, { description: 'it to be back' });
  });
});
