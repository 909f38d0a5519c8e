import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '#db/database.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import { waitFor } from '#tests/support/wait-for.ts';
import { createTurns } from '#worker/turns.ts';

const forever = new AbortController().signal;

test('transactions take turns in order, go on after one that fails, and one that nobody waits for is not begun', async () => {
  await using it = await createTestDatabase();
  const database: Pick<Database, 'transaction'> = it.database;
  const turns = createTurns(database);
  const gate = Promise.withResolvers<undefined>();
  // Or a failing assertion would wait for the first for ever.
  using _open = { [Symbol.dispose]: () => gate.resolve(undefined) };
  const log: string[] = [];
  const first = turns.transaction(forever, async () => {
    log.push('first begins');
    await gate.promise;
    log.push('first ends');
    throw new Error('undone');
  });
  const given = new AbortController();
  const second = turns.transaction(given.signal, () => Promise.resolve(log.push('second')));
  const third = turns.transaction(forever, async (tx) => {
    log.push('third');
    return tx.read.users.findCredentials('nobody');
  });
  await waitFor(() => log.length > 0, { description: 'the first to begin' });
  given.abort(new Error('given up'));
  assert.deepEqual(log, ['first begins']);
  gate.resolve(undefined);
  await assert.rejects(first, /undone/);
  await assert.rejects(second, /given up/);
  assert.equal(await third, undefined);
  assert.deepEqual(log, ['first begins', 'first ends', 'third']);
});
