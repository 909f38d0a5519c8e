import type { Transaction } from '#db/database.ts';
import { startIngest } from '#db/start-ingest.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Job } from '#shared/domain/types.ts';
import { restartIngest } from './restart-ingest.ts';

/**
 * Makes the vectors of a document anew, as a revision of the same text beside the live one, which search reads until the
 * new one is complete. What is not live yet, or is to become so, is tried again instead. Nothing while it is being taken in.
 *
 * @throws AppError document.not_found
 */
export async function embedAnew(tx: Transaction, userId: string, id: string): Promise<Job[]> {
  await tx.jobs.lockOfDocument(id);
  const document = await tx.documents.lock(userId, id);
  if (document === undefined) throw new AppError('document.not_found');
  // Read now: somebody else may have begun it while this waited for the locks.
  const latest = await tx.read.jobs.latestIngest(id);
  if (latest?.finishedAt === null) return [];
  const { liveRevision } = document;
  if (liveRevision === null || liveRevision !== document.revision)
    return restartIngest(tx, userId, id, 'high');
  const next = { ...document, revision: liveRevision + 1 };
  await tx.documents.markQueued(id, next.revision);
  await tx.revisions.copyText(next, liveRevision);
  return startIngest(tx, next, { priority: 'high' });
}
