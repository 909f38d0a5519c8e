import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inSight, isExactCheaper } from '#db/queries/vector-cost.ts';

test('small scopes are compared one by one, however large the index, and large ones are not', () => {
  for (const all of [1_000, 100_000, 10_000_000])
    for (const scope of [1, 100, 1_000]) assert.ok(isExactCheaper({ scope, all, pool: 100 }));
  for (const scope of [100_000, 1_000_000]) assert.ok(!isExactCheaper({ scope, all: scope, pool: 100 }));
});

test('the rarer a scope is in the index, the larger it may be and still be compared', () => {
  assert.ok(!isExactCheaper({ scope: 20_000, all: 20_000, pool: 100 }));
  assert.ok(isExactCheaper({ scope: 20_000, all: 1_000_000, pool: 100 }));
  assert.ok(!isExactCheaper({ scope: 500_000, all: 1_000_000, pool: 100 }));
});

test('a walk keeps more rows in sight where the scope is a part, as far as pgvector goes', () => {
  const whole = inSight({ scope: 100_000, all: 100_000, pool: 100 });
  assert.ok(inSight({ scope: 80_000, all: 100_000, pool: 100 }) > whole);
  assert.equal(inSight({ scope: 100, all: 100_000, pool: 100 }), 1000);
  assert.equal(inSight({ scope: 100_000, all: 0, pool: 100 }), whole);
  assert.ok(inSight({ scope: 100_000, all: 100_000, pool: 1000 }) === 1000);
});
