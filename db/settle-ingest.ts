import type { Knex } from 'knex';
import type { Job, JobFailure, JobStatus } from '#shared/domain/types.ts';
import { continueIngest } from './continue-ingest.ts';
import { countRevision } from './describe-document.ts';
import { failDocument } from './fail-document.ts';
import { ENDED, judgeIngest } from './judge-ingest.ts';
import type { Outcome, Part, SettledIngest } from './judge-ingest.ts';

/**
 * Brings an ingestion and its document in line with the jobs it is made of. Called in every transaction that changes one
 * of them, with the ingestion's row already locked: the only place where a document's status is decided.
 *
 * @param ingestId id of the `document.ingest` job; null for jobs outside an ingestion
 * @returns jobs that are due now, for the caller to hand over after the commit; the relay finds those of others
 */
export async function settleIngest(trx: Knex.Transaction, ingestId: string | null): Promise<Job[]> {
  if (ingestId === null) return [];
  const ingest = await trx('jobs')
    .where({ id: ingestId, type: 'document.ingest' })
    .first<{ document_id: string; status: JobStatus } | undefined>('document_id', 'status');
  if (ingest === undefined || ENDED.includes(ingest.status)) return [];
  const parts = await trx('jobs')
    .where('parent_id', ingestId)
    .select<Part[]>('id', 'type', 'status', 'error', 'payload');
  const document = await trx('documents')
    .where('id', ingest.document_id)
    .forUpdate()
    .first<{ status: string; revision: number } | undefined>('status', 'revision');
  if (document === undefined) return [];
  const model = await trx('embedding_models')
    .where('is_active', true)
    .first<{ id: number } | undefined>('id');
  const settled: SettledIngest = {
    ingestId,
    documentId: ingest.document_id,
    revision: document.revision,
    modelId: model?.id ?? null,
  };
  let outcome = judgeIngest(parts, settled.modelId);
  if (outcome === 'count')
    outcome = judgeIngest(
      parts,
      settled.modelId,
      await countRevision(trx, settled.documentId, settled.modelId),
    );
  await applyOutcome(trx, settled, outcome as Outcome, document.status);
  return continueIngest(trx, settled, (outcome as Outcome).next, parts);
}

async function applyOutcome(
  trx: Knex.Transaction,
  { ingestId, documentId }: SettledIngest,
  outcome: Outcome,
  status: string,
): Promise<void> {
  const ended = ENDED.includes(outcome.job);
  const begun = outcome.document !== 'queued';
  await trx('jobs')
    .where('id', ingestId)
    .whereNot((query) => void query.where({ status: outcome.job }).whereNull('finished_at'))
    .update({
      status: outcome.job,
      // A partial document is a job done: what is missing is said by the document.
      error: outcome.job === 'succeeded' || outcome.error === null ? null : JSON.stringify(outcome.error),
      result: ended ? JSON.stringify({ document_id: documentId, document_status: outcome.document }) : null,
      attempts: trx.raw('greatest(attempts, ?::int)', [Number(begun)]),
      started_at: trx.raw('coalesce(started_at, case when ?::boolean then now() end)', [begun]),
      finished_at: ended ? trx.fn.now() : null,
      state: trx.raw('state + 1'),
      updated_at: trx.fn.now(),
    });
  if (outcome.document === 'failed' && outcome.error !== null)
    await failDocument(trx, documentId, outcome.error);
  else if (outcome.document !== status)
    await trx('documents')
      .where('id', documentId)
      .update({
        status: outcome.document,
        error: asJson(outcome.error),
        state: trx.raw('state + 1'),
        updated_at: trx.fn.now(),
      });
}

const asJson = (error: JobFailure | null): string | null => (error === null ? null : JSON.stringify(error));
