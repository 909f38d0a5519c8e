import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planTextRanking } from '#db/queries/text-ranking.ts';

const counts = (chunkCount: number, scopeChunkCount = chunkCount) => ({
  chunkCount,
  tokenCount: chunkCount * 200,
  scopeChunkCount,
});

test('weights are shares of inverse document frequency, counted as often as the query has the term', () => {
  const plan = planTextRanking(
    [
      { term: 'rare', count: 1, chunkCount: 1 },
      { term: 'often', count: 2, chunkCount: 50 },
    ],
    counts(100),
  );
  const rare = Math.log(1 + 99.5 / 1.5);
  const often = 2 * Math.log(1 + 50.5 / 50.5);
  assert.deepEqual(plan.terms, [`'rare'`, `'often'`]);
  assert.deepEqual(plan.weights, [rare / (rare + often), often / (rare + often)]);
  assert.equal(plan.averageTokens, 200);
  assert.equal(plan.candidates, `'rare' | 'often'`);
});

test('a term that stands nowhere keeps its share of the best score but is not looked for', () => {
  const plan = planTextRanking(
    [
      { term: 'known', count: 1, chunkCount: 3 },
      { term: 'unknown', count: 1, chunkCount: 0 },
    ],
    counts(100),
  );
  assert.deepEqual(plan.terms, [`'known'`]);
  assert.ok(plan.weights[0]! < 0.5);
});

test('a query without a known term has no candidates', () => {
  assert.equal(planTextRanking([], counts(100)).candidates, null);
  assert.equal(planTextRanking([{ term: 'x', count: 1, chunkCount: 0 }], counts(100)).candidates, null);
  assert.equal(planTextRanking([], counts(0)).averageTokens, 1);
});

test('in a large corpus candidates are found by the rarest terms and scored by all', () => {
  const query = [
    { term: 'common', count: 1, chunkCount: 60_000 },
    { term: 'rare', count: 1, chunkCount: 40 },
    { term: 'usual', count: 1, chunkCount: 2000 },
  ];
  assert.equal(planTextRanking(query, counts(100_000)).candidates, `'rare' | 'usual'`);
  assert.equal(planTextRanking(query, counts(100_000)).terms.length, 3);
  // In a scope of a twentieth all of them together are few enough again.
  assert.equal(planTextRanking(query, counts(100_000, 1000)).candidates, `'rare' | 'usual' | 'common'`);
  assert.equal(planTextRanking([query[0]!], counts(100_000)).candidates, `'common'`);
});

test('of a long query the 64 most telling terms are scored', () => {
  const query = Array.from({ length: 200 }, (_, index) => ({
    term: `t${index}`,
    count: 1,
    chunkCount: index + 1,
  }));
  const plan = planTextRanking(query, counts(1000));
  assert.equal(plan.terms.length, 64);
  assert.ok(plan.terms.includes(`'t0'`) && !plan.terms.includes(`'t199'`));
});

test('quotes and backslashes cannot end a term', () => {
  const plan = planTextRanking([{ term: `o'b\\`, count: 1, chunkCount: 1 }], counts(10));
  assert.equal(plan.candidates, `'o''b\\\\'`);
});
