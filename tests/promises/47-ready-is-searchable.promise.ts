import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeImageOnlyPdf, makePdf } from '#tests/support/fixtures/pdf-files.ts';
import type { Json } from '#tests/support/http-client.ts';
import { accepted, endOfJob, getDocument } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';

const FILES = 200;
/** One in so many is a scan without text, and one in so many a PDF with it. */
const SCAN = 20;
const PDF = 4;

const PLACES = 'barn field hill stable market village river forest mill bridge'.split(' ');
const THINGS = 'oats hay thistles carrots apples turnips barley clover straw grass'.split(' ');
const SYLLABLES = 'ba do ki lu me no pi ra su ve'.split(' ');
/** A name that no other document has. */
const nameOf = (index: number): string =>
  [index % 10, Math.floor(index / 10) % 10, Math.floor(index / 100)].map((each) => SYLLABLES[each]).join('');
const sentenceOf = (index: number): string =>
  `The donkey ${nameOf(index)} of the ${PLACES[index % 10]} once carried ${THINGS[Math.floor(index / 10) % 10]} home.`;
const textOf = (index: number): string =>
  Array.from({ length: 12 }, (_, part) =>
    part === 7
      ? sentenceOf(index)
      : `In part ${part} the herd of the ${PLACES[(index + part) % 10]} eats ${THINGS[(index * part) % 10]}. `.repeat(
          6,
        ),
  ).join('\n\n');

test('promise 47: a sentence of every completed document of 200 files is in the top 10', async (t) => {
  await using stage = await startStage();
  const owner = await stage.newOwner();
  await stage.startWorker();
  const uploads: { index: number; documentId: string; jobId: string }[] = [];
  for (let index = 0; index < FILES; index++) {
    const answer =
      index % SCAN === 0
        ? await owner.uploadFile({ name: `${index}.pdf`, bytes: await makeImageOnlyPdf(1 + index / SCAN) })
        : index % PDF === 0
          ? await owner.uploadFile({
              name: `${index}.pdf`,
              bytes: await makePdf({ pages: textOf(index).split('\n\n') }),
            })
          : await owner.uploadText(`File ${index}`, textOf(index));
    uploads.push({ index, ...accepted(answer) });
  }
  const lost: number[] = [];
  let searchable = 0;
  let failed = 0;
  for (const { index, documentId, jobId } of uploads) {
    await endOfJob(owner.client, jobId);
    const { status, error } = await getDocument(owner.client, documentId);
    if (index % SCAN === 0) {
      assert.deepEqual([status, error?.code], ['failed', 'document.no_text']);
      failed += 1;
      continue;
    }
    assert.equal(status, 'completed', JSON.stringify(error));
    searchable += 1;
  }
  for (const { index, documentId } of uploads.filter((each) => each.index % SCAN !== 0)) {
    const { body } = await owner.client.post('search', { query: sentenceOf(index), limit: 10 });
    if (!(body.data as Json[]).some((hit) => hit.document_id === documentId)) lost.push(index);
  }
  t.diagnostic(
    `${searchable} of ${searchable + failed} files completed and found in the top 10 but ${lost.length}; ${failed} without text failed`,
  );
  assert.deepEqual(lost, []);
});
