import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVerifiedTokens } from '#shared/crypto/verified-tokens.ts';

const create = (most = 3) => {
  const clock = { now: 1_000 };
  return { clock, tokens: createVerifiedTokens<string>({ most, now: () => clock.now }) };
};

test('a token is known by all of its bytes', () => {
  const { tokens } = create();
  tokens.keep('abc.def.ghi', 'Ann', 2_000);
  assert.equal(tokens.find('abc.def.ghi'), 'Ann');
  for (const other of ['abc.def.ghj', 'abc.def.gh', 'abc.def.ghi ', 'Abc.def.ghi', ''])
    assert.equal(tokens.find(other), undefined, other);
});

test('an expired token is not known any more, to the millisecond', () => {
  const { tokens, clock } = create();
  tokens.keep('t', 'Ann', 2_000);
  clock.now = 1_999;
  assert.equal(tokens.find('t'), 'Ann');
  clock.now = 2_000;
  assert.equal(tokens.find('t'), undefined);
  clock.now = 1_000;
  assert.equal(tokens.find('t'), undefined, 'it was forgotten');
});

test('the ones kept first make room', () => {
  const { tokens } = create(3);
  for (const name of ['a', 'b', 'c', 'd']) tokens.keep(name, name, 2_000);
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((name) => tokens.find(name)),
    [undefined, 'b', 'c', 'd'],
  );
});
