import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Passage } from '#shared/completion/completer.ts';
import { createExtractiveCompleter, NOTHING_FOUND } from '#shared/completion/extractive-completer.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';

const completer = createExtractiveCompleter({ metrics: createMetrics('test') });
const signal = new AbortController().signal;
const ask = async (question: string, passages: readonly Passage[]): Promise<string> =>
  (await completer.complete({ messages: [], question, passages }, { signal })).text;

const passages: Passage[] = [
  { n: 1, text: 'Donkeys come from dry lands. Donkeys dislike rain and need a dry shelter. They eat straw.' },
  { n: 2, text: 'The shelter has a roof of tin.\nIt was built in 1911.' },
];

test('quotes what fits the question, word for word, with its number', async () => {
  const answer = await ask('What shelter do donkeys need when it rains?', passages);
  assert.match(answer, /“Donkeys dislike rain and need a dry shelter\.” \[1\]/);
  assert.doesNotMatch(answer, /straw|1911/);
  for (const [, quote, n] of answer.matchAll(/“([^”]+)” \[(\d)\]/g))
    assert.ok(passages.find((passage) => passage.n === Number(n))!.text.includes(quote!), quote);
  assert.match(await ask('When was the roof built?', passages), /“It was built in 1911\.” \[2\]/);
});

test('says nothing but that it found nothing', async () => {
  assert.equal(await ask('Anything?', []), NOTHING_FOUND);
  assert.equal(await ask('Anything?', [{ n: 1, text: ' … \n' }]), NOTHING_FOUND);
});

test('the same request has the same answer, in pieces or whole', async () => {
  const answers = new Set<string>();
  for (let round = 0; round < 5; round++) answers.add(await ask('donkeys and the shelter', passages));
  const request = { messages: [], question: 'donkeys and the shelter', passages };
  answers.add((await Array.fromAsync(completer.stream(request, { signal }))).join(''));
  assert.equal(answers.size, 1);
});

test('a passage found by meaning alone is quoted, long sentences are shortened', async () => {
  const text = 'equine animals '.repeat(100);
  const answer = await ask('¿?', [{ n: 4, text }]);
  const [, quote] = /“([^”]+) …” \[4\]/.exec(answer) ?? [];
  assert.ok(quote !== undefined && quote.length <= 600 && text.includes(quote));
});

test('an aborted call is not answered', async () => {
  const request = { messages: [], question: 'donkeys', passages };
  await assert.rejects(
    completer.complete(request, { signal: AbortSignal.abort(new Error('enough')) }),
    /enough/,
  );
});
