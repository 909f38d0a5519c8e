import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Env } from '#shared/config/env.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import {
  makeFlateBombPdf,
  makeFormBombPdf,
  makeImageOnlyPdf,
  makePdf,
} from '#tests/support/fixtures/pdf-files.ts';
import type { Json } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

interface BadInput {
  readonly code: string;
  readonly stage: string;
  readonly bytes: () => Promise<Buffer> | Buffer | string;
  /** It is tried again by itself, and waits for that. */
  readonly waits?: true;
  /** Settings of the worker that meets it. */
  readonly env?: Env;
}

const page = (text: string): Promise<Buffer> => makePdf({ pages: [text] });

const INPUTS: readonly BadInput[] = [
  {
    code: 'document.encrypted',
    stage: 'extract',
    bytes: () => makePdf({ pages: ['Secret.'], userPassword: 'hay' }),
  },
  { code: 'document.no_text', stage: 'extract', bytes: () => makeImageOnlyPdf() },
  {
    code: 'document.damaged',
    stage: 'extract',
    bytes: () => '%PDF-1.7\nnothing of a PDF\nstartxref\n0\n%%EOF\n',
  },
  {
    code: 'document.too_many_pages',
    stage: 'extract',
    bytes: () => makePdf({ pages: ['1', '2', '3', '4'] }),
  },
  { code: 'document.too_much_text', stage: 'extract', bytes: () => page('Hay and oats. '.repeat(60)) },
  {
    code: 'document.extraction_timeout',
    stage: 'extract',
    bytes: () => makeFormBombPdf(),
    env: { EXTRACT_TIMEOUT_MS: '50' },
  },
  {
    code: 'document.extraction_memory',
    stage: 'extract',
    bytes: () => makeFlateBombPdf(),
    env: { EXTRACT_MEMORY_BYTES: '134217728' },
  },
  { code: 'embedding.rejected', stage: 'embed', bytes: () => 'The provider rejects this.' },
  { code: 'embedding.dimension_mismatch', stage: 'embed', bytes: () => 'The provider shortens this.' },
  { code: 'embedding.throttled', stage: 'embed', bytes: () => 'The provider throttles this.', waits: true },
  { code: 'quota.daily_exceeded', stage: 'embed', bytes: () => 'There is no quota for this.', waits: true },
  { code: 'embedding.unavailable', stage: 'embed', bytes: () => 'The provider breaks on this.', waits: true },
];

test('promise 48: 12 bad inputs, each explained by a code of its own', { timeout: 180_000 }, async (t) => {
  await using server = await startEmbeddingServer();
  await using stage = await startStage({
    ...server.env,
    EXTRACT_MAX_PAGES: '3',
    EXTRACT_MAX_CHARS: '600',
  });
  server.behave(([text = '']) => {
    if (text.includes('rejects')) return { status: 400 };
    if (text.includes('shortens')) return { dimensions: 3 };
    if (text.includes('throttles')) return { status: 429, headers: { 'retry-after': '900' } };
    return text.includes('breaks') ? { status: 503 } : 'answer';
  });
  const [owner, poor] = await Promise.all([stage.newOwner(), stage.newOwner()]);
  let worker = await stage.startWorker();
  // Somebody who has used all of a day.
  await endOfJob(poor.client, accepted(await poor.uploadText('First', 'This one is let through.')).jobId);
  await stage.sql('insert into user_quotas (user_id, embedding_tokens_per_day) values ($1, 1)', [poor.id]);

  const seen: string[] = [];
  for (const input of INPUTS) {
    await worker.stop('SIGTERM');
    worker = await stage.startWorker(input.env);
    const from = input.code.startsWith('quota.') ? poor : owner;
    const bytes = await input.bytes();
    const name = `${input.code}.${String(bytes).startsWith('%PDF-') ? 'pdf' : 'txt'}`;
    const { documentId, jobId } = accepted(await from.uploadFile({ name, bytes }));
    const job = await explained(from, jobId, input);
    assert.deepEqual([job.error.code, job.error.stage], [input.code, input.stage]);
    assert.equal(job.error.retryable, input.waits === true);
    assert.equal(job.error.next_retry_at === null, input.waits === undefined, input.code);
    assert.ok(job.error.message.length > 0 && job.error.remedy.length > 0);
    const [attempt] = (await from.client.get(`jobs/${jobId}/attempts`)).body.data;
    assert.deepEqual(
      [attempt.error.code, attempt.attempt >= 1, attempt.outcome],
      [input.code, true, input.waits === true ? 'retry' : attempt.outcome],
    );
    const listed = (await from.client.get('documents?limit=100')).body.data as Json[];
    const document = listed.find(({ id }) => id === documentId);
    assert.equal(document.status, input.waits === true ? 'processing' : 'failed');
    seen.push(job.error.code as string);
  }
  assert.equal(new Set(seen).size, 12);
  t.diagnostic(`${new Set(seen).size} codes: ${seen.join(', ')}`);
});

/** The job once it says what is wrong. */
const explained = (from: Owner, jobId: string, input: BadInput): Promise<Json> =>
  waitFor(
    async () => {
      const { data } = (await from.client.get(`jobs/${jobId}`)).body;
      return data.error !== null && (input.waits === true || data.finished_at !== null) && data;
    },
    { description: `${input.code} to be explained` },
  );
