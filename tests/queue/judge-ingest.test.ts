import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeIngest } from '#db/settle-ingest.ts';
import type { JobFailure, JobStatus } from '#shared/domain/types.ts';

const failure = (code: string): JobFailure => ({
  code,
  message: code,
  remedy: 'none',
  stage: 'embed',
  retryable: false,
  nextRetryAt: null,
});
const part = (type: string, status: JobStatus, error: string | null = null) => ({
  type,
  status,
  error: error === null ? null : failure(error),
});
const counts = { pages_failed: [] as number[], chunk_count: 4, embedded_count: 4 };

const table: [string, Parameters<typeof judgeIngest>, string, string, string | undefined][] = [
  ['nothing has begun', [[part('document.chunk', 'queued')], counts], 'queued', 'queued', undefined],
  ['chunking', [[part('document.chunk', 'running')], counts], 'processing', 'running', undefined],
  [
    'chunking waits for a retry',
    [[part('document.chunk', 'queued', 'job.timeout')], counts],
    'processing',
    'queued',
    undefined,
  ],
  [
    'chunking failed',
    [[part('document.chunk', 'failed', 'document.encrypted')], counts],
    'failed',
    'failed',
    'document.encrypted',
  ],
  [
    'chunking is dead',
    [[part('document.chunk', 'dead', 'job.timeout')], counts],
    'failed',
    'dead',
    'job.timeout',
  ],
  [
    'embedding',
    [[part('document.chunk', 'succeeded'), part('document.embed', 'queued')], counts],
    'processing',
    'running',
    undefined,
  ],
  [
    'one batch waits while another runs',
    [
      [
        part('document.chunk', 'succeeded'),
        part('document.embed', 'running'),
        part('document.embed', 'queued', 'x'),
      ],
      counts,
    ],
    'processing',
    'running',
    undefined,
  ],
  [
    'all is well',
    [[part('document.chunk', 'succeeded'), part('document.embed', 'succeeded')], counts],
    'completed',
    'succeeded',
    undefined,
  ],
  [
    'some chunks are missing',
    [
      [
        part('document.chunk', 'succeeded'),
        part('document.embed', 'succeeded'),
        part('document.embed', 'dead', 'embedding.unavailable'),
      ],
      { ...counts, embedded_count: 2 },
    ],
    'partial',
    'succeeded',
    'embedding.unavailable',
  ],
  [
    'all chunks are missing',
    [
      [part('document.chunk', 'succeeded'), part('document.embed', 'failed', 'embedding.rejected')],
      { ...counts, embedded_count: 0 },
    ],
    'failed',
    'failed',
    'embedding.rejected',
  ],
  [
    'some pages could not be read',
    [
      [part('document.chunk', 'succeeded'), part('document.embed', 'succeeded')],
      { ...counts, pages_failed: [3] },
    ],
    'partial',
    'succeeded',
    'document.pages_failed',
  ],
];

for (const [name, input, document, job, error] of table)
  test(`an ingestion when ${name}`, () => {
    const outcome = judgeIngest(...input);
    assert.deepEqual([outcome.document, outcome.job, outcome.error?.code], [document, job, error]);
  });
