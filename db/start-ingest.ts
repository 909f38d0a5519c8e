import type { Document, Job } from '#shared/domain/types.ts';
import type { Transaction } from './database.ts';

/** Makes the job that groups the ingestion of a document's revision, and the first of its parts, which is returned. */
export async function startIngest(tx: Pick<Transaction, 'jobs'>, document: Document): Promise<Job[]> {
  const payload = { document_id: document.id, revision: document.revision };
  const common = { userId: document.userId, documentId: document.id, payload };
  const [ingest] = await tx.jobs.insert([{ ...common, type: 'document.ingest' }]);
  if (ingest === undefined) return [];
  return tx.jobs.insert([{ ...common, type: 'document.chunk', parentId: ingest.id }]);
}
