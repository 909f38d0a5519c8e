import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LostClaimError } from '#db/stores/job-store.ts';
import type { Claim } from '#shared/queue/job-ledger.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { MAX_LOST_WORKERS } from '#shared/queue/catalog.ts';
import { toFailure } from '#shared/queue/retry.ts';
import { makeIngest } from '../support/make-job.ts';
import { createTestDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(() => db[Symbol.asyncDispose]());

const LEASE = 60_000;
const expire = (id: string) =>
  db.sql(`update jobs set lease_expires_at = now() - interval '1 s' where id = $1`, [id]);
const row = async (id: string) =>
  (await db.sql<Record<string, never>>('select * from jobs where id = $1', [id]))[0] as Record<
    string,
    unknown
  >;
const documentStatus = async (id: string) =>
  (await db.sql<{ status: string }>('select status from documents where id = $1', [id]))[0]?.status;

async function claim(id: string): Promise<Claim> {
  const result = await db.database.ledger.claim(id, LEASE);
  assert.equal(result.kind, 'claimed');
  return (result as { claim: Claim }).claim;
}

test('of many workers exactly one gets a job, and the document shows that it is processed', async () => {
  const { chunk, ingest, document } = await makeIngest(db);
  const results = await Promise.all(
    Array.from({ length: 8 }, () => db.database.ledger.claim(chunk.id, LEASE)),
  );
  assert.deepEqual(results.map((result) => result.kind).sort(), [
    'claimed',
    ...Array.from({ length: 7 }, () => 'later'),
  ]);
  assert.equal((await row(chunk.id)).attempts, 1);
  assert.equal((await row(ingest.id)).status, 'running');
  assert.equal(await documentStatus(document.id), 'processing');
});

test('a worker that was taken for dead can write nothing more', async () => {
  const { chunk } = await makeIngest(db);
  const first = await claim(chunk.id);
  await expire(chunk.id);
  const second = await claim(chunk.id);
  assert.ok(second.fence > first.fence);
  assert.equal(await db.database.ledger.renew(first, LEASE, null), false);
  await assert.rejects(
    db.database.transaction((tx) => tx.jobs.assertClaimed(first)),
    LostClaimError,
  );
  await assert.rejects(
    db.database.transaction((tx) => tx.jobs.succeed(first, null)),
    LostClaimError,
  );
  await db.database.ledger.fail(first, toFailure(new Error('late')), { kind: 'end', status: 'failed' });
  await db.database.ledger.release(first);
  assert.equal((await row(chunk.id)).status, 'running');
  assert.equal(await db.database.ledger.renew(second, LEASE, { stage: 'extract', done: 1, total: 2 }), true);
});

test('a failed attempt waits for its time, is shown, and the last one ends document and ingestion', async () => {
  const { chunk, ingest, document } = await makeIngest(db);
  const error = toFailure(new AppError('job.timeout'));
  const at = new Date(Date.now() + 3_600_000);
  await db.database.ledger.fail(await claim(chunk.id), error, { kind: 'retry', at });
  assert.deepEqual(await db.database.ledger.claim(chunk.id, LEASE), { kind: 'later', at });
  assert.equal((await row(ingest.id)).status, 'queued');
  const shown = await db.database.read.jobProgress.of([{ ...ingest }]);
  assert.equal(shown.get(ingest.id)?.retryError?.nextRetryAt, at.toISOString());
  await db.sql('update jobs set run_at = now() where id = $1', [chunk.id]);
  await db.database.ledger.fail(await claim(chunk.id), error, { kind: 'end', status: 'dead' });
  assert.equal((await row(ingest.id)).status, 'dead');
  assert.equal(await documentStatus(document.id), 'failed');
  assert.deepEqual(await db.database.ledger.claim(chunk.id, LEASE), { kind: 'none' });
});

test('jobs of silent workers go back in line, and too many silent workers end the job', async () => {
  const { chunk, document } = await makeIngest(db);
  for (let death = 1; death < MAX_LOST_WORKERS; death += 1) {
    await claim(chunk.id);
    await expire(chunk.id);
    assert.equal(await db.database.ledger.reclaimExpired(100), 1);
    assert.equal((await row(chunk.id)).status, 'queued', `after ${death} deaths`);
  }
  await claim(chunk.id);
  await expire(chunk.id);
  await db.database.ledger.reclaimExpired(100);
  const dead = await row(chunk.id);
  assert.equal(dead.status, 'dead');
  assert.equal((dead.error as { code: string }).code, 'job.worker_lost');
  assert.equal(await documentStatus(document.id), 'failed');
});

test('a job given back on shutdown counts neither as attempt nor as failure', async () => {
  const { chunk } = await makeIngest(db);
  await db.database.ledger.release(await claim(chunk.id));
  const { status, attempts, failures, enqueued_at: enqueuedAt } = await row(chunk.id);
  assert.deepEqual(
    { status, attempts, failures, enqueuedAt },
    { status: 'queued', attempts: 0, failures: 0, enqueuedAt: null },
  );
});

test('undelivered jobs are those never handed over and those long overdue', async () => {
  const { chunk, ingest } = await makeIngest(db);
  const { ledger } = db.database;
  const waiting = async () =>
    (await ledger.undelivered(1000, 60_000)).map((job) => job.id).filter((id) => id === chunk.id);
  assert.equal(
    (await ledger.undelivered(1000, 60_000)).some((job) => job.id === ingest.id),
    false,
  );
  assert.deepEqual(await waiting(), [chunk.id]);
  await ledger.markEnqueued([chunk]);
  assert.deepEqual(await waiting(), []);
  await db.sql(
    `update jobs set enqueued_at = now() - interval '2 min', run_at = now() - interval '2 min' where id = $1`,
    [chunk.id],
  );
  assert.deepEqual(await waiting(), [chunk.id]);
  await ledger.markEnqueued([chunk]);
  assert.ok((await ledger.forgetDeliveries()) >= 1);
  assert.deepEqual(await waiting(), [chunk.id]);
});

test('a job that ended, or whose document was deleted, cannot be claimed', async () => {
  const { chunk } = await makeIngest(db);
  await db.database.ledger.complete(await claim(chunk.id));
  assert.deepEqual(await db.database.ledger.claim(chunk.id, LEASE), { kind: 'none' });
  assert.deepEqual(await db.database.ledger.claim('01980f60-70bb-7d2f-9a11-4e6f7a8b9c0d', LEASE), {
    kind: 'none',
  });
});
