import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerUser } from '#tests/support/http-client.ts';
import { refreshAtOnce } from '#tests/support/refresh-race.ts';
import { startTestApp } from '#tests/support/test-app.ts';

test('promise 22: 50 tabs refresh at the same moment, 20 rounds', async (t) => {
  await using app = await startTestApp();
  const { client, id } = await registerUser(app);
  let logouts = 0;
  for (let round = 1; round <= 20; round += 1) {
    const { answers, successors } = await refreshAtOnce(client, [app.url], 50);
    logouts += answers.filter(({ status }) => status !== 200).length;
    assert.equal(successors.size, 1, `round ${round}`);
  }
  const [row] = await app.database.sql<{ generation: number }>(
    'select generation from sessions where user_id = $1',
    [id],
  );
  t.diagnostic(`1,000 refreshes, ${row?.generation} rotations, ${logouts} logouts`);
  assert.deepEqual([row?.generation, logouts], [20, 0]);
});
