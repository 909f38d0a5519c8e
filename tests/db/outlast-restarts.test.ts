import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { asUnavailable } from '#db/database-errors.ts';
import { startTcpProxy } from '#tests/support/tcp-proxy.ts';
import { createTestDatabase, openDatabase } from '#tests/support/test-database.ts';

test('whoever asks while PostgreSQL takes no connections is answered when it does again', async (t) => {
  await using it = await createTestDatabase();
  await using proxy = await startTcpProxy(it.url);
  await using database = openDatabase(proxy.url, { DATABASE_RESTART_WAIT_MS: '10000' });
  await proxy.cut();
  const began = performance.now();
  let answered = 0;
  // More than the pool has connections; a transaction waits as a read does.
  const asked = Array.from({ length: 40 }, async (_, number) => {
    if (number % 2 === 0) await database.ping();
    else await database.transaction(() => Promise.resolve());
    answered += 1;
  });
  assert.equal(
    await Promise.race([Promise.any(asked), sleep(150, 'nobody is answered')]),
    'nobody is answered',
  );
  await proxy.restore();
  await Promise.all(asked);
  t.diagnostic(`40 of 40 answered after ${(performance.now() - began).toFixed(0)} ms`);
  assert.equal(answered, 40);
});

test('and is refused when the patience is over, which those who have none are at once', async () => {
  await using it = await createTestDatabase();
  await using proxy = await startTcpProxy(it.url);
  for (const patienceMs of [0, 300]) {
    await using database = openDatabase(proxy.url, { DATABASE_RESTART_WAIT_MS: String(patienceMs) });
    await proxy.cut();
    const began = performance.now();
    const failures = await Promise.all(
      Array.from({ length: 40 }, () => database.ping().catch((error: unknown) => error)),
    );
    const took = performance.now() - began;
    for (const failure of failures) assert.ok(asUnavailable(failure), String(failure));
    assert.ok(
      took >= patienceMs && took < patienceMs + 700,
      `${took} ms with a patience of ${patienceMs} ms`,
    );
    await proxy.restore();
  }
});
