import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { makePdf } from '#tests/support/fixtures/pdf-files.ts';
import { holdChunking } from '#tests/support/hold-chunking.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { accepted, allChunks, assertComplete, endOfJob, getDocument } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';

/** Faults that systems of this kind are known for, by number, and where it is shown that they do not happen here. */
const FAULTS: readonly (readonly [fault: string, ...files: string[]])[] = [
  [
    '1: one user’s registration or primary assistant touches another’s',
    'acceptance/known-faults',
    'api/assistant-families',
  ],
  ['2: a second spawn returns the first child', 'api/assistant-families'],
  ['3: text shared by two documents loses one of them', 'acceptance/known-faults'],
  ['4: only the first slice of a PDF is chunked', 'acceptance/known-faults'],
  ['5: a chunk is embedded twice, or counters drift from COUNT after a crash', 'acceptance/worker-crash'],
  ['6: status words differ between list, detail and progress', 'acceptance/known-faults'],
  ['7: the persona vanishes from the prompt when sources are found', 'acceptance/replies'],
  ['8: token usage is never recorded', 'acceptance/replies'],
  ['9: a failed answer changes a prompt by itself', 'acceptance/replies'],
  ['10: list queries grow with the rows', 'api/assistant-lists', 'api/memory-chains'],
  ['11: a rotated refresh token still works', 'api/sessions'],
  ['12: another user’s id answers anything but 404', 'acceptance/other-user'],
  ['13: a PDF name over other bytes is accepted; 10 MiB and a byte are', 'acceptance/upload-rules'],
  ['14: vectors of another dimension are padded or cut', 'acceptance/provider-faults'],
  ['15: a provider outage takes the API down or loses the work', 'acceptance/provider-faults'],
  ['16: a prompt in use is deleted', 'api/prompts'],
  ['17: a cascade delete stops half-way', 'api/assistant-deletion'],
  [
    '18: an upload hangs in `processing` with no reason',
    'acceptance/upload-rules',
    'acceptance/worker-crash',
  ],
  ['19: pages vanish from a large PDF in silence', 'acceptance/known-faults', 'acceptance/upload-rules'],
  ['20: another embedding model breaks or silently mixes what is stored', 'db/search-chunks'],
  ['21: a document cannot be seen while it is being taken in', 'acceptance/known-faults'],
];

test('each of the 21 known faults has a test that says its number, where the table says', () => {
  assert.equal(FAULTS.length, 21);
  for (const [index, [fault, ...files]] of FAULTS.entries()) {
    assert.equal(fault.split(':')[0], String(index + 1));
    assert.ok(files.length > 0, fault);
    const named = new RegExp(`\\btest\\([\`'][^\`'\\n]*\\bfaults? (?:\\d+,? and )?${index + 1}\\b[^\\n]*:`);
    for (const file of files) {
      const text = readFileSync(join(import.meta.dirname, '..', `${file}.test.ts`), 'utf8');
      assert.match(text, named, `${file} has no test of fault ${fault}`);
    }
  }
});

