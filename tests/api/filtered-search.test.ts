import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchAmongMany } from '#tests/support/owner-among-many.ts';

test('promise 54: an owner of 2.5 % of 2,000 chunks gets 10 of 10 hits, and the nearest ones', async (t) => {
  const found = await searchAmongMany(2_000, 0.025, 20);
  t.diagnostic(
    `${found.ownChunks} of 2,000 chunks: ${found.fewestHits} hits at least, recall@10 ${found.recall.toFixed(4)}, p95 ${found.p95.toFixed(1)} ms`,
  );
  assert.equal(found.fewestHits, 10);
  assert.equal(found.foreign, 0);
  assert.ok(found.recall >= 0.95, String(found.recall));
});
