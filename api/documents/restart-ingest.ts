import type { Transaction } from '#db/database.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Job, Priority } from '#shared/domain/types.ts';
import { canRetry } from './document-policy.ts';

/**
 * Starts what failed of the latest ingestion anew; what had succeeded stays. Nothing where nothing can be started.
 *
 * @param priority in place of the one it had
 */
export async function restartIngest(
  tx: Transaction,
  userId: string,
  id: string,
  priority?: Priority,
): Promise<Job[]> {
  const jobs = await tx.jobs.lockOfDocument(id);
  const document = await tx.documents.lock(userId, id);
  if (document === undefined) throw new AppError('document.not_found');
  const ingest = jobs.filter((job) => job.type === 'document.ingest').at(-1);
  // Somebody else may have started it a moment ago.
  if (ingest === undefined || !canRetry(document) || ingest.finishedAt === null) return [];
  const parts = jobs.filter((job) => job.parentId === ingest.id);
  const work = parts.filter((job) => job.type !== 'document.verify').filter(hasNotSucceeded);
  const verify = parts.filter((job) => job.type === 'document.verify');
  await tx.jobs.requeue([ingest.id], undefined, priority);
  if (work.length === 0 && verify.some(hasNotSucceeded)) {
    await tx.documents.markQueued(id, document.revision);
    return tx.jobs.requeue(idsOf(verify), undefined, priority);
  }
  // Whatever is done anew is to be looked for anew, when it is done.
  await tx.jobs.park(idsOf(verify));
  if (work.length > 0) {
    await tx.documents.markQueued(id, document.revision);
    return tx.jobs.requeue(idsOf(work), undefined, priority);
  }
  // All parts did what they could but pages were lost: read the file again, as a new revision beside the live one.
  const chunk = parts.filter((job) => job.type === 'document.chunk');
  await tx.documents.markQueued(id, document.revision + 1);
  return tx.jobs.requeue(idsOf(chunk), { document_id: id, revision: document.revision + 1 }, priority);
}

const idsOf = (jobs: readonly Job[]): string[] => jobs.map((job) => job.id);
const hasNotSucceeded = (job: Job): boolean => job.status !== 'succeeded';
