import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeIngest } from '#db/judge-ingest.ts';
import type { JobFailure, JobStatus } from '#shared/domain/types.ts';

const failure = (code: string): JobFailure => ({
  code,
  message: code,
  remedy: 'none',
  stage: 'embed',
  retryable: false,
  nextRetryAt: null,
});
/** Model that searches use, and one that is being built. */
const ACTIVE = 1;
const NEXT = 2;
const part = (type: string, status: JobStatus, error: string | null = null, model = ACTIVE) => ({
  id: `${type} ${status}`,
  type,
  status,
  error: error === null ? null : failure(error),
  payload: type === 'document.embed' ? { model_id: model } : {},
});
const found = part('document.verify', 'succeeded');
const counts = { pages_failed: [] as number[], chunk_count: 4, embedded_count: 4 };

type Input = readonly [readonly ReturnType<typeof part>[], typeof counts];
const table: [string, Input, string, string, string | undefined, string?][] = [
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
    [[part('document.chunk', 'succeeded'), part('document.embed', 'succeeded'), found], counts],
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
        found,
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
      [part('document.chunk', 'succeeded'), part('document.embed', 'succeeded'), found],
      { ...counts, pages_failed: [3] },
    ],
    'partial',
    'succeeded',
    'document.pages_failed',
  ],
  [
    'all is embedded and search has not been asked',
    [[part('document.chunk', 'succeeded'), part('document.embed', 'succeeded')], counts],
    'processing',
    'running',
    undefined,
    'verify',
  ],
  [
    'search is to be asked again',
    [
      [
        part('document.chunk', 'succeeded'),
        part('document.embed', 'succeeded'),
        part('document.verify', 'cancelled'),
      ],
      counts,
    ],
    'processing',
    'running',
    undefined,
    'verify',
  ],
  [
    'search is being asked',
    [
      [
        part('document.chunk', 'succeeded'),
        part('document.embed', 'succeeded'),
        part('document.verify', 'running'),
      ],
      counts,
    ],
    'processing',
    'running',
    undefined,
  ],
  [
    'search does not find it',
    [
      [
        part('document.chunk', 'succeeded'),
        part('document.embed', 'succeeded'),
        part('document.verify', 'dead', 'document.not_findable'),
      ],
      counts,
    ],
    'failed',
    'dead',
    'document.not_findable',
  ],
  [
    'a model that is being built has its turn',
    [
      [
        part('document.chunk', 'succeeded'),
        part('document.embed', 'succeeded'),
        part('document.embed', 'queued', null, NEXT),
      ],
      counts,
    ],
    'processing',
    'running',
    undefined,
  ],
  [
    'only a model that is being built fails',
    [
      [
        part('document.chunk', 'succeeded'),
        part('document.embed', 'succeeded'),
        part('document.embed', 'queued', 'embedding.unavailable', NEXT),
        part('document.embed', 'dead', 'embedding.unavailable', NEXT),
        found,
      ],
      counts,
    ],
    'completed',
    'succeeded',
    undefined,
  ],
  [
    'the model was changed meanwhile',
    [
      [part('document.chunk', 'succeeded'), part('document.embed', 'succeeded', null, NEXT)],
      { ...counts, embedded_count: 0 },
    ],
    'processing',
    'running',
    undefined,
    'embed',
  ],
];

for (const [name, [parts, stored], document, job, error, next] of table)
  test(`an ingestion when ${name}`, () => {
    const outcome = judgeIngest(parts, ACTIVE, stored);
    assert.ok(outcome !== 'count');
    assert.deepEqual(
      [outcome.document, outcome.job, outcome.error?.code, outcome.next],
      [document, job, error, next],
    );
  });

test('an ingestion whose parts have ended is not judged without counting', () => {
  const parts = [part('document.chunk', 'succeeded'), part('document.embed', 'succeeded'), found];
  assert.equal(judgeIngest(parts, ACTIVE), 'count');
});
