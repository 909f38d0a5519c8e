import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { detectFileKind } from '#api/documents/file-kind.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { makePdf, writePdf } from '#tests/support/fixtures/pdf-files.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const join = (...parts: (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin1(part) : part)));
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

const LE = '\xff\xfe';
const BE = '\xfe\xff';
const pdf = await makePdf({ pages: ['A page of text.'] });
const tinyPdf = writePdf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>']);
const asciiPdf = latin1(tinyPdf.toString('latin1').replace(/[^\n -~]/g, '?'));
const png = join('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89');
const jpeg = join('\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0');
const gif = join('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;');
const zip = join('PK\x03\x04\x14\0\0\0\0\0', Buffer.alloc(16), '\x05\0\0\0a.txthello');
const exe = join('MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0');
const elf = join('\x7fELF\x02\x01\x01\0', Buffer.alloc(24));
const mp3 = join('ID3\x03\0\0\0\0\0\0', '\xff\xfb\x90\x64', Buffer.alloc(420));
const gzip = gzipSync('hello');
const noise = Buffer.from(Array.from({ length: 64 }, (_, index) => (index * 37) % 256));

const mismatch = 'document.type_mismatch';
const unsupported = 'document.type_unsupported';
const encoding = 'document.encoding_invalid';
const truncated = 'document.truncated';
const empty = 'document.empty';

