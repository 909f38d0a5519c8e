import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createBuiltinEmbedder, hashedVector } from '#shared/embedding/builtin-embedder.ts';
import { textFeatures } from '#shared/embedding/text-features.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';

const embedder = () => createBuiltinEmbedder({ metrics: createMetrics('test') });
const signal = new AbortController().signal;
const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);
const similarity = (a: string, b: string): number => cosine(hashedVector(a, 768), hashedVector(b, 768));

test('the same text has the same vector, whoever asks', async () => {
  const [document] = await embedder().embedDocuments(['Donkeys dislike rain.'], { signal });
  assert.deepEqual(document, await embedder().embedQuery('Donkeys dislike rain.', { signal }));
});

test('vectors of this model name never change', () => {
  // Stored vectors meet new queries: whoever changes the features must change the model's name, too.
  assert.equal(createBuiltinEmbedder({ metrics: createMetrics('test') }).model.name, 'hashed-words-1');
  const vector = hashedVector('Donkeys dislike rain.', 768);
  const strongest = [...vector.keys()]
    .sort((a, b) => Math.abs(vector[b]!) - Math.abs(vector[a]!))
    .slice(0, 3);
  assert.deepEqual(
    strongest.map((index) => [index, Number(vector[index]!.toFixed(4))]),
    [
      [270, -0.4309],
      [465, -0.4309],
      [723, -0.4309],
    ],
  );
});

test('each text gets its vector, in order, of the length the model says', async () => {
  const texts = Array.from({ length: 70 }, (_, index) => `text number ${index}`);
  const vectors = await embedder().embedDocuments(texts, { signal });
  assert.equal(vectors.length, 70);
  for (const [index, vector] of vectors.entries()) {
    assert.equal(vector.length, embedder().model.dimensions);
    assert.deepEqual(vector, hashedVector(texts[index]!, 768));
  }
});

test('inflected, compound and misspelt words are nearer than others', () => {
  assert.ok(similarity('the donkey was running', 'donkeys run') > 0.6);
  assert.ok(similarity('aerodynamics', 'aerodynamical') > similarity('aerodynamics', 'agriculture') + 0.3);
  assert.ok(similarity('Versicherungsvertrag', 'Versicherung') > 0.3);
  assert.ok(
    similarity('recieve the letter', 'receive the letter') >
      similarity('recieve the letter', 'send a parcel'),
  );
});

test('texts of other scripts are compared by their characters', () => {
  assert.ok(
    similarity('驴不喜欢下雨', '下雨的时候驴在哪里') > similarity('驴不喜欢下雨', '今天的股票市场') + 0.1,
  );
  assert.ok(similarity('ослы не любят дождь', 'дождь и ослы') > 0.4);
});

test('any text whatever has a finite vector of unit length', () => {
  const odd = ['', ' ', '\n\t', '...', '🙂🙃', '\ud800', '\0', 'the of and', 'a'.repeat(100_000), '​'];
  const check = (text: string): void => {
    const vector = hashedVector(text, 64);
    assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-5, JSON.stringify(text.slice(0, 50)));
  };
  for (const text of odd) check(text);
  fc.assert(fc.property(fc.string({ unit: 'binary' }), check), { numRuns: 300 });
});

test('stop words count only where there is nothing else', () => {
  assert.ok(similarity('the donkey is in the barn', 'donkey barn') > 0.9999);
  assert.ok(textFeatures('to be or not to be').size > 0);
});

test('an aborted call rejects with the reason', async () => {
  const reason = new Error('enough');
  await assert.rejects(embedder().embedDocuments(['text'], { signal: AbortSignal.abort(reason) }), reason);
});
