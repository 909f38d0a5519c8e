import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { percentile } from '#scripts/bench/percentile.ts';
import { createBm25Index } from '#scripts/bench/retrieval/bm25.ts';

const index = createBm25Index([
  { id: 'a', text: 'The donkeys are carrying water' },
  { id: 'b', text: 'Water, water and water; nothing but water in the well of a long, long valley' },
  { id: 'c', text: 'A donkey' },
  { id: 'd', text: 'Of hills' },
]);

suite('BM25', () => {
  test('forms of a word meet, and stop words find nothing', () => {
    assert.deepEqual(index.search('donkey', 10), ['c', 'a']);
    assert.deepEqual(index.search('the and of', 10), []);
    assert.deepEqual(index.search('camel', 10), []);
  });

  test('a word that stands often counts more, but less each time, and one that few have counts more', () => {
    assert.deepEqual(index.search('water', 10), ['b', 'a']);
    assert.deepEqual(index.search('donkeys water', 1), ['a']);
    assert.deepEqual(index.search('hill water', 3), ['d', 'b', 'a']);
  });

  test('without the length of documents the long one gains', () => {
    const texts = [
      { id: 'short', text: 'water' },
      { id: 'long', text: 'water water donkey donkey donkey donkey donkey donkey' },
    ];
    assert.deepEqual(createBm25Index(texts, 1.2, 1).search('water', 1), ['short']);
    assert.deepEqual(createBm25Index(texts, 1.2, 0).search('water', 1), ['long']);
  });
});

test('a percentile is a value of the list, by nearest rank', () => {
  const values = Array.from({ length: 20 }, (_, at) => at + 1);
  assert.equal(percentile(values, 0.5), 10);
  assert.equal(percentile(values, 0.95), 19);
  assert.equal(percentile(values, 1), 20);
  assert.equal(percentile(values, 0), 1);
  assert.equal(percentile([7], 0.95), 7);
  assert.ok(Number.isNaN(percentile([], 0.5)));
});
