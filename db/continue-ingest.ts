import type { Knex } from 'knex';
import type { Job } from '#shared/domain/types.ts';
import type { Part, SettledIngest } from './judge-ingest.ts';
import { jobWriter } from './stores/job-store.ts';

/** Chunks of one embedding job. */
const BATCH = 64;

/** Makes the parts of an ingestion that its other parts have made necessary. */
export async function continueIngest(
  trx: Knex.Transaction,
  ingest: SettledIngest,
  next: 'embed' | 'verify' | undefined,
  parts: readonly Part[],
): Promise<Job[]> {
  if (next === undefined) return [];
  const common = {
    userId: ingest.userId,
    priority: ingest.priority,
    documentId: ingest.documentId,
    parentId: ingest.ingestId,
  };
  const jobs = jobWriter(trx);
  const payload = {
    document_id: ingest.documentId,
    revision: ingest.revision,
    model_id: ingest.modelId ?? 0,
  };
  if (next === 'embed') {
    const batches = await batchesOf(trx, ingest);
    return jobs.insert(
      batches.map((batch) => ({
        ...common,
        type: 'document.embed' as const,
        payload: { ...payload, ...batch },
      })),
    );
  }
  const verify = parts.find((part) => part.type === 'document.verify');
  return verify === undefined
    ? jobs.insert([{ ...common, type: 'document.verify' as const, payload }])
    : jobs.requeue([verify.id], payload);
}

async function batchesOf(
  trx: Knex.Transaction,
  { documentId, revision }: SettledIngest,
): Promise<{ from: number; to: number }[]> {
  const row = await trx('document_chunks')
    .where({ document_id: documentId, revision })
    .max<{ last: number | null }>({ last: 'position' })
    .first();
  const end = (row?.last ?? -1) + 1;
  return Array.from({ length: Math.ceil(end / BATCH) }, (_, index) => ({
    from: index * BATCH,
    to: Math.min((index + 1) * BATCH, end),
  }));
}
