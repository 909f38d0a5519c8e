import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PageSpan } from '#shared/domain/extracted-text.ts';
import { fingerprint } from '#shared/domain/fingerprint.ts';
import type { TextChunk } from '#shared/domain/text-chunk.ts';
import { countTokens } from '#shared/domain/token-counter.ts';
import { splitText, splitTextInTurns } from '#worker/documents/split-text.ts';

const SIZE = { sizeTokens: 40, overlapTokens: 10 };

/** Holds for every text and every size. */
function assertSound(text: string, chunks: readonly TextChunk[], sizeTokens: number): void {
  let coveredTo = 0;
  for (const [index, chunk] of chunks.entries()) {
    const previous = chunks[index - 1];
    assert.equal(chunk.position, index);
    assert.equal(chunk.text, text.slice(chunk.charStart, chunk.charEnd));
    assert.notEqual(chunk.text.trim(), '');
    assert.equal(chunk.tokenCount, countTokens(chunk.text));
    assert.ok(chunk.tokenCount <= sizeTokens, `${chunk.tokenCount} tokens`);
    assert.equal(chunk.fingerprint, fingerprint(chunk.text));
    assert.ok(!cutsPair(text, chunk.charStart) && !cutsPair(text, chunk.charEnd), 'cut in a surrogate pair');
    if (previous !== undefined) {
      assert.ok(chunk.charStart > previous.charStart && chunk.charEnd > previous.charEnd, 'does not advance');
    }
    assert.equal(
      text.slice(coveredTo, Math.max(coveredTo, chunk.charStart)).trim(),
      '',
      'left something out',
    );
    coveredTo = chunk.charEnd;
  }
  assert.equal(text.slice(coveredTo).trim(), '', 'left the end out');
}

const cutsPair = (text: string, at: number): boolean =>
  /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at));

const prose = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          'The house stands on a hill.',
          'Why?',
          'Nobody knew, e.g. Mr. Smith.',
          'word',
        ),
      },
      { weight: 4, arbitrary: fc.constantFrom(' ', '\n', '\n\n', '\r\n', '\f', '   ', '\u00a0') },
      {
        weight: 2,
        arbitrary: fc.constantFrom('# Title\n', '\n\n2.1 Methods\n', '- item\n', 'INTRODUCTION\n', '====\n'),
      },
      { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '<|endoftext|>',
          'x'.repeat(900),
          '漢字仮名。'.repeat(30),
          '👩‍👩‍👧‍👦'.repeat(20),
          `a${'\u0301'.repeat(300)}`,
        ),
      },
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

test('any text: chunks are exact, small enough, in order, and leave nothing out', () => {
  fc.assert(
    fc.property(
      prose,
      fc.integer({ min: 16, max: 90 }),
      fc.integer({ min: 0, max: 45 }),
      (text, size, overlap) => {
        const options = { sizeTokens: size, overlapTokens: Math.min(overlap, size >> 1) };
        assertSound(text, splitText(text, [], options), size);
      },
    ),
    { numRuns: 400 },
  );
});

test('any text: what two neighbours share is at most the overlap', () => {
  fc.assert(
    fc.property(prose, fc.integer({ min: 16, max: 90 }), (text, size) => {
      const overlapTokens = size >> 2;
      const chunks = splitText(text, [], { sizeTokens: size, overlapTokens });
      for (const [index, chunk] of chunks.entries()) {
        const shared = text.slice(chunk.charStart, chunks[index - 1]?.charEnd ?? 0);
        assert.ok(countTokens(shared) <= overlapTokens, JSON.stringify(shared));
      }
    }),
    { numRuns: 200 },
  );
});

