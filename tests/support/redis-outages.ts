import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { startEmbeddingServer } from './embedding-server.ts';
import { accepted, assertComplete, endOfJob } from './ingestion.ts';
import { startOwnRedis } from './own-redis.ts';
import type { OwnRedis } from './own-redis.ts';
import { startStage } from './test-stage.ts';
import type { Owner, TestStage } from './test-stage.ts';
import { waitFor } from './wait-for.ts';

/** Starts the product on a Redis of its own. */
async function startOnOwnRedis(env = {}) {
  await using stack = new AsyncDisposableStack();
  const redis = stack.use(await startOwnRedis());
  // While it is frozen nothing else could be closed.
  stack.defer(() => redis.thaw());
  const server = stack.use(await startEmbeddingServer());
  const stage = stack.use(
    await startStage({ ...server.env, REDIS_URL: redis.url, RELAY_INTERVAL_MS: '1000', ...env }),
  );
  const owner = await stage.newOwner();
  const owned = stack.move();
  return { redis, server, stage, owner, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

interface Traffic {
  readonly uploads: { documentId: string; jobId: string }[];
  /** Of every request, in ms. */
  readonly latencies: number[];
}

/** Uploads, and reads what became of it, ten times a second for a while; whatever is not well fails the test. */
async function useFor(owner: Owner, ms: number, name: string): Promise<Traffic> {
  const traffic: Traffic = { uploads: [], latencies: [] };
  const timed = async <T>(call: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await call();
    traffic.latencies.push(performance.now() - start);
    return result;
  };
  const end = Date.now() + ms;
  const pending: Promise<void>[] = [];
  for (let number = 1; Date.now() < end; number += 1) {
    pending.push(
      (async () => {
        const upload = accepted(
          await timed(() => owner.uploadText(`${name} ${number}`, `${name}: text number ${number}.`)),
        );
        traffic.uploads.push(upload);
        assert.equal((await timed(() => owner.client.get(`jobs/${upload.jobId}`))).status, 200);
      })(),
    );
    await sleep(200);
  }
  await Promise.all(pending);
  return traffic;
}

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

async function assertAllDone(stage: TestStage, owner: Owner, uploads: Traffic['uploads']): Promise<void> {
  for (const { jobId, documentId } of uploads) {
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, documentId);
  }
  const twice = await stage.sql(
    `select job_id from job_attempts where outcome = 'succeeded' group by job_id having count(*) > 1`,
  );
  assert.deepEqual(twice, [], 'nothing was completed twice');
}

/**
 * Promise 6: Redis answers nothing for a while, with a job in hand.
 *
 * @param share of the requests that must be answered within 3 s; of few requests the slowest says little
 */
export async function frozenRedis(t: TestContext, ms: number, share = 0.99): Promise<void> {
  await using all = await startOnOwnRedis();
  const { redis, server, stage, owner } = all;
  await stage.startWorker();
  server.behave('hold');
  const held = accepted(await owner.uploadText('Held', 'In hand while Redis is frozen.'));
  await waitFor(() => server.held === 1, { description: 'a job in hand' });
  redis.freeze();
  const { uploads, latencies } = await useFor(owner, ms, 'Frozen');
  server.release();
  redis.thaw();
  await assertAllDone(stage, owner, [held, ...uploads]);
  const attempts = await stage.sql(
    `select a.outcome from job_attempts a join jobs j on j.id = a.job_id
     where j.document_id = $1 and j.type = 'document.embed'`,
    [held.documentId],
  );
  assert.deepEqual(attempts, [{ outcome: 'succeeded' }], 'the job in hand was started once');
  const slow = percentile(latencies, share);
  t.diagnostic(
    `frozen for ${ms} ms: ${uploads.length} uploads, all 202 and done; p${share * 100} of ${latencies.length} requests ${slow.toFixed(0)} ms; the job in hand ran once`,
  );
  assert.ok(slow < 3_000, `${slow} ms`);
}

/** Promise 7: Redis is killed, and comes back empty after a while. */
export async function deadRedis(t: TestContext, ms: number): Promise<void> {
  await using all = await startOnOwnRedis();
  const { redis, stage, owner } = all;
  await stage.startWorker();
  const before = accepted(await owner.uploadText('Before', 'Taken in before Redis dies.'));
  await endOfJob(owner.client, before.jobId);
  await redis.kill();
  const { uploads } = await useFor(owner, ms, 'Dead');
  await redis.start();
  const back = Date.now();
  await waitFor(
    async () =>
      (await stage.sql('select 1 from job_attempts where started_at > to_timestamp($1)', [back / 1000]))
        .length > 0,
    { description: 'the first job after the return' },
  );
  const consumingAfter = Date.now() - back;
  await assertAllDone(stage, owner, [before, ...uploads]);
  t.diagnostic(
    `dead for ${ms} ms: ${uploads.length} uploads, all 202 and done; consuming ${consumingAfter} ms after the return`,
  );
  assert.ok(consumingAfter <= 2_000, `${consumingAfter} ms`);
}

/** Promise 8: Redis loses everything while documents are being taken in. */
export async function emptiedRedis(t: TestContext, documents: number): Promise<void> {
  await using all = await startOnOwnRedis();
  const { redis, stage, owner } = all;
  const uploads: Traffic['uploads'] = [];
  const upload = async (redis?: OwnRedis): Promise<void> => {
    const number = uploads.length + 1;
    uploads.push(accepted(await owner.uploadText(`Emptied ${number}`, `Emptied: text number ${number}.`)));
    await redis?.flush();
  };
  for (let number = 1; number <= documents / 2; number += 1) await upload();
  await redis.flush();
  await stage.startWorker();
  let flushes = 1;
  for (let number = 1; number <= documents / 2; number += 1) {
    const flushing = number % Math.ceil(documents / 10) === 0;
    await upload(flushing ? redis : undefined);
    flushes += Number(flushing);
  }
  await assertAllDone(stage, owner, uploads);
  t.diagnostic(`emptied ${flushes} times: ${uploads.length} of ${documents} documents done, each once`);
}
