import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveNewerSchema } from '#tests/support/newer-schema.ts';

test('promise 45: this version goes on serving, in API and worker, while a later one changes the schema', async (t) => {
  const { requests, changes, failures } = await serveNewerSchema(100);
  t.diagnostic(`${requests} requests beside ${changes} changes of the schema, ${failures.length} failures`);
  assert.deepEqual(failures, []);
});
