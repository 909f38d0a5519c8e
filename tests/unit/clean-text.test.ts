import assert from 'node:assert/strict';
import { test } from 'node:test';
import { label } from '#api/http/schemas.ts';
import { cleanLine } from '#shared/domain/clean-text.ts';

const cases: [string, string][] = [
  ['plain', 'plain'],
  ['  spaced  ', 'spaced'],
  ['e\u0301', '\u00e9'],
  ['two\nlines\r\nthree\tfour', 'two lines three four'],
  ['bell\u0007 escape\u001b[31m del\u007f c1\u009b', 'bell escape[31m del c1'],
  ['invoice\u202efdp.exe', 'invoicefdp.exe'],
  ['\u2066isolated\u2069', 'isolated'],
  ['line\u2028separator', 'line separator'],
  ['family 👨‍👩‍👧 stays, as does नमस्ते and שלום\u200f', 'family 👨‍👩‍👧 stays, as does नमस्ते and שלום\u200f'],
];
for (const [raw, clean] of cases)
  test(`${JSON.stringify(raw)} is kept as ${JSON.stringify(clean)}`, () => {
    assert.equal(cleanLine(raw), clean);
    assert.equal(cleanLine(clean), clean, 'and stays so');
  });

test('a label of nothing but control characters is empty, and its length is counted after cleaning', () => {
  const schema = label(3);
  assert.equal(schema.validate('\u0007\u001b').error?.details[0]?.type, 'string.min');
  assert.equal(schema.validate('a\u0007b\u0007c').value, 'abc');
  assert.equal(schema.validate('abcd').error?.details[0]?.type, 'string.max');
});
