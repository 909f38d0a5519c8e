import type { Knex } from 'knex';
import { withdrawDocuments } from './publish-revision.ts';

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
  for (const table of ['document_chunks', 'document_texts', 'document_files'])
    await trx(table).whereRaw('document_id = any(?)', [ids]).delete();
  // Nobody can run them again.
  await trx('jobs')
    .whereRaw('document_id = any(?)', [ids])
    .where('status', 'dead')
    .update({ discarded_at: trx.fn.now() });
}