test('any pages: first and last page are those that the chunk touches', () => {
  const pagesOfText = fc.array(fc.string({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(pagesOfText, (parts) => {
      const pages: PageSpan[] = [];
      let text = '';
      for (const [index, part] of parts.entries()) {
        if (text !== '') text += '\n\n';
        // Even numbers only: pages without text have no span.
        pages.push({ page: 2 * index + 2, charStart: text.length, charEnd: text.length + part.length });
        text += part;
      }
      for (const chunk of splitText(text, pages, SIZE)) {
        const touched = pages.filter(
          (page) => page.charStart < chunk.charEnd && page.charEnd > chunk.charStart,
        );
        assert.equal(chunk.pageFrom, touched[0]?.page);
        assert.equal(chunk.pageTo, touched.at(-1)?.page);
      }
    }),
    { numRuns: 200 },
  );
});

test('a text without pages has none', () => {
  const [chunk] = splitText('A short text.', [], SIZE);
  assert.equal(chunk?.pageFrom, null);
  assert.equal(chunk.pageTo, null);
});

test('a short text is one chunk, without the white space around it', () => {
  const chunks = splitText('\n\n  One sentence. And another. \n', [], SIZE);
  assert.deepEqual(
    chunks.map(({ text }) => text),
    ['One sentence. And another.'],
  );
});

test('white space makes no chunk', () => {
  assert.deepEqual(splitText('', [], SIZE), []);
  assert.deepEqual(splitText(' \n\t\u00a0\r\n', [], SIZE), []);
});

test('chunks begin and end with whole sentences, also when lines wrap them, and overlap by whole sentences', () => {
  const sentences = Array.from({ length: 30 }, (_, n) => `Sentence number ${n} is\nwrapped over two lines.`);
  const chunks = splitText(sentences.join(' '), [], { sizeTokens: 60, overlapTokens: 25 });
  assert.ok(chunks.length > 5);
  for (const [index, chunk] of chunks.entries()) {
    assert.match(chunk.text, /^Sentence number \d+ is\n/);
    assert.match(chunk.text, /two lines\.$/);
    const first = chunk.text.slice(0, chunk.text.indexOf('.') + 1);
    if (index > 0) assert.ok(chunks[index - 1]?.text.includes(first), 'no overlap');
  }
});

test('without overlap, neighbours share nothing', () => {
  const text = 'A sentence like all the others. '.repeat(40);
  const chunks = splitText(text, [], { sizeTokens: 40, overlapTokens: 0 });
  for (const [index, chunk] of chunks.entries())
    assert.ok(chunk.charStart >= (chunks[index - 1]?.charEnd ?? 0));
});

const headings = [
  '## Second part',
  '2 Second part',
  '2.1 Second part',
  'Chapter 2',
  'SECOND PART',
  '\nSecond part\n',
];
for (const heading of headings)
  test(`a heading stays with what follows it: ${JSON.stringify(heading)}`, () => {
    for (let before = 1; before < 12; before++) {
      const text = `${'This is the first part of it. '.repeat(before)}\n${heading}\nThis is what follows the heading at once. ${'More of it. '.repeat(9)}`;
      const chunks = splitText(text, [], SIZE);
      const title = heading.trim();
      const holder = chunks.find((chunk) => chunk.text.includes(title));
      assert.ok(holder !== undefined);
      assert.ok(
        holder.text.includes(`${title}\n`) && holder.text.includes('This is what'),
        JSON.stringify(holder.text),
      );
      // Four sentences fill more than half of a chunk.
      if (before === 4) assert.ok(holder.text.startsWith(title), 'a new section begins a new chunk');
    }
  });

test('a heading before a sentence longer than a chunk takes the beginning of it along', () => {
  const text = `# Title\n${'and then it went on '.repeat(40)}`;
  const chunks = splitText(text, [], SIZE);
  assert.match(chunks[0]?.text ?? '', /^# Title\nand then it went on/);
  assertSound(text, chunks, SIZE.sizeTokens);
});

test('headings with nothing below them are chunks as well', () => {
  const text = '# One of many headings\n'.repeat(50);
  const chunks = splitText(text, [], SIZE);
  assert.ok(chunks.length > 1);
  assertSound(text, chunks, SIZE.sizeTokens);
});

test('a long sentence is cut between words', () => {
  const text = Array.from({ length: 400 }, (_, n) => `Wort${n}`).join(' ');
  for (const chunk of splitText(text, [], SIZE)) assert.match(chunk.text, /^Wort\d+( Wort\d+)*$/);
});

test('lines without sentences are kept whole', () => {
  const line = (n: number) => `GET /items/${n} 200 12ms`;
  const text = Array.from({ length: 100 }, (_, n) => line(n)).join('\n');
  for (const chunk of splitText(text, [], SIZE))
    for (const part of chunk.text.split('\n')) assert.match(part, /^GET \/items\/\d+ 200 12ms$/);
});

test('a run without spaces is cut between visible characters', () => {
  const family = '👩‍👩‍👧‍👦';
  const chunks = splitText(family.repeat(100), [], SIZE);
  assert.ok(chunks.length > 1);
  for (const chunk of chunks) assert.equal(chunk.text.replaceAll(family, ''), '');
});

test('text that looks like a special token is text', () => {
  assert.ok(countTokens('<|endoftext|>') > 1);
  const chunks = splitText('<|endoftext|> '.repeat(50), [], SIZE);
  assert.ok(chunks.length > 1);
});

test('the token counter agrees with itself on both sides of its run length', () => {
  assert.equal(countTokens(''), 0);
  assert.equal(countTokens('hello world'), 2);
  const sentence = ' The quick brown fox jumps over the lazy dog.';
  assert.equal(countTokens(sentence.repeat(100)), 10 * countTokens(sentence.repeat(10)));
});

test('the fingerprint sees neither case nor white space', () => {
  assert.equal(fingerprint('  Hello\n\tWORLD '), fingerprint('hello world'));
  assert.notEqual(fingerprint('hello world'), fingerprint('helloworld'));
  assert.equal(fingerprint('a'), 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
});

const hostile: [string, string][] = [
  ['letters without a space', 'abcdefghij'.repeat(30_000)],
  ['digits', '0123456789'.repeat(30_000)],
  ['empty lines', `a${'\n'.repeat(1_000_000)}b`],
  ['spaces', `a${' '.repeat(1_000_000)}b`],
  ['lines of one letter', 'x\n'.repeat(100_000)],
  ['paragraphs of one letter', 'x\n\n'.repeat(50_000)],
  ['headings', '# a\n'.repeat(50_000)],
  ['sentences without spaces', '漢字仮名交じり文を書く。'.repeat(10_000)],
  ['accents on one letter', `a${'\u0301'.repeat(100_000)}`],
];
for (const [name, text] of hostile)
  test(`a long text of ${name} is split soundly`, { timeout: 60_000 }, () => {
    assertSound(text, splitText(text, [], { sizeTokens: 400, overlapTokens: 60 }), 400);
  });

test('splitting in turns gives the same chunks and lets timers run', async () => {
  const text = 'abc defghij klm. '.repeat(60_000);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const chunks = await splitTextInTurns(text, [], SIZE, new AbortController().signal);
  clearInterval(timer);
  assert.ok(turns > 0, 'no turn was left');
  assert.deepEqual(chunks, splitText(text, [], SIZE));
});

test('splitting in turns ends with the reason of the signal', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const result = splitTextInTurns('abc defghij klm. '.repeat(60_000), [], SIZE, controller.signal);
  controller.abort(reason);
  await assert.rejects(result, reason);
});