/** What it is, the bytes, the name, the kind or the code of the error. */
const cases: [string, Buffer, string, string][] = [
  // PDFs
  ['a PDF', pdf, 'report.pdf', 'pdf'],
  ['a PDF, capitals in the name', pdf, 'REPORT.PDF', 'pdf'],
  ['a PDF without extension', pdf, 'report', 'pdf'],
  ['a PDF without a name', pdf, '', 'pdf'],
  ['a PDF under an unknown extension', pdf, 'report.final-v2', 'pdf'],
  ['a PDF with a dotted name', pdf, 'v1.2 report.2026.pdf', 'pdf'],
  ['a PDF with a path for a name', pdf, '../../etc/passwd.pdf', 'pdf'],
  ['a hand-made PDF', tinyPdf, 'tiny.pdf', 'pdf'],
  ['a PDF of ASCII alone', asciiPdf, 'ascii.pdf', 'pdf'],
  ['a PDF with junk after its end', join(pdf, '\r\n\r\n<!-- mail gateway -->'), 'report.pdf', 'pdf'],
  ['a PDF with 7 kB after its end', join(pdf, Buffer.alloc(7000)), 'report.pdf', 'pdf'],
  ['a PDF that mentions Illustrator', join(tinyPdf, '% AIPrivateData\n%%EOF'), 'logo.pdf', 'pdf'],
  ['a PDF called .txt', pdf, 'report.txt', mismatch],
  ['a PDF called .md', pdf, 'report.md', mismatch],
  ['a PDF called .csv', pdf, 'report.csv', mismatch],
  ['a PDF of ASCII alone called .txt', asciiPdf, 'ascii.txt', mismatch],
  ['a PDF called .png', pdf, 'report.png', mismatch],
  ['a PDF called .docx', pdf, 'report.docx', mismatch],
  ['half a PDF', pdf.subarray(0, pdf.length >> 1), 'report.pdf', truncated],
  ['the first line of a PDF', latin1('%PDF-1.7\n'), 'report.pdf', truncated],
  ['five bytes of a PDF', latin1('%PDF-'), 'report.pdf', truncated],
  ['half a PDF called .txt', pdf.subarray(0, pdf.length >> 1), 'report.txt', mismatch],
  ['four bytes of a PDF', latin1('%PDF'), 'report.pdf', mismatch],
  // two things at once
  ['junk before a PDF', join('junk\0\n', pdf), 'report.pdf', mismatch],
  ['a line before a PDF', join('\n', pdf), 'report.pdf', mismatch],
  ['a mark before a PDF', join('\xef\xbb\xbf', asciiPdf), 'report.pdf', mismatch],
  ['a mark before a PDF of ASCII, called .txt', join('\xef\xbb\xbf', asciiPdf), 'report.txt', mismatch],
  ['blank lines before a PDF of ASCII, called .txt', join('\n\n  ', asciiPdf), 'report.txt', mismatch],
  ['junk before a PDF, called .txt', join('junk\0\n', pdf), 'report.txt', encoding],
  ['a GIF with a PDF in it, called .pdf', join(gif, pdf), 'report.pdf', mismatch],
  ['a GIF with a PDF in it, no extension', join(gif, pdf), 'report', unsupported],
  ['a ZIP with a PDF in it, called .pdf', join(zip, pdf), 'report.pdf', mismatch],
  ['a PDF with a ZIP at its end', join(pdf, zip), 'report.pdf', 'pdf'],
  ['a PDF in UTF-16', join(LE, Buffer.from(asciiPdf.toString('latin1'), 'utf16le')), 'report.pdf', mismatch],
  // disguised and unsupported
  ['a PNG called .pdf', png, 'report.pdf', mismatch],
  ['a PNG called .txt', png, 'report.txt', mismatch],
  ['a PNG', png, 'picture.png', unsupported],
  ['a PNG without extension', png, 'picture', unsupported],
  ['a JPEG called .pdf', jpeg, 'scan.pdf', mismatch],
  ['a JPEG called .md', jpeg, 'notes.md', mismatch],
  ['a JPEG', jpeg, 'scan.jpeg', unsupported],
  ['a GIF called .txt', gif, 'notes.txt', mismatch],
  ['a ZIP called .txt', zip, 'notes.txt', mismatch],
  ['a ZIP', zip, 'all.zip', unsupported],
  ['a ZIP called .docx', zip, 'letter.docx', unsupported],
  ['a program called .pdf', exe, 'invoice.pdf', mismatch],
  ['a program with two extensions', exe, 'invoice.pdf.exe', unsupported],
  ['a program called .txt', exe, 'readme.txt', mismatch],
  ['an ELF program', elf, 'run', unsupported],
  ['an MP3 called .log', mp3, 'today.log', mismatch],
  ['gzip called .csv', gzip, 'data.csv', mismatch],
  ['noise without extension', noise, 'data', unsupported],
  ['noise called .pdf', noise, 'data.pdf', mismatch],
  // text
  ['text', latin1('Hello there.'), 'notes.txt', 'text'],
  ['text without a name', latin1('Hello there.'), '', 'text'],
  ['text without extension', latin1('all: build'), 'Makefile', 'text'],
  ['Markdown', latin1('# Title\n\nText.'), 'README.md', 'text'],
  ['CSV', latin1('a,b\n1,2\n'), 'table.csv', 'text'],
  ['a log', latin1('2026-01-01 started\n'), 'server.log', 'text'],
  ['XML', latin1('<?xml version="1.0"?><a/>'), 'data.xml', 'text'],
  ['a script', latin1('#!/bin/sh\necho hi\n'), 'run.sh', 'text'],
  ['a key', latin1('-----BEGIN PUBLIC KEY-----\nabc\n'), 'server.key', 'text'],
  ['one letter', latin1('a'), 'a.txt', 'text'],
  ['UTF-8', Buffer.from('Grüße 漢字 👋'), 'notes.txt', 'text'],
  ['UTF-8 with mark', Buffer.from('\ufeffGrüße'), 'notes.txt', 'text'],
  ['UTF-16 LE with mark', join(LE, Buffer.from('Grüße', 'utf16le')), 'notes.txt', 'text'],
  ['UTF-16 BE with mark', join(BE, utf16be('Grüße')), 'notes.txt', 'text'],
  ['text that talks of PDFs', latin1('A PDF begins with %PDF- and ends with %%EOF.'), 'notes.txt', 'text'],
  // honest text that looks like something else
  ['BMW is', latin1('BMW is a maker of cars.'), 'cars.txt', 'text'],
  ['MZ', latin1('MZ is a maker of motorcycles.'), 'bikes', 'text'],
  ['GIF89a', latin1('GIF89a is a file format.'), 'formats.md', 'text'],
  ['PK', latin1('PK is short for primary key.'), 'keys.txt', 'text'],
  ['ID3', latin1('ID3 tags hold the title of a song.'), 'tags.txt', 'text'],
  ['RIFF', latin1('RIFF is a container.'), 'riff.txt', 'text'],
  ['BZh', latin1('BZh91AY is how bzip2 begins.'), 'bz.txt', 'text'],
  ['vCard', latin1('BEGIN:VCARD\nEND:VCARD\n'), 'me.vcf', 'text'],
  ['BMW in Latin-1', latin1('BMW ist schön.'), 'autos.txt', encoding],
  // text under a foreign name, text in other encodings
  ['text called .pdf', latin1('Hello there.'), 'notes.pdf', mismatch],
  ['text called .png', latin1('Hello there.'), 'notes.png', mismatch],
  ['text called .jpg', latin1('Hello there.'), 'notes.JPG', mismatch],
  ['text called .zip', latin1('Hello there.'), 'notes.zip', mismatch],
  ['text called .docx', latin1('Hello there.'), 'notes.docx', mismatch],
  ['text called .doc', latin1('Hello there.'), 'notes.doc', mismatch],
  ['Latin-1', latin1('Grüße'), 'notes.txt', encoding],
  ['Latin-1 without extension', latin1('Grüße'), 'notes', encoding],
  ['Latin-1 called .pdf', latin1('Grüße'), 'notes.pdf', mismatch],
  ['UTF-16 LE without mark', Buffer.from('Hello', 'utf16le'), 'notes.txt', encoding],
  ['UTF-16 BE without mark', utf16be('Hello'), 'notes.txt', encoding],
  ['UTF-16 with a lone surrogate', join(LE, Buffer.from('a\ud800', 'utf16le')), 'notes.txt', encoding],
  ['UTF-16 of odd length', join(LE, 'abc'), 'notes.txt', encoding],
  ['a surrogate in UTF-8', join('a\xed\xa0\x80'), 'notes.txt', encoding],
  ['text with NUL', latin1('hello\0there'), 'notes.txt', encoding],
  ['text with NUL, no extension', latin1('hello\0there'), 'notes', unsupported],
  ['text with terminal colours', latin1('\x1b[31mred\x1b[0m'), 'build.log', encoding],
  // nothing
  ['no bytes called .pdf', Buffer.alloc(0), 'report.pdf', empty],
  ['no bytes called .txt', Buffer.alloc(0), 'notes.txt', empty],
  ['white space', latin1(' \r\n\t'), 'notes.txt', empty],
  ['a mark alone', latin1(LE), 'notes.txt', empty],
];

for (const [what, bytes, filename, expected] of cases)
  test(`${what} ("${filename}") -> ${expected}`, async () => {
    const outcome = await detectFileKind(bytes, filename).catch((error: unknown) => error);
    if (outcome instanceof AppError) assert.equal(outcome.code, expected);
    else
      assert.deepEqual(outcome, {
        kind: expected,
        mimeType: expected === 'pdf' ? 'application/pdf' : 'text/plain',
      });
  });

test('ASVS 5.0 5.2.2, promise 34: no file is taken for what it is not', async (t) => {
  const outcomes = await Promise.all(
    cases.map(async ([, bytes, filename, expected]) => {
      const outcome = await detectFileKind(bytes, filename).catch((error: unknown) => error);
      return (outcome instanceof AppError ? outcome.code : (outcome as { kind: string }).kind) === expected;
    }),
  );
  const wrong = outcomes.filter((right) => !right).length;
  t.diagnostic(`${cases.length} files, ${wrong} wrong`);
  assert.ok(cases.length >= 60);
  assert.equal(wrong, 0);
});
