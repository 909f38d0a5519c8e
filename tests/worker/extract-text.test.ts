import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ExtractedText } from '#shared/domain/extracted-text.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { extractText } from '#worker/documents/extract-text.ts';
import type { ExtractOptions } from '#worker/documents/extract-text.ts';
import {
  makeFlateBombPdf,
  makeFormBombPdf,
  makeHugePageCountPdf,
  makeImageOnlyPdf,
  makePdf,
  makePdfWithMissingPage,
  makePdfWithTextOffPage,
  makeTruncatedPdf,
  writePdf,
} from '#tests/support/fixtures/pdf-files.ts';

const MIB = 1024 * 1024;
const limits = { timeoutMs: 60_000, memoryBytes: 512 * MIB, maxPages: 5000, maxChars: 20_000_000 };
const samples = new URL('../../../shared/data/pdfs/', import.meta.url);
const absent = existsSync(samples) ? false : 'the sample PDFs (../shared/data/pdfs) are not here';

const extract = (bytes: Buffer, more: Partial<ExtractOptions> = {}): Promise<ExtractedText> =>
  extractText({ bytes, kind: 'pdf' }, { limits, signal: new AbortController().signal, ...more });

async function assertFails(work: Promise<unknown>, code: string): Promise<AppError> {
  const error = await work.then(
    () => assert.fail(`no error, but ${code} was expected`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AppError, String(error));
  assert.equal(error.code, code);
  assert.equal(error.stage, 'extract');
  return error;
}

function assertAccounted(result: ExtractedText): void {
  const numbers = [
    ...result.pages.map(({ page }) => page),
    ...result.pagesWithoutText,
    ...result.pagesFailed,
  ];
  assert.deepEqual(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: result.pageCount ?? 0 }, (_, index) => index + 1),
  );
  let end = 0;
  for (const span of result.pages) {
    assert.ok(span.charStart >= end && span.charEnd > span.charStart);
    assert.equal(result.text.slice(end, span.charStart).trim(), '', 'text between pages');
    end = span.charEnd;
  }
  assert.equal(end, result.text.length);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const expected: [string, number | string, string][] = [
  ['GeoTopo-komprimiert.pdf', 117, 'Schwarz-Weiß'],
  ['crazyones-pdfa.pdf', 1, 'The misfits. The rebels'],
  ['google-doc-document.pdf', 1, 'Explicit is better than implicit'],
  ['habibi.pdf', 1, 'habibi'],
  ['imagemagick-images.pdf', 'document.no_text', ''],
  ['libreoffice-writer-password.pdf', 'document.encrypted', ''],
  ['minimal-document.pdf', 1, 'consetetur sadipscing elitr'],
  ['mistitled_outlines_example.pdf', 4, 'Contents'],
  ['pdflatex-4-pages.pdf', 4, 'Hello, here is some text without a meaning.'],
];
for (const [name, outcome, phrase] of expected)
  test(`${name}: ${outcome}`, { skip: absent }, async () => {
    const bytes = readFileSync(new URL(name, samples));
    if (typeof outcome === 'string') {
      await assertFails(extract(bytes), outcome);
      return;
    }
    const result = await extract(bytes);
    assert.equal(result.pageCount, outcome);
    assert.deepEqual(result.pagesFailed, []);
    assert.ok(result.text.includes(phrase));
    assert.ok(!/[\r\0\uFFFE]/.test(result.text) && result.text.isWellFormed());
    assertAccounted(result);
  });

test('words divided at line ends are whole again', { skip: absent }, async () => {
  const { text } = await extract(readFileSync(new URL('GeoTopo-komprimiert.pdf', samples)));
  for (const word of ['Übungsaufgaben', 'Widerspruchsbeweis', 'Voraussetzung'])
    assert.ok(text.includes(word), word);
});

