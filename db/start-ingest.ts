import type { Document, Job, Priority } from '#shared/domain/types.ts';
import type { Transaction } from './database.ts';

/** How a document is taken in, where somebody has said. */
export interface IngestWishes {
  readonly priority?: Priority | undefined;
  /** Where the end of its job is told. */
  readonly webhookUrl?: string | undefined;
}

/** Makes the job that groups the ingestion of a document's revision, and the first of its parts, which is returned. */
export async function startIngest(
  tx: Pick<Transaction, 'jobs'>,
  document: Document,
  { priority, webhookUrl }: IngestWishes = {},
): Promise<Job[]> {
  const payload = { document_id: document.id, revision: document.revision };
  const how = priority === undefined ? {} : { priority };
  const common = { ...how, userId: document.userId, documentId: document.id, payload };
  await tx.jobs.supersedeIngests(document.id);
  const announced = webhookUrl === undefined ? {} : { webhookUrl };
  const [ingest] = await tx.jobs.insert([{ ...common, ...announced, type: 'document.ingest' }]);
  if (ingest === undefined) return [];
  return tx.jobs.insert([{ ...common, type: 'document.chunk', parentId: ingest.id }]);
}
