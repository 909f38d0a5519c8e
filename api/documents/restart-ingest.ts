import type { Transaction } from '#db/database.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Job } from '#shared/domain/types.ts';
import { canRetry } from './document-policy.ts';

/** Starts what failed of the latest ingestion anew; what had succeeded stays. */
export async function restartIngest(tx: Transaction, userId: string, id: string): Promise<Job[]> {
  const jobs = await tx.jobs.lockOfDocument(id);
  const document = await tx.documents.lock(userId, id);
  if (document === undefined) throw new AppError('document.not_found');
  const ingest = jobs.filter((job) => job.type === 'document.ingest').at(-1);
  // Somebody else may have started it a moment ago.
  if (ingest === undefined || !canRetry(document) || ingest.finishedAt === null) return [];
  const parts = jobs.filter((job) => job.parentId === ingest.id);
  const work = parts.filter((job) => job.type !== 'document.verify').filter(hasNotSucceeded);
  const verify = parts.filter((job) => job.type === 'document.verify');
  await tx.jobs.requeue([ingest.id]);
  if (work.length === 0 && verify.some(hasNotSucceeded)) {
    await tx.documents.markQueued(id, document.revision);
    return tx.jobs.requeue(verify.map((job) => job.id));
  }
  // Whatever is done anew is to be looked for anew, when it is done.
  await tx.jobs.park(verify.map((job) => job.id));
  if (work.length > 0) {
    await tx.documents.markQueued(id, document.revision);
    return tx.jobs.requeue(work.map((job) => job.id));
  }
  // All parts did what they could but pages were lost: read the file again, as a new revision beside the live one.
  const chunk = parts.filter((job) => job.type === 'document.chunk');
  await tx.documents.markQueued(id, document.revision + 1);
  return tx.jobs.requeue(
    chunk.map((job) => job.id),
    { document_id: id, revision: document.revision + 1 },
  );
}

const hasNotSucceeded = (job: Job): boolean => job.status !== 'succeeded';
