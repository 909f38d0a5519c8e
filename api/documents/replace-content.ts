import type { Transaction } from '#db/database.ts';
import { startIngest } from '#db/start-ingest.ts';
import type { IngestWishes } from '#db/start-ingest.ts';
import type { NewFileRow } from '#db/stores/document-file-store.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Document, Job } from '#shared/domain/types.ts';

/** What became of a file that was to take the place of another. */
export interface Replacement {
  readonly document: Document;
  /** Jobs to be delivered; none when there is nothing to do. */
  readonly jobs: readonly Job[];
  /** The file is being taken in already, or could not be: it is for a retry to go on with it. */
  readonly isKnown: boolean;
}

/**
 * Puts a file in the place of a document's: it is taken in as a new revision beside the live one, which search reads until
 * the new one is complete. Whatever was being made beside the live one before is given up.
 *
 * @throws AppError document.not_found, precondition.failed, document.bytes_taken
 */
export async function replaceContent(
  tx: Transaction,
  { userId, id, expectedVersion }: { userId: string; id: string; expectedVersion: number | null },
  file: NewFileRow,
  wishes: IngestWishes = {},
): Promise<Replacement> {
  await tx.jobs.lockOfDocument(id);
  const document = await tx.documents.lock(userId, id);
  if (document === undefined) throw new AppError('document.not_found');
  if (expectedVersion !== null && document.version !== expectedVersion)
    throw new AppError('precondition.failed');
  const sha256 = file.sha256.toString('hex');
  if (sha256 === (document.newVersion?.sha256 ?? document.sha256))
    return { document, jobs: [], isKnown: true };
  await tx.jobs.cancelOfDocument(id);
  await tx.documentFiles.discardNew(document);
  await tx.documents.countEdit(id);
  if (document.liveRevision !== null && sha256 === document.sha256) {
    await tx.documents.restoreLive(id);
    return { document, jobs: [], isKnown: false };
  }
  const revision = document.revision + 1;
  await tx.documents.markQueued(id, revision);
  const next = { ...document, revision };
  if (!(await tx.documentFiles.insert(next, file))) throw new AppError('document.bytes_taken');
  return { document: next, jobs: await startIngest(tx, next, wishes), isKnown: false };
}
