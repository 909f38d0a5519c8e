import assert from 'node:assert/strict';
import { test } from 'node:test';
import { averagePrecision, measure, ndcgAt10, recallAt } from '#scripts/bench/retrieval/retrieval-metrics.ts';

const grades = new Map([
  ['a', 2],
  ['b', 1],
  ['c', 0],
]);

test('the ideal order measures 1, nothing found 0', () => {
  const recallAt100 = recallAt.bind(undefined, 100);
  for (const metric of [ndcgAt10, recallAt100, averagePrecision]) {
    assert.equal(metric(['a', 'b', 'c'], grades), 1);
    assert.equal(metric(['x', 'c'], grades), 0);
    assert.equal(metric(['a'], new Map()), 0);
  }
});

test('nDCG@10 discounts by rank and stops after ten', () => {
  const ideal = 2 + 1 / Math.log2(3);
  assert.equal(ndcgAt10(['x', 'b', 'a'], grades), (1 / Math.log2(3) + 2 / 2) / ideal);
  assert.equal(ndcgAt10(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a'], grades), 0);
});

test('recall stops at its rank; average precision counts what is missing', () => {
  const ninetyNine = Array.from({ length: 99 }, (_, index) => String(index));
  assert.equal(recallAt(100, [...ninetyNine, 'a', 'b'], grades), 0.5);
  assert.equal(recallAt(101, [...ninetyNine, 'a', 'b'], grades), 1);
  assert.equal(averagePrecision(['x', 'a', 'y', 'b'], grades), (1 / 2 + 2 / 4) / 2);
  assert.equal(averagePrecision(['a'], grades), 0.5);
});

test('means are over the judged queries, answered or not', () => {
  const judgements = new Map([
    ['q1', grades],
    ['q2', grades],
    ['q3', new Map([['c', 0]])],
  ]);
  const result = measure(new Map([['q1', ['a', 'b']]]), judgements);
  const { recallByRank, ...single } = result;
  assert.deepEqual(single, { ndcgAt10: 0.5, recallAt100: 0.5, map: 0.5 });
  assert.deepEqual(recallByRank.slice(0, 3), [
    [1, 0.25],
    [2, 0.5],
    [5, 0.5],
  ]);
  assert.deepEqual(recallByRank.at(-1), [100, 0.5]);
});
