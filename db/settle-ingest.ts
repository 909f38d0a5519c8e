import type { Knex } from 'knex';
import type { Job, JobFailure } from '#shared/domain/types.ts';
import { continueIngest } from './continue-ingest.ts';
import { countRevision } from './describe-document.ts';
import { failDocument } from './fail-document.ts';
import { ENDED, judgeIngest } from './judge-ingest.ts';
import type { Outcome, Part, SettledIngest } from './judge-ingest.ts';
import { partsOfIngest } from './parts-of-ingest.ts';

/**
 * Brings an ingestion and its document in line with the jobs it is made of. Called in every transaction that changes one
 * of them, with the ingestion's row already locked: the only place where a document's status is decided.
 *
 * @param ingestId id of the `document.ingest` job; null for jobs outside an ingestion
 */
export async function settleIngest(trx: Knex.Transaction, ingestId: string | null): Promise<Settlement> {
  if (ingestId === null) return NOTHING;
  const found = await lockIngest(trx, ingestId);
  if (found === undefined) return NOTHING;
  const { document_id: documentId, revision, model_id: modelId } = found;
  // They stand still, because whoever changes one has locked their group.
  const parts = await partsOfIngest(trx, ingestId);
  const settled: SettledIngest = { ingestId, documentId, revision, modelId };
  const outcome = await judge(trx, settled, parts);
  await applyOutcome(trx, settled, outcome, found.document_status);
  return {
    due: await continueIngest(trx, settled, outcome.next, parts),
    endedFor: ENDED.includes(outcome.job) ? found.assistant_id : null,
  };
}

/** Locks the document of an ingestion that has not ended, in one statement: every change of every part comes here. */
async function lockIngest(trx: Knex.Transaction, ingestId: string): Promise<IngestRow | undefined> {
  const { rows } = await trx.raw<{ rows: IngestRow[] }>(
    `select d.id as document_id, d.assistant_id, d.status as document_status, d.revision,
       (select id from embedding_models where is_active) as model_id
     from jobs i join documents d on d.id = i.document_id
     where i.id = ? and i.type = 'document.ingest' and i.status <> all(?)
     for update of d`,
    [ingestId, [...ENDED]],
  );
  return rows[0];
}

/** What bringing an ingestion in line has led to. */
export interface Settlement {
  /** Jobs that are due now, for the caller to hand over after the commit; the relay finds those of others. */
  readonly due: Job[];
  /** The assistant whose metrics are to be measured because its document's ingestion has ended, else null. */
  readonly endedFor: string | null;
}

const NOTHING: Settlement = { due: [], endedFor: null };

interface IngestRow {
  readonly document_id: string;
  readonly assistant_id: string;
  readonly document_status: string;
  readonly revision: number;
  readonly model_id: number | null;
}

/** Chunks are counted only where the outcome depends on them. */
async function judge(
  trx: Knex.Transaction,
  { documentId, modelId }: SettledIngest,
  parts: readonly Part[],
): Promise<Outcome> {
  const outcome = judgeIngest(parts, modelId);
  if (outcome !== 'count') return outcome;
  return judgeIngest(parts, modelId, await countRevision(trx, documentId, modelId)) as Outcome;
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
