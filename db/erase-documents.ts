import type { Knex } from 'knex';
import { withdrawDocuments } from './publish-revision.ts';

/** What goes with a document, in the order in which it is removed. */
const OF_DOCUMENT = ['document_chunks', 'document_texts', 'document_revisions', 'document_files'];

/**
 * Marks documents of one user deleted and removes their bytes, texts, chunks and vectors for good. Their jobs must have
 * been locked before.
 */
export async function eraseDocuments(trx: Knex.Transaction, documentIds: readonly string[]): Promise<void> {
  await withdrawDocuments(trx, documentIds);
  const ids = [...documentIds];
  await trx('documents')
    .whereRaw('id = any(?)', [ids])
    .update({ state: trx.raw('state + 1'), updated_at: trx.fn.now(), deleted_at: trx.fn.now() });
  for (const table of OF_DOCUMENT) await trx(table).whereRaw('document_id = any(?)', [ids]).delete();
  // Nobody can run them again.
  await trx('jobs')
    .whereRaw('document_id = any(?)', [ids])
    .where('status', 'dead')
    .update({ discarded_at: trx.fn.now() });
}
