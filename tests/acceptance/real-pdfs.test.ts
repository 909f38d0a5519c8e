import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import type { Json } from '#tests/support/http-client.ts';
import {
  accepted,
  allChunks,
  assertComplete,
  assertVerbatim,
  endOfJob,
  getDocument,
} from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import type { WorkerProcess } from '#tests/support/worker-process.ts';

/** A collection of PDFs as people make them, kept beside the project; it is not part of it. */
const FOLDER = new URL('../../../shared/data/pdfs/', import.meta.url);
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.pdf')) : [];
const WITHOUT_TEXT: Readonly<Record<string, string>> = {
  'libreoffice-writer-password.pdf': 'document.encrypted',
  'imagemagick-images.pdf': 'document.no_text',
};

suite('PDFs of many origins', { skip: files.length === 0 && 'there is no ../shared/data/pdfs' }, () => {
  let stage: TestStage;
  let owner: Owner;
  let worker: WorkerProcess;
  const documents = new Map<string, Json>();
  before(async () => {
    stage = await startStage();
    owner = await stage.newOwner();
    worker = await stage.startWorker();
    const uploads = files.map(async (name) => {
      const response = await owner.uploadFile({ name, bytes: readFileSync(new URL(name, FOLDER)) });
      const { documentId, jobId } = accepted(response);
      const job = await endOfJob(owner.client, jobId);
      documents.set(name, { ...(await getDocument(owner.client, documentId)), job });
    });
    await Promise.all(uploads);
  });
  after(() => stage[Symbol.asyncDispose]());

  test('all of them were taken in or refused by the same worker, which is still well', async () => {
    assert.equal(documents.size, files.length);
    const ready = await fetch(`${worker.url}/health/ready`);
    assert.equal(ready.status, 200, await ready.text());
  });

  for (const name of files) {
    const code = WITHOUT_TEXT[name];
    if (code !== undefined)
      test(`${name} fails with ${code}`, () => {
        const { status, error, chunk_count: chunkCount, job } = documents.get(name);
        assert.equal(status, 'failed');
        assert.equal(error.code, code);
        assert.equal(error.stage, 'extract');
        assert.ok(error.remedy.length > 0);
        assert.equal(job.status, 'failed');
        assert.equal(job.error.code, code);
        assert.equal(job.attempts, 1);
        assert.equal(chunkCount, 0);
      });
    else
      test(`${name} is found by a sentence of its last page`, async () => {
        const document = documents.get(name);
        await assertComplete(stage, owner.client, document.id);
        const chunks = await allChunks(owner.client, document.id);
        assertPagesAccountedFor(document, chunks);
        await assertVerbatim(owner.client, document.id, chunks);
        const { page, sentence, unique } = await sentenceOfLastPage(stage, document.id);
        // Blind text stands in several places, all of them right: the one of the last page must be among them.
        const query = unique ? { query: sentence } : { query: sentence, document_ids: [document.id] };
        const { body } = await owner.client.post('search', query);
        const isIt = (hit: Json): boolean =>
          hit.document_id === document.id &&
          hit.document_title === name.replace('.pdf', '') &&
          hit.page_from <= page &&
          page <= hit.page_to &&
          hit.text.includes(sentence);
        const hits: Json[] = unique ? body.data.slice(0, 1) : body.data;
        assert.ok(hits.some(isIt), `"${sentence}" of page ${page} in ${JSON.stringify(hits)}`);
      });
  }
});

function assertPagesAccountedFor(document: Json, chunks: readonly Json[]): void {
  const pages = new Set<number>([...document.pages_without_text, ...document.pages_failed]);
  for (const { page_from: from, page_to: to } of chunks)
    for (let page = from; page <= to; page++) pages.add(page);
  assert.deepEqual(
    [...pages].sort((a, b) => a - b),
    Array.from({ length: document.page_count }, (_, index) => index + 1),
  );
}

/** The longest sentence, or line, of the last page that has text: one that stands nowhere else, if there is any. */
async function sentenceOfLastPage(
  { sql }: TestStage,
  documentId: string,
): Promise<{ page: number; sentence: string; unique: boolean }> {
  const texts = await sql<{
    document_id: string;
    content: string;
    pages: { page: number; charStart: number; charEnd: number }[];
  }>('select document_id, content, pages from document_texts');
  const own = texts.find((text) => text.document_id === documentId)!;
  const chunks = await sql<{ text: string }>('select text from document_chunks where document_id = $1', [
    documentId,
  ]);
  const last = own.pages.at(-1)!;
  const everything = words(texts.map((text) => text.content).join('\n\n'));
  const found = own.content
    .slice(last.charStart, last.charEnd)
    .split(/(?<=[.!?])\s+|\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && part.length <= 300 && chunks.some(({ text }) => text.includes(part)))
    .map((sentence) => ({
      page: last.page,
      sentence,
      unique: everything.split(words(sentence)).length === 2,
    }))
    .sort((a, b) => Number(b.unique) - Number(a.unique) || b.sentence.length - a.sentence.length)[0];
  assert.ok(found, `page ${last.page} of ${documentId} has a sentence`);
  return found;
}

const words = (text: string): string => text.replace(/\s+/g, ' ').toLowerCase();
