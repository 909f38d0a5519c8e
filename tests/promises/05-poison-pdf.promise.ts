import { test } from 'node:test';
import { POISON_LIMITS, poisonRun } from '#tests/support/poison-run.ts';
import { startStage } from '#tests/support/test-stage.ts';

const GOOD_FILES = 200;

test('promise 5: 8 bombs among 200 good files harm none of them', async (t) => {
  await using stage = await startStage(POISON_LIMITS);
  for (const line of await poisonRun(stage, await stage.newOwner(), GOOD_FILES)) t.diagnostic(line);
});
