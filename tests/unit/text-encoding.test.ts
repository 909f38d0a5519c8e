import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeText, startOfText } from '#shared/domain/text-encoding.ts';
import { AppError } from '#shared/errors/app-error.ts';

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const LE = Buffer.from([0xff, 0xfe]);
const BE = Buffer.from([0xfe, 0xff]);
const withCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

const readable: [string, Uint8Array, string][] = [
  ['plain ASCII', Buffer.from('hello'), 'hello'],
  ['UTF-8', Buffer.from('héllo 漢字 👩‍👧'), 'héllo 漢字 👩‍👧'],
  ['UTF-8 with mark', Buffer.from('\ufeffhello'), 'hello'],
  ['line ends and tabs as they are', Buffer.from('a\r\nb\rc\n\td\f'), 'a\r\nb\rc\n\td\f'],
  ['UTF-16 LE with mark', Buffer.concat([LE, Buffer.from('héllo 👩', 'utf16le')]), 'héllo 👩'],
  ['UTF-16 BE with mark', Buffer.concat([BE, utf16be('héllo 👩')]), 'héllo 👩'],
  ['a view into a larger buffer', Buffer.from('xxhelloxx').subarray(2, 7), 'hello'],
  ['C1 controls, which old Windows files have', Buffer.from('a\u0085b'), 'a\u0085b'],
];
for (const [name, bytes, text] of readable) {
  test(`decodeText reads ${name}`, () => assert.equal(decodeText(bytes), text));
  test(`startOfText reads ${name}`, () => assert.equal(startOfText(bytes), text.slice(0, 16)));
}

const refused: [string, Uint8Array, string][] = [
  ['no bytes', Buffer.alloc(0), 'document.empty'],
  ['white space', Buffer.from(' \r\n\t\f '), 'document.empty'],
  ['a mark alone', Buffer.from('\ufeff'), 'document.empty'],
  ['a UTF-16 mark alone', LE, 'document.empty'],
  ['NUL', Buffer.from('a\0b'), 'document.encoding_invalid'],
  ['an escape sequence', Buffer.from('\x1b[31mred'), 'document.encoding_invalid'],
  ['DEL', Buffer.from('a\x7f'), 'document.encoding_invalid'],
  ['Latin-1', Buffer.from('Grüße', 'latin1'), 'document.encoding_invalid'],
  ['a cut-off sequence', Buffer.from('漢').subarray(0, 2), 'document.encoding_invalid'],
  ['an overlong sequence', Buffer.from([0xc0, 0xaf]), 'document.encoding_invalid'],
  ['a surrogate in UTF-8', Buffer.from([0xed, 0xa0, 0x80]), 'document.encoding_invalid'],
  ['UTF-16 without a mark', Buffer.from('hello', 'utf16le'), 'document.encoding_invalid'],
  [
    'UTF-16 of odd length',
    Buffer.concat([LE, Buffer.from('ab', 'utf16le'), Buffer.from('c')]),
    'document.encoding_invalid',
  ],
  [
    'a lone high surrogate',
    Buffer.concat([LE, Buffer.from('a\ud800b', 'utf16le')]),
    'document.encoding_invalid',
  ],
  ['a lone low surrogate, BE', Buffer.concat([BE, utf16be('a\udc00b')]), 'document.encoding_invalid'],
  ['NUL in UTF-16', Buffer.concat([LE, Buffer.from('a\0b', 'utf16le')]), 'document.encoding_invalid'],
];
for (const [name, bytes, code] of refused) {
  test(`decodeText refuses ${name}: ${code}`, () => assert.throws(() => decodeText(bytes), withCode(code)));
  test(`startOfText refuses ${name}: ${code}`, () => assert.throws(() => startOfText(bytes), withCode(code)));
}

test('what decodeText returns from any bytes can be stored: no NUL, no unpaired surrogate', () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.concat([LE, bytes])),
    fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.concat([BE, utf16be(text)])),
  );
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      let text: string;
      try {
        text = decodeText(bytes);
      } catch (error) {
        assert.ok(error instanceof AppError);
        return;
      }
      assert.ok(text.isWellFormed());
      assert.ok(!text.includes('\0'));
    }),
    { numRuns: 500 },
  );
});

/** What a reading of bytes comes to: the text, or the code of the refusal. */
function outcomeOf(read: () => string): string {
  try {
    return `text ${read()}`;
  } catch (error) {
    assert.ok(error instanceof AppError);
    return error.code;
  }
}

test('startOfText judges any bytes as decodeText does, wherever they lie in memory', () => {
  const piece = fc.oneof(
    fc.constantFrom(' \n\t', '\u00a0\u3000', '\ufeff', '%PDF-1.7', '\x7f', '\x0b', '\x1f', '\0'),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
  );
  const texts = fc.array(piece, { maxLength: 6 }).map((pieces) => Buffer.from(pieces.join('')));
  fc.assert(
    fc.property(fc.oneof(texts, fc.uint8Array({ maxLength: 12 })), fc.nat(3), (bytes, offset) => {
      const within = Buffer.alloc(bytes.length + 8, 0x7f);
      within.set(bytes, offset);
      const there = within.subarray(offset, offset + bytes.length);
      const expected = outcomeOf(() => decodeText(bytes).trimStart());
      assert.equal(
        outcomeOf(() => startOfText(there)),
        expected.startsWith('text ') ? expected.slice(0, 5 + 16) : expected,
      );
    }),
    { numRuns: 3_000 },
  );
});

test('startOfText finds each control character, at each place', () => {
  const controls = Array.from({ length: 32 }, (_, code) => code).filter(
    (code) => ![9, 10, 12, 13].includes(code),
  );
  for (const code of [...controls, 127])
    for (let place = 1; place < 16; place++) {
      const bytes = Buffer.from('x'.repeat(16));
      bytes[place] = code;
      assert.throws(() => startOfText(bytes), withCode('document.encoding_invalid'), `${code} at ${place}`);
    }
});
