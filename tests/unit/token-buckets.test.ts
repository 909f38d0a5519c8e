import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTokenBuckets, perMinuteLimits } from '#api/http/token-buckets.ts';

test('what is used up comes back with time, for each key by itself', () => {
  let time = 0;
  const buckets = createTokenBuckets({ capacity: 3, perSecond: 0.5, now: () => time });
  for (let count = 0; count < 2; count += 1) buckets.charge('a', 1);
  assert.equal(buckets.secondsUntilFree('a'), 0);
  buckets.charge('a', 1);
  assert.equal(buckets.secondsUntilFree('a'), 1);
  assert.equal(buckets.secondsUntilFree('b'), 0);
  time = 1_999;
  assert.equal(buckets.secondsUntilFree('a'), 0);
  time = 1_000_000;
  for (let count = 0; count < 3; count += 1) buckets.charge('a', 1);
  assert.equal(buckets.secondsUntilFree('a'), 1, 'no more than a bucket holds was saved');
});

test('a debt is no deeper than a bucket', () => {
  let time = 0;
  const buckets = createTokenBuckets({ capacity: 2, perSecond: 1, now: () => time });
  for (let count = 0; count < 1000; count += 1) buckets.charge('a', 1);
  assert.equal(buckets.secondsUntilFree('a'), 2);
  time = 2_001;
  assert.equal(buckets.secondsUntilFree('a'), 0);
});

test('keys whose buckets are full again are forgotten, the others are not', () => {
  let time = 0;
  const buckets = createTokenBuckets({ capacity: 1, perSecond: 1, now: () => time });
  for (let key = 0; key < 9_999; key += 1) buckets.charge(`old ${key}`, 1);
  time = 5_000;
  for (let count = 0; count < 2; count += 1) buckets.charge('young', 1);
  assert.equal(buckets.size, 1);
  assert.equal(buckets.secondsUntilFree('young'), 1);
});

test('a sixth of what a minute allows is there at once', () => {
  assert.deepEqual(perMinuteLimits(60), { capacity: 10, perSecond: 1 });
});
