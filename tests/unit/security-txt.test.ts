import assert from 'node:assert/strict';
import { test } from 'node:test';
import { securityTxt } from '#api/docs/security-txt.ts';

const day = (text: string) => () => Date.parse(text);
const options = { contact: 'mailto:security@donkey.example', publicUrl: 'https://donkey.example' };

test('RFC 9116: contact, expiry and canonical address, each on a line of its own', () => {
  assert.equal(
    securityTxt({ ...options, now: day('2026-03-01T17:30:00Z') }),
    [
      'Contact: mailto:security@donkey.example',
      'Expires: 2026-08-28T00:00:00Z',
      'Preferred-Languages: en',
      'Canonical: https://donkey.example/.well-known/security.txt',
      '',
    ].join('\r\n'),
  );
});

test('all instances say the same all day, and never more than a year ahead', () => {
  const at = (time: string): string | undefined => securityTxt({ ...options, now: day(time) });
  assert.equal(at('2026-03-01T00:00:00Z'), at('2026-03-01T23:59:59Z'));
  const expires = /^Expires: (.*)$/m.exec(at('2026-03-01T12:00:00Z') ?? '')?.[1] ?? '';
  const days = (Date.parse(expires) - Date.parse('2026-03-01T12:00:00Z')) / 86_400_000;
  assert.ok(days > 30 && days < 365);
});

test('without a contact there is no file', () => {
  assert.equal(securityTxt({ ...options, contact: undefined }), undefined);
});
