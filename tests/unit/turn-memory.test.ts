import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_TITLE, titleOf } from '#shared/domain/conversation.ts';
import { memorable } from '#shared/domain/turn-memory.ts';

test('statements are kept, questions and small talk are not', () => {
  for (const nothing of [
    'Hello!',
    'What is my name?',
    'Thanks a lot.',
    'And (why is that?)',
    '',
    '…',
    'Wo wohne ich eigentlich heute？',
  ])
    assert.equal(memorable(nothing), undefined, nothing);
  assert.equal(
    memorable('I live in Lyon with two donkeys. Where do you live? Never tell my neighbours.'),
    'I live in Lyon with two donkeys. Never tell my neighbours.',
  );
  const long = memorable(`It is said that ${'🫏'.repeat(20_000)}.`)!;
  assert.ok(long.length <= 10_000 && long.isWellFormed());
});

test('a title is the beginning of the first line', () => {
  assert.equal(titleOf('  One\ttwo \n three'), 'One two');
  assert.equal(titleOf('x'.repeat(200)), `${'x'.repeat(79)}…`);
  assert.equal(titleOf(' '), DEFAULT_TITLE);
});
