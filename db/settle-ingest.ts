import type { Knex } from 'knex';
import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import { toFailure } from '#shared/queue/retry.ts';
import type { DocumentStatus, JobFailure, JobStatus } from '#shared/domain/types.ts';
import { failDocument } from './fail-document.ts';
import { publishRevision } from './publish-revision.ts';

interface Part {
  readonly type: string;
  readonly status: JobStatus;
  readonly error: JobFailure | null;
}

interface Outcome {
  readonly document: DocumentStatus;
  readonly job: JobStatus;
  readonly error: JobFailure | null;
}

const ENDED: readonly JobStatus[] = ['succeeded', 'failed', 'cancelled', 'dead'];

/**
 * Brings an ingestion and its document in line with the jobs it is made of. Called in every transaction that changes one
 * of them, with the ingestion's row already locked: the only place where a document's status is decided.
 *
 * @param ingestId id of the `document.ingest` job; null for jobs outside an ingestion
 * @returns the assistant whose metrics are to be measured because its document's ingestion has ended, else null
 */
export async function settleIngest(trx: Knex.Transaction, ingestId: string | null): Promise<string | null> {
  if (ingestId === null) return null;
  const ingest = await trx('jobs')
    .where({ id: ingestId, type: 'document.ingest' })
    .first<{ document_id: string; status: JobStatus } | undefined>('document_id', 'status');
  if (ingest === undefined || ENDED.includes(ingest.status)) return null;
  const parts = await trx('jobs').where('parent_id', ingestId).select<Part[]>('type', 'status', 'error');
  const document = await trx('documents')
    .where('id', ingest.document_id)
    .forUpdate()
    .first<DocumentRow | undefined>(
      'assistant_id',
      'status',
      'revision',
      'live_revision',
      'pages_failed',
      'chunk_count',
      'embedded_count',
    );
  if (document === undefined) return null;
  const outcome = judgeIngest(parts, document);
  await applyOutcome(trx, { ingestId, documentId: ingest.document_id }, outcome, document);
  return ENDED.includes(outcome.job) ? document.assistant_id : null;
}

interface DocumentRow {
  readonly assistant_id: string;
  readonly status: DocumentStatus;
  readonly revision: number;
  readonly pages_failed: readonly number[];
  readonly chunk_count: number;
  readonly embedded_count: number;
}

type Counts = Pick<DocumentRow, 'pages_failed' | 'chunk_count' | 'embedded_count'>;

/** Decides what the parts of an ingestion make of it (pure). */
export function judgeIngest(parts: readonly Part[], document: Counts): Outcome {
  const chunk = parts.find((part) => part.type === 'document.chunk');
  if (chunk?.status === 'failed' || chunk?.status === 'dead')
    return { document: 'failed', job: chunk.status, error: chunk.error };
  const open = parts.filter((part) => !ENDED.includes(part.status));
  return open.length > 0 ? judgeUnfinished(parts, open) : judgeFinished(parts, document);
}

function judgeUnfinished(parts: readonly Part[], open: readonly Part[]): Outcome {
  if (parts.every((part) => part.status === 'queued' && part.error === null))
    return { document: 'queued', job: 'queued', error: null };
  const running = open.some((part) => part.status === 'running');
  const waiting = !running && open.some((part) => part.error !== null);
  return { document: 'processing', job: waiting ? 'queued' : 'running', error: null };
}

function judgeFinished(parts: readonly Part[], document: Counts): Outcome {
  const lost = parts.find((part) => part.status === 'failed' || part.status === 'dead');
  if (lost !== undefined && document.embedded_count === 0)
    return { document: 'failed', job: lost.status, error: lost.error };
  if (lost !== undefined || document.embedded_count < document.chunk_count)
    return {
      document: 'partial',
      job: 'succeeded',
      error: lost?.error ?? ended('document.chunks_failed', 'embed'),
    };
  if (document.pages_failed.length > 0)
    return { document: 'partial', job: 'succeeded', error: ended('document.pages_failed', 'extract') };
  return { document: 'completed', job: 'succeeded', error: null };
}

const ended = (code: ErrorCode, stage: string): JobFailure => ({
  ...toFailure(new AppError(code, { stage })),
  nextRetryAt: null,
});

async function applyOutcome(
  trx: Knex.Transaction,
  ids: { ingestId: string; documentId: string },
  outcome: Outcome,
  document: DocumentRow,
): Promise<void> {
  const ended = ENDED.includes(outcome.job);
  const begun = outcome.document !== 'queued';
  const searchable = outcome.document === 'completed' || outcome.document === 'partial';
  // Search moves to the new revision in the transaction that completes it, never before.
  if (searchable) await publishAlone(trx, ids.documentId, document.revision);
  await trx('jobs')
    .where('id', ids.ingestId)
    .whereNot((query) => void query.where({ status: outcome.job }).whereNull('finished_at'))
    .update({
      status: outcome.job,
      // A partial document is a job done: what is missing is said by the document.
      error: outcome.job === 'succeeded' || outcome.error === null ? null : JSON.stringify(outcome.error),
      result: ended
        ? JSON.stringify({ document_id: ids.documentId, document_status: outcome.document })
        : null,
      attempts: trx.raw('greatest(attempts, ?::int)', [Number(begun)]),
      started_at: trx.raw('coalesce(started_at, case when ?::boolean then now() end)', [begun]),
      finished_at: ended ? trx.fn.now() : null,
      state: trx.raw('state + 1'),
      updated_at: trx.fn.now(),
    });
  if (outcome.document === 'failed' && outcome.error !== null)
    await failDocument(trx, ids.documentId, outcome.error);
  else if (outcome.document !== document.status)
    await trx('documents')
      .where('id', ids.documentId)
      .update({
        status: outcome.document,
        error: outcome.error === null ? null : JSON.stringify(outcome.error),
        state: trx.raw('state + 1'),
        updated_at: trx.fn.now(),
      });
}

/** Publishes a revision and removes those before it. */
async function publishAlone(trx: Knex.Transaction, documentId: string, revision: number): Promise<void> {
  await publishRevision(trx, documentId, revision);
  for (const table of ['document_chunks', 'document_texts'])
    await trx(table).where('document_id', documentId).where('revision', '<', revision).delete();
}