suite('known faults of documents and accounts', () => {
  let stage: TestStage;
  let owner: Owner;
  before(async () => {
    stage = await startStage();
    owner = await stage.newOwner();
    await stage.startWorker();
  });
  after(() => stage[Symbol.asyncDispose]());

  const get = async (client: HttpClient, path: string): Promise<Json> => {
    const { status, body } = await client.get(path);
    assert.equal(status, 200, JSON.stringify(body));
    return body.data;
  };
  const takenIn = async (upload: Promise<Awaited<ReturnType<Owner['uploadText']>>>): Promise<string> => {
    const { documentId, jobId } = accepted(await upload);
    const job = await endOfJob(owner.client, jobId);
    assert.equal(job.status, 'succeeded', JSON.stringify(job.error));
    return documentId;
  };

  test('fault 1: registering changes nothing of those who are there', async () => {
    const made = await owner.client.post('assistants', { name: 'First', is_primary: true });
    assert.equal(made.status, 201);
    const paths = ['auth/me', 'auth/sessions', 'assistants', `assistants/${made.body.data.id}`];
    const before = await Promise.all(paths.map((path) => get(owner.client, path)));
    const newcomer = await registerUser(stage.app);
    assert.deepEqual(await get(newcomer.client, 'assistants'), [], 'and brings nothing along');
    const own = await newcomer.client.post('assistants', { name: 'First', is_primary: true });
    assert.deepEqual([own.status, own.body.data.slug], [201, 'first'], 'names of others are free');
    const taken = await newcomer.client.post('auth/register', {
      username: owner.username.toUpperCase(),
      email: 'somebody@example.org',
      password: 'another long pass phrase',
    });
    assert.ok(taken.status >= 400, 'an account is not taken over');
    assert.deepEqual(await Promise.all(paths.map((path) => get(owner.client, path))), before);
  });

  test('fault 3: a text that stands in two documents stays in both, and in one when the other goes', async () => {
    const shared = 'The well of the upper yard is forty feet deep and never freezes.';
    const [first, second] = [
      await takenIn(owner.uploadText('Wells', shared)),
      await takenIn(owner.uploadText('Yards', `${shared}\n`)),
    ];
    for (const id of [first, second]) await assertComplete(stage, owner.client, id);
    const find = async (): Promise<string[]> =>
      (await owner.client.post('search', { query: 'how deep is the well' })).body.data
        .filter(({ text }: Json) => text === shared)
        .map((hit: Json) => hit.document_id as string);
    assert.deepEqual((await find()).sort(), [first, second].sort());
    assert.equal((await owner.client.delete(`documents/${first}`)).status, 204);
    assert.deepEqual(await find(), [second]);
    await assertComplete(stage, owner.client, second);
  });

  test('faults 4 and 19: every page of a long PDF is chunked and found, none goes missing', async (t) => {
    const count = 60;
    const pages = Array.from(
      { length: count },
      (_, page) => `Report ${page + 1}. ${'The herd walked over the hills and back. '.repeat(30)}`,
    );
    const id = await takenIn(owner.uploadFile({ name: 'long.pdf', bytes: await makePdf({ pages }) }));
    await assertComplete(stage, owner.client, id);
    const { page_count, pages_failed, pages_without_text, status } = await getDocument(owner.client, id);
    assert.deepEqual(
      { page_count, pages_failed, pages_without_text, status },
      { page_count: count, pages_failed: [], pages_without_text: [], status: 'completed' },
    );
    const chunks = await allChunks(owner.client, id);
    const text = String((await owner.client.get(`documents/${id}/text`)).body);
    for (let page = 1; page <= count; page++) {
      const at = text.indexOf(`Report ${page}.`);
      assert.ok(at >= 0, `the text of page ${page} is there`);
      const chunk = chunks.find(({ char_start, char_end }) => char_start <= at && at < char_end);
      assert.ok(chunk !== undefined && chunk.page_from <= page && page <= chunk.page_to, `page ${page}`);
    }
    // Nothing between two chunks but white space.
    for (const [index, chunk] of chunks.entries())
      assert.equal(text.slice(chunks[index - 1]?.char_end ?? 0, chunk.char_start).trim(), '');
    assert.equal(text.slice(chunks.at(-1)?.char_end).trim(), '');
    t.diagnostic(`${count} pages in ${chunks.length} chunks, each page where it says`);
  });

  test('fault 6: list, detail, progress and the assistant’s list say the same, at every moment', async () => {
    const seen = new Set<string>();
    const compare = async (id: string): Promise<string> => {
      const detail = await getDocument(owner.client, id);
      const of = (list: Json[]): Json => list.find((item) => item.id === id);
      const listed = [
        of(await get(owner.client, 'documents?limit=100')),
        of(await get(owner.client, `documents?limit=100&status=${detail.status}`)),
        of(await get(owner.client, `assistants/${owner.assistantId}/documents?limit=100`)),
        (await get(owner.client, `documents/${id}/progress`)).document,
      ];
      for (const other of listed) assert.equal(other?.status, detail.status);
      seen.add(detail.status);
      return detail.status;
    };
    const text = Array.from({ length: 12 }, (_, part) => `Part ${part}. ${'Oats and hay. '.repeat(60)}`);
    await using hold = await holdChunking(stage);
    const { documentId, jobId } = accepted(await owner.uploadText('Fodder', text.join('\n\n')));
    await hold.reached();
    assert.equal(await compare(documentId), 'processing');
    await hold.release();
    await endOfJob(owner.client, jobId);
    assert.equal(await compare(documentId), 'completed');
    const broken = { name: 'broken.pdf', bytes: '%PDF-1.7\nnothing of a PDF\nstartxref\n0\n%%EOF\n' };
    const failed = accepted(await owner.uploadFile(broken));
    await endOfJob(owner.client, failed.jobId);
    assert.equal(await compare(failed.documentId), 'failed');
    assert.deepEqual([...seen].sort(), ['completed', 'failed', 'processing']);
  });

  test('fault 21: a document is seen, with its original and its progress, while it is being taken in', async () => {
    const text = Array.from(
      { length: 12 },
      (_, part) => `Rule ${part}. ${'Gates are shut. '.repeat(60)}`,
    ).join('\n\n');
    await using hold = await holdChunking(stage);
    const { documentId, jobId } = accepted(await owner.uploadText('Gates', text));
    await hold.reached();
    assert.equal((await getDocument(owner.client, documentId)).title, 'Gates');
    assert.equal(String((await owner.client.get(`documents/${documentId}/content`)).body), text);
    assert.deepEqual(await get(owner.client, `documents/${documentId}/chunks`), []);
    const progress = await get(owner.client, `documents/${documentId}/progress`);
    assert.deepEqual([progress.job.id, progress.job.status], [jobId, 'running']);
    const [newest] = await get(owner.client, 'documents?limit=1');
    assert.equal(newest.id, documentId);
    await hold.release();
    await endOfJob(owner.client, jobId);
    await assertComplete(stage, owner.client, documentId);
  });
});
