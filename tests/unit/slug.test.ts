import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SLUG, freeSlug, slugOf } from '#api/assistants/slug.ts';

test('slugs are made of names in any script', () => {
  assert.equal(slugOf('Élise  Müller!'), 'elise-muller');
  assert.equal(slugOf('Straße Ærø Łódź'), 'strasse-aero-lodz');
  assert.equal(slugOf('日本語'), 'assistant');
  assert.equal(slugOf('--- '), 'assistant');
  assert.equal(slugOf('x'.repeat(500)).length, 70);
});

test('a slug is never mistaken for an id', () => {
  const uuid = '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24';
  assert.equal(slugOf(uuid), `assistant-${uuid}`);
  assert.doesNotMatch(uuid, SLUG);
  assert.match(`${uuid}-2`, SLUG);
});

test('the first free number makes a slug unique', () => {
  assert.equal(freeSlug('ada', []), 'ada');
  assert.equal(freeSlug('ada', ['ada', 'ada-3']), 'ada-2');
  assert.equal(freeSlug('ada', ['ada', 'ada-2']), 'ada-3');
});
