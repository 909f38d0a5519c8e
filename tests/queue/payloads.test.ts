import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Queue } from 'bullmq';
import { v7 as uuidv7 } from 'uuid';
import { jobCatalog } from '#shared/queue/catalog.ts';
import type { JobPayloads } from '#shared/queue/catalog.ts';
import { idleHandlers } from '#tests/support/idle-handlers.ts';
import { startQueueBench } from '#tests/support/queue-bench.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const id = '01980f60-70bb-7d2f-9a11-4e6f7a8b9c0d';

/** What version 0.1.0 wrote. A line that has to be changed here is a rolling upgrade that loses jobs. */
const WRITTEN_BY_0_1_0: Readonly<Record<string, object>> = {
  'document.ingest': { document_id: id, revision: 1 },
  'document.chunk': { document_id: id, revision: 2 },
  'document.embed': { document_id: id, revision: 1, model_id: 1, from: 0, to: 32 },
  'account.export': { export_id: id },
  'account.purge': {},
};

suite('payloads of other versions', () => {
  test('what the version before has left in the table is still understood', () => {
    for (const [type, payload] of Object.entries(WRITTEN_BY_0_1_0)) {
      const { upgrade, payload: schema } = jobCatalog[type as keyof JobPayloads];
      const { error } = schema.validate(upgrade === undefined ? payload : upgrade(payload));
      assert.equal(error, undefined, `${type}: ${error?.message ?? ''}`);
    }
  });

  test('a former shape is brought up to date; fields of a later version are left out', async () => {
    await using bench = await startQueueBench();
    const userId = await bench.newUser();
    const [former, later] = await bench.addJobs(userId, 2);
    // As if the version before had had one field for what are two now.
    await bench.db.sql('update jobs set payload = $2 where id = $1', [
      former!.id,
      { document_id: id, revision: 1, model_id: 7, range: [32, 64] },
    ]);
    await bench.db.sql(`update jobs set payload = payload || '{"added_later": true}' where id = $1`, [
      later!.id,
    ]);
    const embed = jobCatalog['document.embed'];
    const catalog = {
      ...jobCatalog,
      'document.embed': {
        ...embed,
        upgrade: (payload: unknown) => {
          const { range, ...rest } = payload as { range?: [number, number] };
          return range === undefined ? rest : { ...rest, from: range[0], to: range[1] };
        },
      },
    };
    const seen: unknown[] = [];
    await using _ = bench.consume(() => Promise.resolve(), {
      catalog,
      handlers: {
        ...idleHandlers,
        'document.embed': (payload) => Promise.resolve(void seen.push(payload)),
      },
    });
    await bench.drained();
    assert.deepEqual(seen[0], { document_id: id, revision: 1, model_id: 7, from: 32, to: 64 });
    assert.deepEqual(seen[1], later!.payload);
    const states = await bench.db.sql<{ status: string }>('select status from jobs');
    assert.deepEqual(
      states.map(({ status }) => status),
      ['succeeded', 'succeeded'],
    );
  });

  test('a kind that only a later version knows is left to its workers', async () => {
    await using bench = await startQueueBench();
    const userId = await bench.newUser();
    const later = uuidv7();
    await bench.db.sql(
      `insert into jobs (id, user_id, type, queue, priority, payload) values ($1, $2, 'document.dream', 'embedding', 'medium', '{}')`,
      [later, userId],
    );
    await bench.relayOnce();
    const handedOver = async () =>
      (
        await bench.db.sql<{ enqueued_at: Date | null }>('select enqueued_at from jobs where id = $1', [
          later,
        ])
      )[0];
    assert.equal((await handedOver())?.enqueued_at, null, 'its own relay hands it over');
    // As the producer of that version would.
    const producer = new Queue('embedding', {
      connection: bench.connection.client,
      prefix: bench.prefix,
      skipVersionCheck: true,
    });
    await producer.add('document.dream', { id: later }, { jobId: `${later}-0`, priority: 1 });
    await using _ = bench.consume(() => Promise.resolve());
    await waitFor(async () => (await producer.getDelayedCount()) === 1, { description: 'it to be put back' });
    const [row] = await bench.db.sql('select status, attempts, fence from jobs where id = $1', [later]);
    assert.deepEqual(row, { status: 'queued', attempts: 0, fence: '0' });
  });
});
