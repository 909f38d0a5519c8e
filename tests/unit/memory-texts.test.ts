import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { textFeatures } from '#shared/embedding/text-features.ts';
import { importanceOf } from '#shared/memories/importance.ts';
import { LONGEST_EVENT, mergeTexts, titleFrom } from '#shared/memories/memory-text.ts';
import { nearKeys, textSimilarity } from '#shared/memories/near-text.ts';
import { quotes } from '#shared/memories/quotation.ts';

const TEXT =
  'The weekly meeting of the donkey club takes place on Tuesday evening in the old barn behind the church.';
const similarity = (a: string, b: string): number => textSimilarity(textFeatures(a), textFeatures(b));
const haveKey = (a: string, b: string): boolean => {
  const keys = new Set(nearKeys(a));
  return nearKeys(b).some((key) => keys.has(key));
};

suite('texts that nearly say the same', () => {
  test('have a key in common, and a high similarity', () => {
    for (const near of [
      TEXT,
      TEXT.toUpperCase(),
      TEXT.replace('Tuesday', 'Thursday'),
      TEXT.replace('takes place', 'is held'),
      TEXT.replace('.', ', as ever.'),
      'In the old barn behind the church the weekly meeting of the donkey club takes place on Tuesday evening.',
    ]) {
      assert.ok(similarity(TEXT, near) >= 0.8, `${near}: ${similarity(TEXT, near)}`);
      assert.ok(haveKey(TEXT, near), near);
    }
    assert.equal(Math.round(similarity(TEXT, TEXT.toUpperCase()) * 1e6), 1e6);
  });

  test('others have neither', () => {
    const others = [
      'Sheep are shorn in May, when the days grow warm.',
      'The choir of the village sings every Friday in the chapel on the hill.',
      'Ada repairs violins in her workshop by the harbour.',
      '日本語の文章です。',
    ];
    for (const other of others) {
      assert.ok(similarity(TEXT, other) < 0.5, `${other}: ${similarity(TEXT, other)}`);
      assert.ok(!haveKey(TEXT, other), other);
    }
  });

  test('keys are 24 whole numbers that PostgreSQL can keep, always the same; nothing has none', () => {
    const keys = nearKeys(TEXT);
    assert.equal(keys.length, 24);
    assert.deepEqual(nearKeys(TEXT), keys);
    assert.ok(keys.every((key) => Number.isInteger(key) && key >= -(2 ** 31) && key < 2 ** 31));
    assert.deepEqual([nearKeys('  '), similarity('  ', TEXT)], [[], 0]);
  });

  test('of 400 edits of one word in twelve, at least 99 % are found by their keys', (t) => {
    const words =
      'amber barn cedar dune ember fjord grove heron inlet jetty knoll larch maple nettle otter plover'.split(
        ' ',
      );
    let found = 0;
    for (let n = 0; n < 400; n += 1) {
      const text = Array.from({ length: 12 }, (_, k) => words[(n * 7 + k * 5 + (n >> 3)) % words.length]!);
      const edited = text.with(n % 12, 'window');
      if (haveKey(text.join(' '), edited.join(' '))) found += 1;
    }
    t.diagnostic(`${found} of 400`);
    assert.ok(found >= 396);
  });
});

suite('quotations', () => {
  test('a piece of a source, or all of it with a few words around, says nothing new', () => {
    assert.ok(quotes(TEXT, TEXT));
    assert.ok(quotes('the donkey club takes place on TUESDAY evening in the old barn', TEXT));
    assert.ok(quotes(`According to the handbook: ${TEXT}`, TEXT));
  });

  test('own words, other numbers, long comments and single words do', () => {
    assert.ok(!quotes('The donkey club meets on Tuesdays.', TEXT));
    assert.ok(!quotes(TEXT.replace('Tuesday', '7'), TEXT));
    assert.ok(!quotes(`${TEXT} ${'I do not think that this is a good idea at all. '.repeat(3)}`, TEXT));
    assert.ok(!quotes('donkey club', TEXT));
    assert.ok(!quotes('', TEXT));
  });
});

suite('what is made of a text', () => {
  test('a title is the first sentence, cut at a word', () => {
    assert.equal(titleFrom('Short one. And more.'), 'Short one.');
    assert.equal(titleFrom('Two\nlines without an end'), 'Two lines without an end');
    const long = titleFrom('word '.repeat(100));
    assert.ok(long.length <= 80 && long.endsWith('word…'), long);
    const noSpace = titleFrom('😀'.repeat(100));
    assert.ok(noSpace.length <= 80 && noSpace.isWellFormed());
  });

  test('importance is between 0 and 10, the same every time, and grows with what it is made of', () => {
    const judge = (event: string, more = {}): number =>
      importanceOf({ event, type: 'note', sourceRole: 'assistant', emotion: null, ...more });
    assert.equal(judge('ok'), 2);
    assert.equal(judge('ok', { sourceRole: 'user' }), 3);
    assert.equal(judge('ok', { type: 'preference' }), 3);
    assert.equal(judge('ok', { emotion: 'joy' }), 3);
    assert.equal(judge('Remember: never on Mondays, Ada said at 7:30.'), 5.6);
    const most = judge(`Remember, never, always: we love Ada, Ben, Cleo, 1, 2, 3, 4. ${'word '.repeat(99)}`, {
      sourceRole: 'user',
      type: 'task',
      emotion: 'joy',
    });
    assert.equal(most, 10);
  });

  test('merging keeps each sentence once, in its newer wording', () => {
    const merged = mergeTexts(
      'Ada likes tea. She lives by the old harbour of Bergen.',
      'She lives by the old harbour of Bergen! She plays chess.',
      0.85,
    );
    assert.equal(merged, 'Ada likes tea. She lives by the old harbour of Bergen! She plays chess.');
    assert.equal(mergeTexts('Ada likes tea.', 'ada likes tea.', 0.85), 'Ada likes tea.');
    assert.equal(
      mergeTexts(`${'a b c d. '.repeat(10)}x`.padEnd(LONGEST_EVENT, 'y'), 'Something else.', 0.85),
      null,
    );
  });
});
