import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCitationFilter } from '#api/conversations/citation-filter.ts';

const filtered = (pieces: readonly string[], known: readonly number[]): { text: string; cited: number[] } => {
  const filter = createCitationFilter(new Set(known));
  const text = pieces.map((piece) => filter.push(piece)).join('') + filter.end();
  return { text, cited: [...filter.cited].sort() };
};

const cases: readonly (readonly [given: string, known: number[], text: string, cited: number[]])[] = [
  ['Dry [1], wet [2].', [1, 2], 'Dry [1], wet [2].', [1, 2]],
  ['Dry [1], wet [9].', [1], 'Dry [1], wet.', [1]],
  ['Dry [1, 9; 2] and [9,8].', [1, 2], 'Dry [1, 2] and.', [1, 2]],
  ['Dry[3][4]', [4], 'Dry[4]', [4]],
  ['In [2026] and [a] and [] and [1', [], 'In [2026] and [a] and [] and [1', []],
  ['Code `x[0]` and ```\ny[1] = z[2]\n``` but [3]!', [], 'Code `x[0]` and ```\ny[1] = z[2]\n``` but!', []],
  ['No\0thing 🫏 [1]', [1], 'Nothing 🫏 [1]', [1]],
  ['  [5] at both ends [5]  ', [], ' at both ends  ', []],
];

test('citations of sources that do not exist go, wherever the pieces are cut', () => {
  for (const [given, known, text, cited] of cases) {
    assert.deepEqual(filtered([given], known), { text, cited }, given);
    for (let size = 1; size < given.length; size++) {
      const pieces: string[] = [];
      for (let start = 0; start < given.length; start += size) pieces.push(given.slice(start, start + size));
      assert.deepEqual(filtered(pieces, known), { text, cited }, `${given} in pieces of ${size}`);
    }
  }
});

test('half a character without its other half becomes one that can be stored', () => {
  assert.equal(filtered(['a\ud83e', 'b'], []).text, 'a\ufffdb');
  assert.equal(filtered(['a\ud83e'], []).text, 'a\ufffd');
});

test('what is certain is shown at once', () => {
  const filter = createCitationFilter(new Set([1]));
  assert.equal(filter.push('They need'), 'They need');
  assert.equal(filter.push(' a shelter ['), ' a shelter');
  assert.equal(filter.push('1'), '');
  assert.equal(filter.push('] now'), ' [1] now');
});
