import { suite, test } from 'node:test';
import { POISON_LIMITS, poisonRun } from '#tests/support/poison-run.ts';
import { startStage } from '#tests/support/test-stage.ts';

const GOOD_FILES = 8;

suite('promise 5: poison among good files', () => {
  test('each bomb is refused or killed, every good file goes in, and the worker lives on', async (t) => {
    await using stage = await startStage(POISON_LIMITS);
    for (const line of await poisonRun(stage, await stage.newOwner(), GOOD_FILES)) t.diagnostic(line);
  });
});
