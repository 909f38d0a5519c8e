import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Claim } from '#shared/queue/job-ledger.ts';
import { AppError } from '#shared/errors/app-error.ts';
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
async function claim(id: string, worker = 'here:1'): Promise<Claim> {
  const result = await db.database.ledger.claim(id, LEASE, worker);
  assert.equal(result.kind, 'claimed');
  return (result as { claim: Claim }).claim;
}
const historyOf = async (id: string) =>
  (await db.database.read.jobAttempts.latest(id, 100)).map(({ outcome, error, stage, attempt, worker }) => ({
    outcome,
    code: error?.code ?? null,
    stage,
    attempt,
    worker,
  }));
const expire = (id: string) =>
  db.sql(`update jobs set lease_expires_at = now() - interval '1 s' where id = $1`, [id]);

test('every way in which an attempt can end is kept, with its error, stage and worker', async () => {
  const { chunk } = await makeIngest(db);
  const { ledger } = db.database;
  const throttled = toFailure(new AppError('embedding.throttled', { stage: 'embed' }));
  await ledger.fail(await claim(chunk.id), throttled, { kind: 'retry', at: new Date() });
  const held = await claim(chunk.id);
  await ledger.renew(held, LEASE, { stage: 'extract', done: 1, total: 2 });
  await ledger.release(held);
  await claim(chunk.id, 'dies:1');
  await expire(chunk.id);
  await ledger.reclaimExpired(10);
  await claim(chunk.id, 'dies:2');
  await expire(chunk.id);
  await claim(chunk.id, 'takes over:1');
  assert.equal((await historyOf(chunk.id))[0]?.outcome, 'running');
  await expire(chunk.id);
  const last = await claim(chunk.id);
  await ledger.fail(last, toFailure(new AppError('job.timeout')), { kind: 'end', status: 'dead' });
  await db.database.transaction((tx) => tx.jobs.requeue([chunk.id]));
  await ledger.complete(await claim(chunk.id));
  assert.deepEqual(await historyOf(chunk.id), [
    { outcome: 'succeeded', code: null, stage: null, attempt: 6, worker: 'here:1' },
    { outcome: 'dead', code: 'job.timeout', stage: 'extract', attempt: 5, worker: 'here:1' },
    { outcome: 'lost', code: null, stage: 'extract', attempt: 4, worker: 'takes over:1' },
    { outcome: 'lost', code: null, stage: 'extract', attempt: 3, worker: 'dies:2' },
    { outcome: 'lost', code: null, stage: 'extract', attempt: 2, worker: 'dies:1' },
    { outcome: 'released', code: null, stage: 'extract', attempt: 2, worker: 'here:1' },
    { outcome: 'retry', code: 'embedding.throttled', stage: 'embed', attempt: 1, worker: 'here:1' },
  ]);
});

test('an attempt that is cancelled ends with the job', async () => {
  const { chunk, document } = await makeIngest(db);
  await claim(chunk.id);
  await db.database.transaction((tx) => tx.jobs.cancelOfDocument(document.id));
  assert.deepEqual(
    (await historyOf(chunk.id)).map(({ outcome }) => outcome),
    ['cancelled'],
  );
});

test('of a job that is tried for ever the last fifty attempts are kept', async () => {
  const { chunk } = await makeIngest(db);
  for (let attempt = 0; attempt < 60; attempt += 1) await db.database.ledger.release(await claim(chunk.id));
  const kept = await db.sql<{ fence: string }>(
    'select fence from job_attempts where job_id = $1 order by fence',
    [chunk.id],
  );
  assert.equal(kept.length, 50);
  assert.deepEqual([Number(kept[0]?.fence), Number(kept.at(-1)?.fence)], [11, 60]);
});

test('an attempt belongs to the owner of its job, whatever is written', async () => {
  const [{ chunk }, other] = await Promise.all([makeIngest(db), makeIngest(db)]);
  await assert.rejects(
    db.sql('insert into job_attempts (job_id, user_id, fence, attempt) values ($1, $2, 99, 1)', [
      chunk.id,
      other.userId,
    ]),
    /foreign key/,
  );
});
