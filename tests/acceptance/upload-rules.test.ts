import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import {
  makeImageOnlyPdf,
  makePdf,
  makePdfWithMissingPage,
  makeTruncatedPdf,
} from '#tests/support/fixtures/pdf-files.ts';
import type { TestFile, TestResponse } from '#tests/support/http-client.ts';
import {
  accepted,
  allChunks,
  assertComplete,
  endOfJob,
  getDocument,
  storedOf,
} from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';

const LIMIT = 10 * 1024 * 1024;
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

/** `size` bytes of which only the first few are words, so that chunking it costs little. */
function largeText(size: number): Buffer {
  const bytes = Buffer.alloc(size, ' ');
  bytes.write('A short text with a long tail.');
  return bytes;
}

suite('what may go in', () => {
  let stage: TestStage;
  let owner: Owner;
  before(async () => {
    stage = await startStage({ CHUNK_SIZE_TOKENS: '400' });
    owner = await stage.newOwner();
    await stage.startWorker();
  });
  after(() => stage[Symbol.asyncDispose]());

  const assertProblem = (response: TestResponse, status: number, code: string): void => {
    assert.equal(response.status, status, JSON.stringify(response.body));
    assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.equal(response.body.code, code);
    assert.ok(response.body.correlation_id);
  };
  const documents = async (): Promise<number> =>
    (await stage.sql<{ count: number }>('select count(*)::int as count from documents'))[0]!.count;

  test('fault 13: 10 MiB go in, one byte more does not', async () => {
    const before = await documents();
    assertProblem(
      await owner.uploadFile({ name: 'large.txt', bytes: largeText(LIMIT + 1) }),
      413,
      'document.too_large',
    );
    const json = { assistant_id: owner.assistantId, title: 'Large', text: largeText(LIMIT + 1).toString() };
    assertProblem(await owner.client.post('documents', json), 413, 'document.too_large');
    assert.equal(await documents(), before);
    const { documentId, jobId } = accepted(
      await owner.uploadFile({ name: 'large.txt', bytes: largeText(LIMIT) }),
    );
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    const document = await getDocument(owner.client, documentId);
    assert.equal(document.size, LIMIT);
    await assertComplete(stage, owner.client, documentId);
  });

  const refused: [name: string, file: () => Promise<TestFile> | TestFile, status: number, code: string][] = [
    ['nothing', () => ({ name: 'empty.txt', bytes: '' }), 422, 'document.empty'],
    ['an empty PDF', () => ({ name: 'empty.pdf', bytes: '' }), 422, 'document.empty'],
    ['white space', () => ({ name: 'blank.txt', bytes: ' \r\n\t ' }), 422, 'document.empty'],
    [
      'a PDF cut in half',
      async () => ({ name: 'half.pdf', bytes: await makeTruncatedPdf() }),
      422,
      'document.truncated',
    ],
    ['text named as PDF', () => ({ name: 'text.pdf', bytes: 'Just text.' }), 415, 'document.type_mismatch'],
    [
      'a PDF named as text',
      async () => ({ name: 'pdf.txt', bytes: await makePdf({ pages: ['Words.'] }) }),
      415,
      'document.type_mismatch',
    ],
    [
      'a picture named and declared as PDF',
      () => ({ name: 'picture.pdf', bytes: PNG, type: 'application/pdf' }),
      415,
      'document.type_mismatch',
    ],
    ['a picture', () => ({ name: 'picture.png', bytes: PNG }), 415, 'document.type_unsupported'],
    [
      'Latin-1',
      () => ({ name: 'latin.txt', bytes: Buffer.from('Esel f\xfcr alle', 'latin1') }),
      415,
      'document.encoding_invalid',
    ],
    ['text with NUL', () => ({ name: 'nul.txt', bytes: 'a\0b' }), 415, 'document.encoding_invalid'],
  ];
  for (const [name, file, status, code] of refused)
    test(`fault 13: refused at once: ${name} is ${code}`, async () => {
      const before = await documents();
      assertProblem(await owner.uploadFile(await file()), status, code);
      assert.equal(await documents(), before);
    });

  const failing: [name: string, file: () => Promise<TestFile>, code: string][] = [
    [
      'protected by a password',
      async () => ({ name: 'locked.pdf', bytes: await makePdf({ pages: ['Secret.'], userPassword: 'hay' }) }),
      'document.encrypted',
    ],
    ['a scan', async () => ({ name: 'scan.pdf', bytes: await makeImageOnlyPdf() }), 'document.no_text'],
    [
      'no PDF but in name',
      () =>
        Promise.resolve({ name: 'broken.pdf', bytes: '%PDF-1.7\nnothing of a PDF\nstartxref\n0\n%%EOF\n' }),
      'document.damaged',
    ],
  ];
  for (const [name, file, code] of failing)
    test(`fault 18: refused by the worker: ${name} is ${code}`, async () => {
      const { documentId, jobId } = accepted(await owner.uploadFile(await file()));
      const job = await endOfJob(owner.client, jobId);
      assert.equal(job.status, 'failed');
      assert.deepEqual(
        [job.error.code, job.error.stage, job.error.retryable, job.error.next_retry_at],
        [code, 'extract', false, null],
      );
      const document = await getDocument(owner.client, documentId);
      assert.equal(document.status, 'failed');
      assert.equal(document.error.code, code);
      assert.ok(document.error.message && document.error.remedy);
      const listed = await owner.client.get('documents?status=failed');
      assert.ok(
        listed.body.data.some((item: { id: string }) => item.id === documentId),
        'it stays listed',
      );
      assert.deepEqual(await storedOf(stage, documentId), {
        chunks: 0,
        vectors: 0,
        failed: 0,
        texts: 0,
        files: 1,
      });
      assertProblem(await owner.client.get(`documents/${documentId}/text`), 409, 'document.not_ready');
    });

  test('fault 19: a page that cannot be read is named, and the document is partial', async () => {
    const { documentId, jobId } = accepted(
      await owner.uploadFile({ name: 'gap.pdf', bytes: makePdfWithMissingPage() }),
    );
    const job = await endOfJob(owner.client, jobId);
    assert.deepEqual(job.result, { document_id: documentId, document_status: 'partial' });
    const document = await getDocument(owner.client, documentId);
    assert.equal(document.status, 'partial');
    assert.equal(document.error.code, 'document.pages_failed');
    assert.deepEqual([document.page_count, document.pages_failed], [3, [2]]);
    const { body } = await owner.client.post('search', { query: 'The last page can be read.' });
    assert.equal(body.data[0].document_id, documentId);
    assert.equal(body.data[0].page_to, 3);
    // A retry reads it again, as a new revision that takes the place of the old one.
    const again = accepted(await owner.client.post(`documents/${documentId}/retry`));
    assert.equal(again.jobId, jobId);
    assert.equal((await endOfJob(owner.client, jobId)).attempts, 2);
    assert.equal((await getDocument(owner.client, documentId)).status, 'partial');
    assert.equal((await storedOf(stage, documentId)).texts, 1);
    assert.equal((await allChunks(owner.client, documentId)).length, document.chunk_count);
  });

  test('UTF-16 and a byte order mark are text like any other', async () => {
    for (const bytes of [
      utf16('Donkeys in UTF-16: 驢 and 𝒟.'),
      Buffer.from('\ufeffDonkeys with a mark: 𝒟.'),
    ]) {
      const { documentId, jobId } = accepted(await owner.uploadFile({ name: 'marked.txt', bytes }));
      await endOfJob(owner.client, jobId);
      await assertComplete(stage, owner.client, documentId);
      assert.match(String((await owner.client.get(`documents/${documentId}/text`)).body), /^Donkeys .*𝒟\.$/u);
    }
  });
});