test('pages are told apart, counted and reported as they are read', async () => {
  const seen: [number, number][] = [];
  const result = await extract(await makePdf({ pages: ['First page.', '', 'Third page.'] }), {
    onProgress: (done, total) => seen.push([done, total]),
  });
  assert.equal(result.text, 'First page.\n\nThird page.');
  assert.deepEqual(result.pages, [
    { page: 1, charStart: 0, charEnd: 11 },
    { page: 3, charStart: 13, charEnd: 24 },
  ]);
  assert.deepEqual(result.pagesWithoutText, [2]);
  assert.deepEqual(seen, [
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
});

test('a page that cannot be read is named, the others are there', async () => {
  const result = await extract(makePdfWithMissingPage());
  assert.equal(result.text, 'The first page can be read.\n\nThe last page can be read.');
  assert.deepEqual(result.pagesFailed, [2]);
  assertAccounted(result);
});

test('text is taken as it stands', async () => {
  const text = 'MiXeD Case, one; Größe & <tags> "quotes"';
  assert.equal((await extract(await makePdf({ pages: [text] }))).text, text);
});

test('a PDF that only asks for a password to be changed is read', async () => {
  const bytes = await makePdf({ pages: ['Open to all.'], ownerPassword: 'owner' });
  assert.equal((await extract(bytes)).text, 'Open to all.');
});

const CATALOGUE = '<< /Type /Catalog /Pages 2 0 R >>';
const failures: [string, () => Promise<Buffer> | Buffer, string][] = [
  ['a password', () => makePdf({ pages: ['Secret.'], userPassword: 'user' }), 'document.encrypted'],
  ['pictures only', () => makeImageOnlyPdf(), 'document.no_text'],
  ['words only beside the page', () => makePdfWithTextOffPage(), 'document.no_text'],
  ['half a file', () => makeTruncatedPdf(), 'document.truncated'],
  ['no objects', () => Buffer.from('%PDF-1.7\nnothing\nstartxref\n0\n%%EOF\n'), 'document.damaged'],
  ['a tree of missing pages', () => makeHugePageCountPdf(3), 'document.damaged'],
  ['no pages', () => writePdf([CATALOGUE, '<< /Type /Pages /Kids [] /Count 0 >>']), 'document.damaged'],
  ['900,000 pages by its own account', () => makeHugePageCountPdf(900_000), 'document.too_many_pages'],
];
for (const [what, make, code] of failures)
  test(`a PDF with ${what} fails with ${code}`, async () => {
    await assertFails(extract(await make()), code);
  });

test('more pages than allowed', async () => {
  const bytes = await makePdf({ pages: ['one', 'two', 'three'] });
  await assertFails(extract(bytes, { limits: { ...limits, maxPages: 2 } }), 'document.too_many_pages');
  assert.equal((await extract(bytes, { limits: { ...limits, maxPages: 3 } })).pageCount, 3);
});

test('more text than allowed', async () => {
  const bytes = await makePdf({ pages: ['12345', '67890'] });
  await assertFails(extract(bytes, { limits: { ...limits, maxChars: 9 } }), 'document.too_much_text');
  assert.equal((await extract(bytes, { limits: { ...limits, maxChars: 10 } })).pageCount, 2);
});

test('a PDF that takes too long is given up, and its process is gone', async () => {
  let pid = 0;
  const work = extract(makeFormBombPdf(), {
    limits: { ...limits, timeoutMs: 400, memoryBytes: 4096 * MIB },
    onProcess: (id) => (pid = id),
  });
  await assertFails(work, 'document.extraction_timeout');
  assert.ok(pid > 0 && !isRunning(pid));
});

test('a PDF of 900 bytes that unpacks to 800 MiB is given up, and its process is gone', async () => {
  let pid = 0;
  const bytes = makeFlateBombPdf();
  assert.ok(bytes.length < 2000);
  const work = extract(bytes, {
    limits: { ...limits, memoryBytes: 200 * MIB },
    onProcess: (id) => (pid = id),
  });
  await assertFails(work, 'document.extraction_memory');
  assert.ok(pid > 0 && !isRunning(pid));
});

test('a process that dies by itself is a crash', async () => {
  const work = extract(makeFormBombPdf(), { onProcess: (pid) => process.kill(pid, 'SIGSEGV') });
  const error = await assertFails(work, 'document.extraction_crashed');
  assert.match(String(error.cause), /SIGSEGV/);
});

test('an abort kills the process and rejects with its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('the job was cancelled');
  let pid = 0;
  const work = extract(makeFormBombPdf(), {
    limits: { ...limits, memoryBytes: 4096 * MIB },
    signal: controller.signal,
    onProcess: (id) => {
      pid = id;
      setImmediate(() => controller.abort(reason));
    },
  });
  await assert.rejects(work, reason);
  assert.ok(pid > 0 && !isRunning(pid));
});

test('an abort between two pages leaves no process', async () => {
  const controller = new AbortController();
  let pid = 0;
  const work = extract(await makePdf({ pages: Array.from({ length: 300 }, (_, n) => `Page ${n}.`) }), {
    signal: controller.signal,
    onProcess: (id) => (pid = id),
    onProgress: () => controller.abort(),
  });
  await assert.rejects(work, { name: 'AbortError' });
  assert.ok(!isRunning(pid));
});

test('nothing is started for a signal that has aborted already', async () => {
  const signal = AbortSignal.abort(new Error('too late'));
  const work = extract(Buffer.from('%PDF-'), { signal, onProcess: () => assert.fail('started') });
  await assert.rejects(work, /too late/);
});

test('an error of the caller ends the process too', async () => {
  let pid = 0;
  const work = extract(await makePdf({ pages: ['one', 'two'] }), {
    onProcess: (id) => (pid = id),
    onProgress: () => {
      throw new Error('cannot report');
    },
  });
  await assert.rejects(work, /cannot report/);
  assert.ok(!isRunning(pid));
});

const noProc = existsSync('/proc/self/environ') ? false : 'needs /proc';
test('the process has the permission model on and nothing in its environment', { skip: noProc }, async () => {
  let environment = '';
  let command = '';
  await extract(await makePdf({ pages: ['one'] }), {
    onProcess: (pid) => {
      // The programs that stand before Node become it one after the other, and in between there is nothing to read.
      const deadline = Date.now() + 10_000;
      while (!command.startsWith(process.execPath) && Date.now() < deadline)
        command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    },
  });
  // Node hands its own coverage variable down whatever one asks for.
  assert.equal(environment.replace(/NODE_V8_COVERAGE=[^\0]*\0/, ''), '');
  const parts = command.split('\0');
  assert.ok(parts.includes('--permission'));
  assert.deepEqual(
    parts.filter((part) => part.startsWith('--allow-')).map((part) => part.replace(/.*\//, '')),
    ['pdf-child.ts', 'inflated-size.ts', 'index.esm.js', 'pdfium.wasm', 'package.json'],
  );
});

test('a text file has no pages', async () => {
  const result = await extractText(
    { bytes: Buffer.from('\ufeffOne line.\r\nAnother.'), kind: 'text' },
    { limits, signal: new AbortController().signal },
  );
  assert.deepEqual(result, {
    text: 'One line.\r\nAnother.',
    pageCount: null,
    pages: [],
    pagesWithoutText: [],
    pagesFailed: [],
  });
});

const badTexts: [string, string][] = [
  ['', 'document.empty'],
  ['a\0b', 'document.encoding_invalid'],
  ['eleven char', 'document.too_much_text'],
];
for (const [text, code] of badTexts)
  test(`the text file ${JSON.stringify(text)} fails with ${code}`, async () => {
    const work = extractText(
      { bytes: Buffer.from(text), kind: 'text' },
      { limits: { ...limits, maxChars: 10 }, signal: new AbortController().signal },
    );
    await assertFails(work, code);
  });
