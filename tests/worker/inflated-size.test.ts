import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { makeFlateBombPdf, makePdf, writePdf } from '#tests/support/fixtures/pdf-files.ts';
import { inflatesBeyond } from '#worker/documents/inflated-size.ts';

const MIB = 1024 ** 2;
const CATALOGUE = '<< /Type /Catalog /Pages 2 0 R >>';

/** A PDF of the given streams: dictionary entries and bytes. */
const withStreams = (...streams: [dictionary: string, data: Buffer][]): Buffer =>
  writePdf([
    CATALOGUE,
    '<< /Type /Pages /Kids [] /Count 0 >>',
    ...streams.map(([dictionary, data]) =>
      Buffer.concat([
        Buffer.from(`<< /Length ${data.length} ${dictionary} >>\nstream\r\n`),
        data,
        Buffer.from('\nendstream'),
      ]),
    ),
  ]);

const zeros = (bytes: number): Buffer => deflateSync(Buffer.alloc(bytes));
const twice = (bytes: number): Buffer => deflateSync(zeros(bytes));
const flate = '/Filter /FlateDecode';
const flates = (layers: number): string => `/Filter [${'/FlateDecode '.repeat(layers)}]`;

const cases: [what: string, pdf: Buffer | Promise<Buffer>, bomb: boolean][] = [
  ['an ordinary PDF', makePdf({ pages: ['Some text.', 'More text.'] }), false],
  ['an encrypted PDF', makePdf({ pages: ['Some text.'], userPassword: 'hay' }), false],
  ['a stream as large as allowed', withStreams([flate, zeros(MIB)]), false],
  ['a stream one byte larger', withStreams([flate, zeros(MIB + 1)]), true],
  ['the same under the short name', withStreams(['/F /Fl', zeros(MIB + 1)]), true],
  ['bytes that are no Flate data', withStreams([flate, Buffer.from('not compressed')]), false],
  ['a large stream that is cut off', withStreams([flate, zeros(8 * MIB).subarray(0, -20)]), true],
  ['a stream without compression', withStreams(['', zeros(8 * MIB)]), false],
  ['compressed twice', withStreams([flates(2), twice(8 * MIB)]), true],
  ['compressed twice, small', withStreams([flates(2), twice(1000)]), false],
  ['compressed more often than anyone does', withStreams([flates(9), zeros(10)]), true],
  [
    'many streams that are large together',
    withStreams(...Array.from({ length: 9 }, (): [string, Buffer] => [flate, zeros(MIB)])),
    true,
  ],
  ['a second stream that is too large', withStreams([flate, zeros(10)], [flate, zeros(2 * MIB)]), true],
  ['the word stream in a text', Buffer.from('%PDF-1.7\nstream\nstream stream endstream\nstream'), false],
  ['the bomb of the other tests', makeFlateBombPdf(), true],
];
for (const [what, pdf, bomb] of cases)
  test(`ASVS 5.0 5.2.3: ${what} is ${bomb ? 'a bomb' : 'none'}`, async () => {
    assert.equal(await inflatesBeyond(Buffer.from(await pdf), MIB), bomb);
  });
