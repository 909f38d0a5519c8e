import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { createBuiltinEmbedder } from '#shared/embedding/builtin-embedder.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { centrality, chooseDiverse, compareAll } from '#shared/summary/rank-sentences.ts';
import { sentencesOf } from '#shared/summary/sentences-of.ts';
import { summariseExtractively } from '#shared/summary/summarise-extractively.ts';
import type { SummariseOptions } from '#shared/summary/summarise-extractively.ts';

const embedder = createBuiltinEmbedder({ metrics: createMetrics('test') });
const { signal } = new AbortController();
const summarise = (texts: readonly { id: string; text: string }[], options: Partial<SummariseOptions> = {}) =>
  summariseExtractively(texts, { embedder, signal, maxSentences: 3, maxChars: 600, ...options });

/** Four memories: most speak of the donkey's feed, one of something else. */
const MEMORIES = [
  { id: 'a', text: 'The donkey eats straw and hay. Straw is the best feed for a donkey in winter.' },
  { id: 'b', text: 'Hay and straw feed the donkey through the winter. The printer is out of toner.' },
  { id: 'c', text: 'A donkey that eats fresh grass in spring should get less hay and straw.' },
  { id: 'd', text: 'The donkey eats straw and hay! Call the dentist on Tuesday.' },
];

suite('extractive summaries', () => {
  test('the sentence that most others resemble comes first, and side remarks stay out', async () => {
    const { picked, summary } = await summarise(MEMORIES);
    assert.equal(picked.length, 3);
    assert.match(picked[0]!.sentence, /straw/i);
    assert.equal(picked[0]!.score, 1);
    assert.doesNotMatch(summary, /printer|dentist/);
  });

  test('each sentence is quoted from the text it names, in reading order', async () => {
    const { picked, summary } = await summarise(MEMORIES);
    for (const { id, sentence } of picked)
      assert.ok(MEMORIES.find((memory) => memory.id === id)!.text.includes(sentence), sentence);
    const whole = MEMORIES.map(({ text }) => text).join(' ');
    const places = summary.split('\n').map((sentence) => whole.indexOf(sentence));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
  });

  test('the same texts always give the same summary', async () => {
    assert.deepEqual(await summarise(MEMORIES), await summarise(structuredClone(MEMORIES)));
  });

  test('what is said twice is not summarised twice', async () => {
    const said = 'The donkey lives in the old barn behind the mill.';
    const texts = Array.from({ length: 6 }, (_, index) => ({ id: String(index), text: said.toUpperCase() }));
    const { picked } = await summarise([{ id: 'first', text: said }, ...texts]);
    assert.deepEqual(
      picked.map(({ id }) => id),
      ['first'],
    );
    const nearly = await summarise(
      [
        { id: '1', text: 'The donkey lives in the old barn behind the mill.' },
        { id: '2', text: 'The donkey lives in the old barn just behind the mill.' },
        { id: '3', text: 'The donkey lives in an old barn behind the mill.' },
        { id: '4', text: 'Every barn behind a mill needs a dry floor.' },
      ],
      { maxSentences: 2 },
    );
    assert.equal(nearly.picked[1]!.id, '4', 'a near repetition gives way to something new');
  });

  test('neither more sentences nor more characters than asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: fc.string(), text: fc.string({ unit: 'grapheme', maxLength: 300 }) })),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 400 }),
        async (texts, maxSentences, maxChars) => {
          const { summary, picked } = await summarise(texts, { maxSentences, maxChars });
          assert.ok(summary.length <= maxChars && picked.length <= maxSentences);
          assert.equal(summary === '', picked.length === 0);
          for (const { score } of picked) assert.ok(score >= 0 && score <= 1);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('headings and scraps are left out unless there is nothing else', async () => {
    const text = '# Feeding\n\nStraw is the best feed for a donkey. Yes. Hay comes second after the straw.';
    assert.deepEqual(
      sentencesOf([{ id: 'a', text }], 10).map((sentence) => sentence.text),
      ['Straw is the best feed for a donkey.', 'Hay comes second after the straw.'],
    );
    assert.equal((await summarise([{ id: 'a', text: '# Feeding' }])).summary, '# Feeding');
    assert.deepEqual(await summarise([{ id: 'a', text: ' \n ' }]), { summary: '', picked: [] });
    assert.deepEqual(await summarise([]), { summary: '', picked: [] });
  });

  test('of very many sentences some of every part are compared, in bounded time', async (t) => {
    const texts = Array.from({ length: 100 }, (_, index) => ({
      id: String(index),
      text: Array.from({ length: 50 }, (__, line) => `Remark ${line} of day ${index} about hay.`).join(' '),
    }));
    const chosen = sentencesOf(texts, 400);
    assert.equal(chosen.length, 400);
    assert.equal(new Set(chosen.map(({ id }) => id)).size, 100);
    const started = performance.now();
    assert.equal((await summarise(texts)).picked.length, 3);
    const took = performance.now() - started;
    assert.ok(took < 10_000, `${took} ms`);
    t.diagnostic(`5,000 sentences in ${Math.round(took)} ms`);
  });

  test('what is to be embedded is announced, and a refusal ends the call', async () => {
    const seen: number[] = [];
    await summarise(MEMORIES, { beforeEmbedding: (tokens) => Promise.resolve(void seen.push(tokens)) });
    assert.ok(seen.length === 1 && seen[0]! > 40);
    const refusal = new Error('no quota');
    await assert.rejects(summarise(MEMORIES, { beforeEmbedding: () => Promise.reject(refusal) }), refusal);
    await summarise(MEMORIES.slice(2, 3), { beforeEmbedding: () => Promise.reject(refusal) });
  });

  test('a long line without an end is cut at a space', () => {
    const [sentence] = sentencesOf([{ id: 'a', text: 'hay '.repeat(400) }], 10);
    assert.ok(sentence!.text.length <= 600);
    assert.match(sentence!.text, /hay…$/);
  });
});

suite('sentence ranking', () => {
  const vector = (...values: number[]): Float32Array => Float32Array.from(values);

  test('a known graph has its known ranks', () => {
    // A star: the middle resembles both ends, which resemble nothing else.
    const scores = centrality(compareAll([vector(1, 0), vector(1, 1), vector(0, 1)]));
    // With d = 0.85 the middle m and an end e solve m = 0.05 + 2 d e and e = 0.05 + d m / 2 (each of three starts at 1/3).
    const middle = (0.05 * (1 + 2 * 0.85)) / (1 - 0.85 ** 2);
    const ratio = (0.05 + (0.85 / 2) * middle) / middle;
    assert.equal(scores[1], 1);
    assert.ok(Math.abs(scores[0]! - ratio) < 1e-4 && Math.abs(scores[2]! - ratio) < 1e-4, String(scores));
  });

  test('sentences that resemble nothing are equals, and the earlier is chosen first', () => {
    const similarities = compareAll([vector(1, 0, 0), vector(0, 1, 0), vector(0, 0, 1), vector(0, 0, 0)]);
    const scores = centrality(similarities);
    assert.deepEqual(
      [...scores].map((score) => Number(score.toFixed(6))),
      [1, 1, 1, 1],
    );
    assert.deepEqual(
      chooseDiverse(scores, similarities, 2, () => true),
      [0, 1],
    );
    assert.deepEqual(
      chooseDiverse(scores, similarities, 2, (index) => index !== 0),
      [1, 2],
    );
  });
});
