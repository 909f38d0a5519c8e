import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { AssistantFacts } from '#shared/domain/assistant-metrics.ts';
import { growthOf, trustLevelOf, trustOf } from '#shared/domain/trust.ts';

const NOTHING: AssistantFacts = {
  retrievals: 0,
  retrievalsPassed: 0,
  badges: 0,
  recentReflections: 0,
  recentNegativeFeedback: 0,
  recentFailedReflections: 0,
  embeddable: 0,
  embedded: 0,
  memoryCount: 0,
  documentCount: 0,
  reflectionCount: 0,
  messageCount: 0,
  childCount: 0,
  avgResponseMs: null,
  successRate: null,
  lastActiveAt: null,
  staleAt: null,
};
const score = (facts: Partial<AssistantFacts>): number => trustOf({ ...NOTHING, ...facts }).score;

suite('trust', () => {
  test('each part counts as the formula says', () => {
    assert.equal(score({}), 0);
    assert.equal(score({ retrievals: 50, retrievalsPassed: 50 }), 40);
    assert.equal(score({ retrievals: 3, retrievalsPassed: 2 }), 27, '0.4 * 66.67 is rounded');
    assert.equal(score({ badges: 4 }), 12);
    assert.equal(score({ badges: 11 }), 30, 'ten at most');
    assert.equal(score({ recentReflections: 5 }), 20);
    assert.equal(score({ recentReflections: 99 }), 40);
    assert.equal(
      score({ recentReflections: 5, recentNegativeFeedback: 2, recentFailedReflections: 1 }),
      14,
      'both kinds of corrections cost two each',
    );
    assert.equal(score({ recentNegativeFeedback: 7 }), 0, 'not below zero');
    assert.equal(score({ retrievals: 1, retrievalsPassed: 1, badges: 10, recentReflections: 10 }), 100);
  });

  test('the parts add up to the score', () => {
    const facts = { ...NOTHING, retrievals: 9, retrievalsPassed: 7, badges: 3, recentReflections: 4 };
    const { score: total, components } = trustOf({ ...facts, recentFailedReflections: 2 });
    const sum = Object.values(components.points).reduce((a, b) => a + b, 0);
    assert.equal(total, Math.round(sum));
    assert.equal(components.points.corrections, -4);
    assert.ok(Math.abs(components.groundingPct - 77.78) < 0.01);
  });

  test('levels begin where they are said to', () => {
    assert.deepEqual([0, 49, 50, 79, 80, 100].map(trustLevelOf), [
      'needs_attention',
      'needs_attention',
      'training',
      'training',
      'ready',
      'ready',
    ]);
  });

  test('whatever happens, it is a whole number from 0 to 100', () => {
    const counts = fc.nat({ max: 1_000 });
    fc.assert(
      fc.property(counts, counts, counts, counts, counts, (a, b, c, d, e) => {
        const value = score({
          retrievals: a,
          retrievalsPassed: Math.min(a, b),
          badges: c,
          recentReflections: d,
          recentNegativeFeedback: e,
        });
        assert.ok(Number.isInteger(value) && value >= 0 && value <= 100);
      }),
    );
  });
});

suite('growth', () => {
  const growth = (facts: Partial<AssistantFacts>, trust = 0, before: 0 | 1 | 2 = 0) =>
    growthOf({ ...NOTHING, ...facts }, trust, before);

  test('each part counts as the formula says', () => {
    assert.equal(growth({}).points, 0);
    assert.equal(growth({}, 59).points, 5);
    assert.equal(growth({ retrievals: 5, retrievalsPassed: 1 }).points, 1, 'a fifth is a whole point');
    assert.equal(growth({ retrievals: 50, retrievalsPassed: 29 }).points, 2);
    assert.equal(growth({ embeddable: 10, embedded: 10 }).points, 5);
    assert.equal(growth({ embeddable: 10, embedded: 9 }).points, 4);
    assert.equal(growth({ retrievals: 1, retrievalsPassed: 1, embeddable: 1, embedded: 1 }, 100).points, 20);
  });

  test('rates are those of what was looked at', () => {
    assert.deepEqual(growth({ retrievals: 4, retrievalsPassed: 3 }).components, {
      fallbackRate: 0.25,
      embeddedShare: 0,
      points: { trust: 0, grounding: 3, embedded: 0 },
    });
    assert.equal(growth({}).components.fallbackRate, 1);
  });

  test('levels begin at 0, 5 and 15 points, and never fall', () => {
    assert.deepEqual(
      [0, 49, 50, 100].map((trust) => growth({ embeddable: 1, embedded: 1 }, trust - (trust % 10)).level),
      [1, 1, 1, 2],
    );
    assert.equal(growth({}, 40).level, 0);
    assert.equal(growth({}, 0, 2).level, 2);
    assert.equal(growth({ retrievals: 1, retrievalsPassed: 1 }, 0, 0).level, 1);
  });
});
