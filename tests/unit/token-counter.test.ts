import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countTokens as countByLibrary } from 'gpt-tokenizer/encoding/cl100k_base';
import { KnownWords, NO_HASH, extendHash } from '#shared/domain/known-words.ts';
import { countTokens } from '#shared/domain/token-counter.ts';

/** Where words begin and end, and what looks like it. */
const piece = fc.constantFrom(
  ...[
    'hello',
    ' world',
    "don't",
    "'hello'",
    "'ll",
    "'S",
    'HTTP2',
    'iPhone',
    '_x_',
    '(a)',
    '$x',
    '$ x',
    '"q"',
  ],
  ...[
    ' ',
    '  ',
    '\n',
    '\r\n',
    '\t',
    '\u00a0',
    '\u2028',
    '\u0000',
    '.',
    ', ',
    '!!',
    ' ...',
    '-',
    '--',
    '#',
    '`',
  ],
  ...['12', '12345', '1²', 'é', 'naïve', 'x\u0301', '漢字', '😀', '\ud800', '<|endoftext|>', 'a'.repeat(30)],
);
const anyText = fc.oneof(
  fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

test('any text has as many tokens as the encoding gives it', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.equal(countTokens(text), countByLibrary(text, { disallowedSpecial: new Set() }));
    }),
    { numRuns: 5000 },
  );
});

test('a part of a text is counted as if it stood alone', () => {
  fc.assert(
    fc.property(anyText, fc.nat(60), fc.nat(60), (text, one, other) => {
      const [start, end] = [Math.min(one, other, text.length), Math.min(Math.max(one, other), text.length)];
      assert.equal(countTokens(text, start, end), countTokens(text.slice(start, end)));
    }),
    { numRuns: 5000 },
  );
  const long = 'word '.repeat(300);
  assert.equal(countTokens(long, 5, 1_200), countTokens(long.slice(5, 1_200)));
});

test('more words than are remembered are counted all the same', () => {
  const texts = Array.from({ length: 70 }, (_, block) =>
    Array.from({ length: 1000 }, (_, index) => `w${letters(block * 1000 + index)}`).join(' '),
  );
  const first = texts.map((text) => countTokens(text));
  assert.deepEqual(
    texts.map((text) => countTokens(text)),
    first,
  );
  assert.equal(first[69], countByLibrary(texts[69] ?? ''));
});

const letters = (number: number): string =>
  number.toString(26).replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)));

test('known words are told apart even when their hashes are the same', () => {
  const words = new KnownWords();
  const text = 'one two six';
  words.learn(text, 0, 3, 7, 1);
  words.learn(text, 4, 7, 7, 2);
  assert.equal(words.find('a one', 2, 5, 7), 1);
  assert.equal(words.find(text, 4, 7, 7), 2);
  assert.equal(words.find(text, 8, 11, 7), -1);
  assert.equal(words.find(text, 0, 3, 8), -1);
});

test('what is not kept is not found: no word, a long word, a large number', () => {
  const words = new KnownWords();
  const long = 'x'.repeat(256);
  words.learn(long, 0, 256, NO_HASH, 1);
  words.learn(long, 0, 0, NO_HASH, 1);
  words.learn(long, 0, 2, NO_HASH, 256);
  assert.equal(words.find(long, 0, 256, NO_HASH), -1);
  assert.equal(words.find(long, 0, 2, NO_HASH), -1);
});

test('a full table forgets, and goes on', () => {
  const words = new KnownWords();
  const hashOf = (word: string): number =>
    Array.from(word).reduce((hash, unit) => extendHash(hash, unit.charCodeAt(0)), NO_HASH);
  for (let index = 0; index < 40_000; index++) {
    const word = `w${index}`;
    words.learn(word, 0, word.length, hashOf(word), index % 200);
    assert.equal(words.find(word, 0, word.length, hashOf(word)), index % 200);
  }
  assert.equal(words.find('w0', 0, 2, hashOf('w0')), -1);
});
