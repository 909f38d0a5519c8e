import type { Knex } from 'knex';
import { onlyRow } from '../../rows.ts';

/** Stored documents that somebody should look at; only numbers, for titles are their owners' own. */
export interface StaleDocuments {
  /** Complete and older than the time, but cited by no reply in it, and shown by no search that is remembered. */
  readonly unread: number;
  readonly unreadBytes: number;
  /** Of all that are complete and older than the time. */
  readonly searchable: number;
  /** Taken in for more than a day now. */
  readonly stuck: number;
  /** Failed or in part, and left so since before the time. */
  readonly failed: number;
  /** Passages without a vector of the model in use. */
  readonly withoutVector: number;
}

/** What searches have shown is remembered for a day; what replies cite, for as long as there are the replies. */
export async function staleDocuments(connection: Knex, since: Date): Promise<StaleDocuments> {
  const { rows } = await connection.raw<{ rows: StaleDocuments[] }>(
    `with cited as (
       select distinct s->>'documentId' as id from messages m cross join lateral jsonb_array_elements(m.sources) s
       where m.role = 'assistant' and m.created_at >= :since),
     mine as (
       select d.*, d.id::text in (select id from cited where id is not null)
         or exists (select from document_chunks c join retrieval_hits h on h.chunk_id = c.id where c.document_id = d.id)
         as is_read
       from documents d join users u on u.id = d.user_id where d.deleted_at is null and not u.is_system)
     select count(*) filter (where is_old_and_done) as searchable,
       count(*) filter (where is_old_and_done and not is_read) as unread,
       coalesce(sum(size) filter (where is_old_and_done and not is_read), 0)::bigint as "unreadBytes",
       count(*) filter (where status in ('queued', 'processing') and updated_at < now() - interval '1 day') as stuck,
       count(*) filter (where status in ('failed', 'partial') and updated_at < :since) as failed,
       (select count(*) from document_chunks c join documents d on d.id = c.document_id and d.live_revision = c.revision
         where d.deleted_at is null and not exists (select from chunk_embeddings e join embedding_models m on m.id = e.model_id
           where e.chunk_id = c.id and m.is_active and e.embedding is not null)) as "withoutVector"
     from (select *, status = 'completed' and created_at < :since as is_old_and_done from mine) judged`,
    { since },
  );
  return onlyRow(rows);
}
