import type { Knex } from 'knex';
import { eraseDocuments } from '../erase-documents.ts';

/** What hangs on assistants; how many of each. */
export interface Belongings {
  readonly documents: number;
  readonly memories: number;
  readonly conversations: number;
  readonly children: number;
}

export interface AssistantDeletionReader {
  belongings(userId: string, id: string): Promise<Belongings>;
}

export interface AssistantDeletionWriter {
  /**
   * Marks assistants of one user deleted and ends or removes all that is theirs: jobs, documents with their contents,
   * conversations, memories, chains, reflections, what they are and can do. Their descendants are the caller's concern.
   * Waiting for what others have locked is given up after some seconds; the work itself may take its time.
   *
   * @returns how many documents there were
   */
  erase(userId: string, ids: readonly string[]): Promise<number>;
}

/**
 * Tables whose rows go with their assistant, and by which column; children stand before parents. A test holds this against
 * every foreign key to assistants.
 */
export const ERASED_WITH_ASSISTANT: readonly (readonly [table: string, column: string])[] = [
  ['reflections', 'assistant_id'],
  ['memory_chains', 'assistant_id'],
  ['delegation_events', 'parent_assistant_id'],
  ['delegation_events', 'child_assistant_id'],
  ['memory_embeddings', 'assistant_id'],
  ['memories', 'assistant_id'],
  ['conversations', 'assistant_id'],
  ['retrievals', 'assistant_id'],
  ['text_statistics', 'assistant_id'],
  ['assistant_skills', 'assistant_id'],
  ['assistant_capabilities', 'assistant_id'],
  ['assistant_profiles', 'assistant_id'],
  ['assistant_metrics', 'assistant_id'],
];

export function assistantDeletionReader(connection: Knex): AssistantDeletionReader {
  return {
    belongings: async (userId, id) => {
      const { rows } = await connection.raw<{ rows: [Belongings] }>(
        `select
           (select count(*) from documents where assistant_id = :id and user_id = :userId and deleted_at is null)
             as documents,
           (select count(*) from memories where assistant_id = :id and user_id = :userId) as memories,
           (select count(*) from conversations where assistant_id = :id and user_id = :userId) as conversations,
           (select count(*) from assistants where parent_id = :id and user_id = :userId and deleted_at is null)
             as children`,
        { id, userId },
      );
      return rows[0];
    },
  };
}

export function assistantDeletionWriter(trx: Knex.Transaction): AssistantDeletionWriter {
  return {
    erase: async (userId, assistantIds) => {
      const ids = [...assistantIds];
      await trx.raw(`set local statement_timeout = '5min'`);
      await trx.raw(`set local lock_timeout = '5s'`);
      await markDeleted(trx, userId, ids);
      // Whatever would make more of these waits for the assistant, or has committed and is seen.
      const documents = await trx('documents')
        .where('user_id', userId)
        .whereRaw('assistant_id = any(?)', [ids])
        .whereNull('deleted_at')
        .orderBy('id')
        .select<{ id: string }[]>('id');
      const documentIds = documents.map(({ id }) => id);
      await cancelJobs(trx, userId, ids, documentIds);
      await eraseDocuments(trx, documentIds);
      for (const [table, column] of ERASED_WITH_ASSISTANT)
        await trx(table).where('user_id', userId).whereRaw('?? = any(?)', [column, ids]).delete();
      return documentIds.length;
    },
  };
}

async function markDeleted(trx: Knex.Transaction, userId: string, ids: string[]): Promise<void> {
  await trx('assistants')
    .where('user_id', userId)
    .whereRaw('id = any(?)', [ids])
    .orderBy('id')
    .forNoKeyUpdate()
    .select('id');
  await trx('assistants')
    .where('user_id', userId)
    .whereRaw('id = any(?)', [ids])
    .update({
      deleted_at: trx.fn.now(),
      is_primary: false,
      parent_id: null,
      depth: 0,
      spawn_reason: null,
      system_prompt_id: null,
      version: trx.raw('version + 1'),
      state: trx.raw('state + 1'),
      updated_at: trx.fn.now(),
    });
}

/** Groups before their parts, and all jobs before the documents: the order in which every writer locks. */
async function cancelJobs(
  trx: Knex.Transaction,
  userId: string,
  assistantIds: string[],
  documentIds: string[],
): Promise<void> {
  const theirs = () =>
    trx('jobs')
      .where('user_id', userId)
      .whereRaw('(document_id = any(?) or assistant_id = any(?))', [documentIds, assistantIds]);
  await theirs().orderByRaw('parent_id nulls first, id').forUpdate().select('id');
  // Asked for anew: whoever was waited for may have made further parts.
  await theirs()
    .whereIn('status', ['queued', 'running'])
    .update({
      status: 'cancelled',
      finished_at: trx.fn.now(),
      lease_expires_at: null,
      state: trx.raw('state + 1'),
      updated_at: trx.fn.now(),
    });
}
