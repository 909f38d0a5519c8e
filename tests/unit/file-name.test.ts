import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanFileName, titleOf } from '#api/documents/file-name.ts';

const table: [given: string, kept: string][] = [
  ['report.pdf', 'report.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\ada\\notes.txt', 'notes.txt'],
  ['/', 'unnamed'],
  ['', 'unnamed'],
  ['..', 'unnamed'],
  ['.env', '.env'],
  ['a\u0000b\r\n.txt', 'ab.txt'],
  ['invoice\u202efdp.exe', 'invoicefdp.exe'],
  ['Cafe\u0301.txt', 'Caf\u00e9.txt'],
  ['\ud83d\ude00.txt', '\ud83d\ude00.txt'],
  ['bad\ud83d.txt', 'bad.txt'],
  ['"quoted" & <b>.pdf', '"quoted" & <b>.pdf'],
];

for (const [given, kept] of table)
  test(`the name ${JSON.stringify(given)} is kept as ${JSON.stringify(kept)}`, () => {
    assert.equal(cleanFileName(given), kept);
  });

test('whatever the name, what is kept is short, whole and no path', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (name) => {
      const kept = cleanFileName(name);
      assert.ok(kept.length > 0 && kept.length <= 255);
      assert.ok(kept.isWellFormed());
      assert.doesNotMatch(kept, /[\\/\p{Cc}]/u);
      assert.ok(titleOf(kept).length > 0);
    }),
  );
});

test('a long name keeps its extension and is not cut inside a character', () => {
  const kept = cleanFileName(`${'\ud83d\ude00'.repeat(300)}.pdf`);
  assert.match(kept, /\.pdf$/);
  assert.ok(kept.isWellFormed());
});

test('a title is the name without its extension', () => {
  assert.equal(titleOf('Annual report 2025.pdf'), 'Annual report 2025');
  assert.equal(titleOf('.env'), '.env');
});
