import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readYourWrite } from '#tests/support/read-your-write.ts';
import { startReplicaStage } from '#tests/support/replica-stage.ts';

test('promise 49: GET and list straight after POST, 1,000 times, also with a lagging replica', async (t) => {
  await using stage = await startReplicaStage();
  if (stage === undefined) {
    t.skip('PostgreSQL and Redis are not programs of this host');
    return;
  }
  const { asked, found, byReplica } = await readYourWrite(stage, 1_000);
  t.diagnostic(`${found} of ${asked} seen at once, ${byReplica} reads by the standby`);
  assert.equal(found, asked);
  assert.ok(byReplica > asked, 'the standby must have been used');
});
