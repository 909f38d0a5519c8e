import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Worker } from 'bullmq';
import { createLogger } from '#shared/logging/logger.ts';
import { startWatchdog } from '#shared/queue/watchdog.ts';
import { startQueueBench } from '#tests/support/queue-bench.ts';
import { waitFor } from '#tests/support/wait-for.ts';

type Ready = (this: Worker) => Promise<unknown>;

test('a consumer that has stopped taking jobs is replaced, and the next one takes them', async (t) => {
  await using bench = await startQueueBench();
  const userId = await bench.newUser();
  const seen = new Set<Worker>();
  // The first consumer stops as BullMQ's may after an outage: it says that it runs, and fetches nothing.
  const ready = Object.getOwnPropertyDescriptor(Worker.prototype, 'waitUntilReady')!.value as Ready;
  t.mock.method(Worker.prototype, 'waitUntilReady', async function (this: Worker) {
    const client = await ready.call(this);
    if (seen.size === 0) await this.pause(true);
    seen.add(this);
    return client;
  });
  let runs = 0;
  await using consumer = bench.consume(
    () => {
      runs += 1;
      return Promise.resolve();
    },
    { watchdogMs: 100 },
  );
  await waitFor(() => seen.size === 1, { description: 'the first consumer' });
  await bench.addJobs(userId, 3);
  await bench.drained(20_000);
  assert.equal(runs, 3);
  assert.equal(seen.size, 2, 'one replacement');
  assert.ok(consumer.isRunning());
  const { values } = await bench.metrics.consumersReplaced.get();
  assert.deepEqual(
    values.map(({ value, labels }) => ({ value, queue: labels.queue })),
    [{ value: 1, queue: 'embedding' }],
  );
});

interface Look {
  readonly waiting: number | Error;
  readonly busy?: number;
  readonly begun?: number;
}

/** Lets a watchdog look at a consumer of which the test says everything, and counts replacements. */
async function replacementsAfter(looks: readonly Look[]): Promise<number> {
  let look = 0;
  let replaced = 0;
  const now = (): Look => looks[Math.max(0, Math.min(look, looks.length) - 1)] ?? { waiting: 0 };
  await using _ = startWatchdog({
    watched: [
      {
        name: 'one',
        busy: () => now().busy ?? 0,
        begun: () => now().begun ?? 0,
        replace: () => (replaced += 1),
      },
    ],
    waiting: async () => {
      look += 1;
      const { waiting } = look > looks.length ? { waiting: 0 } : now();
      if (waiting instanceof Error) throw waiting;
      return Promise.resolve(waiting);
    },
    intervalMs: 2,
    logger: createLogger({ level: 'silent', service: 'test' }),
  });
  await waitFor(() => look > looks.length, { description: 'all looks' });
  return replaced;
}

suite('a watchdog', () => {
  const away = new Error('Redis is away');
  const cases: readonly (readonly [string, readonly Look[], number])[] = [
    ['replaces who takes nothing at two looks', [{ waiting: 1 }, { waiting: 2 }], 1],
    ['gives a new one the same time', [{ waiting: 1 }, { waiting: 1 }, { waiting: 1 }], 1],
    ['waits for the second look', [{ waiting: 1 }, { waiting: 0 }, { waiting: 1 }], 0],
    ['leaves alone who has nothing to do', [{ waiting: 0 }, { waiting: 0 }], 0],
    [
      'leaves alone who has something in hand',
      [
        { waiting: 9, busy: 1 },
        { waiting: 9, busy: 1 },
      ],
      0,
    ],
    [
      'leaves alone who has begun something since',
      [
        { waiting: 9, begun: 1 },
        { waiting: 9, begun: 2 },
        { waiting: 9, begun: 3 },
      ],
      0,
    ],
    ['judges nobody while Redis is away', [{ waiting: 1 }, { waiting: away }, { waiting: 1 }], 0],
  ];
  for (const [what, looks, replaced] of cases)
    test(what, async () => {
      assert.equal(await replacementsAfter(looks), replaced);
    });
});

test('a queue that an operator has paused is no reason to replace anybody', async () => {
  await using bench = await startQueueBench();
  await bench.addJobs(await bench.newUser(), 1);
  assert.equal(await bench.producer.isPaused('embedding'), false);
  await bench.connection.run(['HSET', `${bench.prefix}:embedding:meta`, 'paused', '1']);
  assert.equal(await bench.producer.isPaused('embedding'), true);
});
