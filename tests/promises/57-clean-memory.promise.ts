import { test } from 'node:test';
import { assertStaysClean } from '#tests/support/clean-memory.ts';
import { startTestApp } from '#tests/support/test-app.ts';

test(
  'promise 57: 1,000 writes with exact and near duplicates and echoes of searches leave a clean memory',
  { timeout: 300_000 },
  async (t) => {
    await using app = await startTestApp();
    await assertStaysClean(app, t, 1000);
  },
);
