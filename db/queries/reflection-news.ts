import type { Knex } from 'knex';
import type { ReflectionSubject, WrittenType } from '#shared/domain/reflection.ts';

/**
 * Whether there is anything for a reflection that was not there when the last completed one on the same subject was asked
 * for. What changed while that one was being written counts as new.
 */
export async function hasNews(
  connection: Knex,
  userId: string,
  subject: ReflectionSubject,
): Promise<boolean> {
  const { assistantId, type, documentId, chainId, memoryIds } = subject;
  const last = await connection('reflections')
    .where({ assistant_id: assistantId, user_id: userId, type, status: 'completed' })
    .where({ document_id: documentId, chain_id: chainId })
    .orderBy('id', 'desc')
    .first<{ created_at: Date; memory_ids: string[] } | undefined>('created_at', 'memory_ids');
  if (type === 'memories' && memoryIds.some((id) => last?.memory_ids.includes(id) !== true)) return true;
  const values = {
    userId,
    assistantId,
    // The driver takes null for any value; its types do not say so.
    documentId: documentId as string,
    chainId: chainId as string,
    memoryIds: (memoryIds.length === 0 ? null : [...memoryIds]) as string[],
    since: last?.created_at ?? new Date(0),
  };
  const { rows } = await ask(connection, type, values);
  return rows[0]?.news === true;
}

interface News {
  readonly rows: readonly { readonly news: boolean }[];
}

async function ask(connection: Knex, type: WrittenType, values: Record<string, Knex.Value>): Promise<News> {
  switch (type) {
    case 'recent':
      return connection.raw<News>(
        `select exists (select from memories m where m.assistant_id = :assistantId and m.user_id = :userId
             and m.is_active and m.created_at > :since)
           or exists (select from conversations c join messages s on s.conversation_id = c.id and s.user_id = :userId
             where c.assistant_id = :assistantId and c.user_id = :userId and c.last_message_at > :since
               and s.status = 'completed' and s.created_at > :since) as news`,
        values,
      );
    case 'memories':
      return connection.raw<News>(
        `select exists (select from memories m where m.assistant_id = :assistantId and m.user_id = :userId
           and m.is_active and m.updated_at > :since
           and (cast(:memoryIds as uuid[]) is null or m.id = any(cast(:memoryIds as uuid[])))) as news`,
        values,
      );
    case 'chain':
      return connection.raw<News>(
        `select exists (select from memory_chain_entries e
           join memory_chains c on c.id = e.chain_id join memories m on m.id = e.memory_id
           where e.chain_id = :chainId and e.user_id = :userId
             and greatest(e.created_at, c.updated_at, m.updated_at) > :since) as news`,
        values,
      );
    case 'document':
      return connection.raw<News>(
        `select exists (select from documents d where d.id = :documentId and d.user_id = :userId
           and d.deleted_at is null and d.live_revision is not null and d.updated_at > :since) as news`,
        values,
      );
    case 'self':
      return connection.raw<News>(
        `select exists (select from reflections r where r.assistant_id = :assistantId and r.user_id = :userId
             and r.type <> 'self' and r.status in ('completed', 'failed') and r.updated_at > :since)
           or exists (select from retrievals r where r.assistant_id = :assistantId and r.user_id = :userId
             and r.created_at > :since)
           or exists (select from memories m where m.assistant_id = :assistantId and m.user_id = :userId
             and m.updated_at > :since)
           or exists (select from documents d where d.assistant_id = :assistantId and d.user_id = :userId
             and d.updated_at > :since)
           or exists (select from conversations c where c.assistant_id = :assistantId and c.user_id = :userId
             and c.last_message_at > :since)
           or exists (select from assistants a where a.id = :assistantId and a.user_id = :userId
             and a.updated_at > :since) as news`,
        values,
      );
  }
}
