import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchAmongMany } from '#tests/support/owner-among-many.ts';

test('promise 54: an owner of 0.5 % of 100,000 chunks gets 10 of 10 hits, the nearest ones, within 200 ms', async (t) => {
  const found = await searchAmongMany(100_000, 0.005, 200);
  t.diagnostic(
    `${found.ownChunks} of 100,000 chunks, 200 searches: ${found.fewestHits} hits at least, recall@10 ${found.recall.toFixed(4)}, p95 ${found.p95.toFixed(1)} ms`,
  );
  assert.equal(found.fewestHits, 10);
  assert.equal(found.foreign, 0);
  assert.ok(found.recall >= 0.95, String(found.recall));
  assert.ok(found.p95 < 200, String(found.p95));
});
