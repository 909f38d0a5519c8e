import type { Knex } from 'knex';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** What a search returned lately, with the text as it stands. */
export interface RecentHit {
  readonly chunkId: string | null;
  readonly documentId: string | null;
  readonly memoryId: string | null;
  readonly text: string;
}

export interface RetrievalHitReader {
  /**
   * Of the hits of the last minutes, newest first, those that have most words of a text; at least three fifths of its
   * words must be among theirs. Whether they say the same is for the caller to find out.
   *
   * @param language configuration of text search that says what a word is
   */
  findAlike(
    userId: string,
    text: string,
    options: { readonly minutes: number; readonly language: string },
  ): Promise<RecentHit[]>;
}

export interface RetrievalHitWriter {
  /** Notes what a search has returned; what was noted within the last minute stays as it is. */
  note(
    userId: string,
    hits: { readonly chunkIds?: readonly string[]; readonly memoryIds?: readonly string[] },
  ): Promise<void>;
}

/** Hits that a text is compared with, newest first, and those of them whose text is read. */
const MOST_COMPARED = 1_000;
const MOST_READ = 5;

export function retrievalHitReader(connection: Knex): RetrievalHitReader {
  return {
    findAlike: async (userId, text, { minutes, language }) => {
      // ts_delete takes the words of the text out of a hit's; what it took out is what both have.
      const { rows } = await connection.raw<{ rows: Row[] }>(
        `with words as materialized (
           select tsvector_to_array(chunk_search_vector(:language::regconfig, '', :text)) as list
         ),
         recent as (
           select chunk_id, memory_id from retrieval_hits
           where user_id = :userId and returned_at > now() - :minutes * interval '1 minute'
           order by returned_at desc limit :compared
         ),
         shared as (
           select r.*, length(v.vector) - length(ts_delete(v.vector, w.list)) as count, cardinality(w.list) as all_words
           from recent r cross join words w
           left join document_chunks c on c.id = r.chunk_id
           left join memories m on m.id = r.memory_id
           cross join lateral (select coalesce(c.search_vector, m.search_vector) as vector) v
         )
         select s.chunk_id, c.document_id, s.memory_id, coalesce(c.text, m.event) as text
         from shared s
         left join document_chunks c on c.id = s.chunk_id
         left join memories m on m.id = s.memory_id
         where s.count >= 0.6 * s.all_words
         order by s.count desc, s.chunk_id, s.memory_id limit :read`,
        { userId, text, minutes, language, compared: MOST_COMPARED, read: MOST_READ },
      );
      return rows.map((row) => fromRow<RecentHit>(row));
    },
  };
}

export function retrievalHitWriter(trx: Knex.Transaction): RetrievalHitWriter {
  return {
    note: async (userId, { chunkIds = [], memoryIds = [] }) => {
      if (chunkIds.length + memoryIds.length === 0) return;
      // Read from what there is now: a hit may have been deleted since. In one order, so that two of them cannot wait
      // for each other.
      await trx.raw(
        `insert into retrieval_hits as h (user_id, source_id, chunk_id, memory_id)
         select user_id, id, chunk_id, memory_id from (
           select user_id, id, id as chunk_id, null::uuid as memory_id from document_chunks
           where id = any(:chunkIds::uuid[]) and user_id = :userId
           union all
           select user_id, id, null, id from memories where id = any(:memoryIds::uuid[]) and user_id = :userId
         ) found order by id
         on conflict (user_id, source_id) do update set returned_at = excluded.returned_at
         where h.returned_at < now() - interval '1 minute'`,
        { userId, chunkIds: [...chunkIds], memoryIds: [...memoryIds] },
      );
    },
  };
}
