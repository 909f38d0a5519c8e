import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { LostClaimError } from '#db/stores/job-store.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { Claim } from '#shared/queue/job-ledger.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import type { MadeIngest } from '#tests/support/make-job.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';
import { waitFor } from '#tests/support/wait-for.ts';
import { measureAssistant } from '#worker/assistants/measure-assistant.ts';

interface WaitingJob {
  readonly id: string;
  readonly user_id: string;
  readonly assistant_id: string;
  readonly priority: string;
  readonly payload: { readonly assistant_id: string };
}

suite('measuring later', () => {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase();
  });
  after(() => db[Symbol.asyncDispose]());

  const logger = createLogger({ level: 'silent', service: 'test' });
  const { signal } = new AbortController();
  const waiting = (assistantId: string): Promise<WaitingJob[]> =>
    db.sql<WaitingJob>(
      `select * from jobs where type = 'assistant.measure' and assistant_id = $1 and status = 'queued'`,
      [assistantId],
    );
  const touch = (...assistantIds: readonly string[]) =>
    db.database.transaction((tx) => {
      for (const id of assistantIds) tx.metrics.touch(id);
      return Promise.resolve();
    });
  const claim = async (assistantId: string): Promise<Claim> => {
    const [job] = await waiting(assistantId);
    await db.sql('update jobs set run_at = now() where id = $1', [job!.id]);
    const result = await db.database.ledger.claim(job!.id, 60_000);
    assert.ok(result.kind === 'claimed');
    return result.claim;
  };
  const measure = (claimed: Claim, assistantId: string): Promise<void> =>
    measureAssistant(db)({ assistant_id: assistantId }, { claim: claimed, signal, logger, report: () => {} });
  const assistantOf = ({ document }: MadeIngest): string => document.assistantId;

  test('a change makes one job of low priority for its assistant, which the relay will find', async () => {
    const made = await makeIngest(db);
    const assistantId = assistantOf(made);
    await touch(assistantId);
    const [job, ...others] = await waiting(assistantId);
    assert.deepEqual(others, []);
    assert.equal(job!.user_id, made.userId);
    assert.equal(job!.priority, 'low');
    assert.deepEqual(job!.payload, { assistant_id: assistantId });
    const later = (
      await db.sql<{ later: boolean }>('select run_at > now() as later from jobs where id = $1', [job!.id])
    )[0];
    assert.equal(later!.later, true, 'changes that follow at once are measured together');
    const due = await db.database.ledger.undelivered(100, 60_000);
    assert.ok(due.some(({ id }) => id === job!.id));
  });

  test('forty changes at once make one job, and none that is rolled back makes any', async () => {
    const assistantId = assistantOf(await makeIngest(db));
    await Promise.all(Array.from({ length: 40 }, () => touch(assistantId)));
    assert.equal((await waiting(assistantId)).length, 1);
    const other = assistantOf(await makeIngest(db));
    await assert.rejects(
      db.database.transaction((tx) => {
        tx.metrics.touch(other);
        return Promise.reject(new Error('no'));
      }),
      /no/,
    );
    assert.deepEqual(await waiting(other), []);
  });

  test('an assistant that is deleted or unknown is not measured', async () => {
    const assistantId = assistantOf(await makeIngest(db));
    await db.sql('update assistants set deleted_at = now() where id = $1', [assistantId]);
    await touch(assistantId);
    await touch('01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24');
    assert.deepEqual(await waiting(assistantId), []);
  });

  test('two transactions that change several assistants do not wait for each other in a circle', async () => {
    const one = assistantOf(await makeIngest(db));
    const two = assistantOf(await makeIngest(db));
    for (let round = 0; round < 20; round++) {
      await db.sql(`delete from jobs where type = 'assistant.measure'`);
      await Promise.all([touch(one, two), touch(two, one)]);
    }
    assert.equal((await waiting(one)).length + (await waiting(two)).length, 2);
  });

  test('a change that commits while its assistant is being measured is measured again', async () => {
    const made = await makeIngest(db);
    const assistantId = assistantOf(made);
    await touch(assistantId);
    const claimed = await claim(assistantId);
    // The change is written and finds the running job; the measurement must not look before it has been committed.
    const gate = Promise.withResolvers<undefined>();
    const change = db.database.transaction(async (tx) => {
      await tx.documents.erase(made.document.id);
      tx.metrics.touch(assistantId);
      await gate.promise;
    });
    await measure(claimed, assistantId);
    gate.resolve(undefined);
    await change;
    assert.equal((await waiting(assistantId)).length, 1, 'the job that had looked already is not relied on');
    await measure(await claim(assistantId), assistantId);
    const metrics = await db.database.read.metrics.find(made.userId, assistantId);
    assert.equal(metrics!.documentCount, 0);
  });

  test('a measurement waits for a change that found its job', async () => {
    const made = await makeIngest(db);
    const assistantId = assistantOf(made);
    await touch(assistantId);
    const claimed = await claim(assistantId);
    // As measureLater leaves it at the end of a transaction that has not been committed yet.
    const gate = Promise.withResolvers<undefined>();
    const locked = Promise.withResolvers<undefined>();
    const change = db.database.transaction(async (tx) => {
      await tx.documents.erase(made.document.id);
      await tx.jobs.assertClaimed(claimed);
      locked.resolve(undefined);
      await gate.promise;
    });
    await locked.promise;
    const measuring = measure(claimed, assistantId);
    await waitFor(
      async () =>
        (
          await db.sql(
            `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like 'delete from "jobs"%'`,
          )
        ).length > 0,
      { description: 'the measurement to wait' },
    );
    gate.resolve(undefined);
    await Promise.all([change, measuring]);
    assert.equal((await db.database.read.metrics.find(made.userId, assistantId))!.documentCount, 0);
  });

  test('a measurement leaves no row behind, and one that was taken over measures nothing', async () => {
    const made = await makeIngest(db);
    const assistantId = assistantOf(made);
    await touch(assistantId);
    const claimed = await claim(assistantId);
    await db.sql('update jobs set fence = fence + 1 where id = $1', [claimed.job.id]);
    await assert.rejects(measure(claimed, assistantId), LostClaimError);
    assert.equal(await db.database.read.metrics.find(made.userId, assistantId), undefined);
    await db.sql('update jobs set fence = fence - 1 where id = $1', [claimed.job.id]);
    await measure(claimed, assistantId);
    assert.deepEqual(await db.sql('select 1 from jobs where id = $1', [claimed.job.id]), []);
    assert.ok((await db.database.read.metrics.find(made.userId, assistantId))!.computedAt);
  });
});
