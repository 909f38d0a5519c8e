import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { startQueueBench } from '#tests/support/queue-bench.ts';
import type { QueueBench } from '#tests/support/queue-bench.ts';
import { waitFor } from '#tests/support/wait-for.ts';

interface Start {
  readonly userId: string;
  readonly priority: string;
}

suite('the order of a queue', () => {
  let bench: QueueBench;
  let starts: Start[];
  before(async () => {
    bench = await startQueueBench();
  });
  after(() => bench[Symbol.asyncDispose]());
  beforeEach(() => {
    starts = [];
  });
  const note = ({ claim }: { claim: { job: Start } }): Promise<void> =>
    Promise.resolve(void starts.push({ userId: claim.job.userId, priority: claim.job.priority }));
  /** Positions, from 0, at which a user's jobs were started. */
  const turnsOf = (userId: string): number[] =>
    starts.flatMap((start, index) => (start.userId === userId ? [index] : []));

  test('one user’s 10,000 jobs do not stand before the one of another', async (t) => {
    const [many, one, few] = await Promise.all([bench.newUser(), bench.newUser(), bench.newUser()]);
    for (let batch = 0; batch < 10; batch += 1) await bench.addJobs(many, 1_000);
    await bench.addJobs(one, 1);
    await bench.addJobs(few, 3);
    {
      await using _ = bench.consume(note);
      await waitFor(() => turnsOf(few).length === 3, { description: 'the few to be done' });
    }
    t.diagnostic(
      `behind 10,000 jobs: the one was number ${turnsOf(one)[0]! + 1}, the few ${turnsOf(few).join(', ')}`,
    );
    assert.ok(turnsOf(one)[0]! <= 2, 'after one job of each user at most');
    const [first, second, third] = turnsOf(few) as [number, number, number];
    assert.ok(first <= 3 && second - first <= 3 && third - second <= 3, 'users take turns');
    await bench.db.sql('delete from jobs');
    await bench.emptyRedis();
  });

  test('who comes later does not make up for turns that others have had', async () => {
    const [early, late] = await Promise.all([bench.newUser(), bench.newUser()]);
    await bench.addJobs(early, 30);
    {
      await using _ = bench.consume(async (context) => {
        await note(context);
        if (starts.length === 10) await bench.addJobs(late, 10);
      });
      await bench.drained();
    }
    const after = starts.slice(11, 27).map(({ userId }) => userId);
    const share = after.filter((userId) => userId === late).length;
    assert.ok(share >= 7 && share <= 9, `${share} of 16 starts were the newcomer's`);
  });

  test('a flood of low work delays high work by no more than the job in hand', async (t) => {
    const [flood, person] = await Promise.all([bench.newUser(), bench.newUser()]);
    await bench.addJobs(flood, 300, 'low');
    await bench.db.sql(`update jobs set run_at = now() - interval '1 min' where status = 'queued'`);
    const between: number[] = [];
    let askedAt: number | undefined;
    {
      await using _ = bench.consume(async (context) => {
        await note(context);
        if (context.claim.job.priority === 'high') {
          between.push(starts.length - 1 - askedAt!);
          askedAt = undefined;
        } else if (between.length < 10 && askedAt === undefined && starts.length % 7 === 0) {
          askedAt = starts.length;
          await bench.addJobs(person, 1, 'high');
          await bench.relayOnce();
        }
      });
      await waitFor(() => between.length === 10, { description: 'ten high jobs to be done' });
      await bench.drained();
    }
    t.diagnostic(`low jobs begun between a high job and its start: ${between.join(', ')}`);
    assert.ok(between.every((count) => count <= 1));
  });

  test('low work that has waited too long gets turns among high work, one at a time', async () => {
    const [busy, patient] = await Promise.all([bench.newUser(), bench.newUser()]);
    await bench.addJobs(patient, 3, 'low');
    await bench.db.sql(
      `update jobs set run_at = now() - interval '1 min' where user_id = $1 and status = 'queued'`,
      [patient],
    );
    await bench.addJobs(busy, 100, 'high');
    await bench.relayOnce();
    await bench.relayOnce();
    const promoted = await bench.db.sql(
      'select id from jobs where promoted_at is not null and user_id = $1',
      [patient],
    );
    assert.equal(promoted.length, 1, 'the second waits for the first');
    {
      await using _ = bench.consume(async (context) => {
        await note(context);
        await bench.relayOnce();
      });
      await waitFor(() => turnsOf(patient).length === 3, { description: 'the low jobs' });
      await bench.drained();
    }
    const turns = turnsOf(patient);
    assert.ok(turns[2]! < 15, `started as numbers ${turns.join(', ')} of 103`);
    assert.ok(
      turns.every((turn, index) => index === 0 || turn - turns[index - 1]! >= 2),
      'high work goes on between them',
    );
  });

  test('a queue that Redis has lost is rebuilt in the same order', async () => {
    const [many, one] = await Promise.all([bench.newUser(), bench.newUser()]);
    await bench.addJobs(many, 50);
    await bench.addJobs(one, 1);
    await bench.addJobs(one, 1, 'high');
    await bench.emptyRedis();
    await bench.relayOnce();
    {
      await using _ = bench.consume(note);
      await bench.drained();
    }
    assert.deepEqual(starts[0], { userId: one, priority: 'high' });
    assert.ok(turnsOf(one)[1]! <= 2);
  });
});
