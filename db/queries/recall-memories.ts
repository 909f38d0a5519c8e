import type { Knex } from 'knex';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** A memory that may help with a message. */
export interface RecalledMemory {
  readonly id: string;
  readonly title: string;
  readonly event: string;
  readonly createdAt: Date;
  /** How well its text fits, 0..1. */
  readonly score: number;
}

export interface RecallInput {
  readonly userId: string;
  readonly assistantId: string;
  /** The conversation whose own memories may be used; those of others may not. */
  readonly conversationId: string;
  readonly query: string;
  readonly limit: number;
}

export interface RecallReader {
  /** Memories in force that share words with the query, best first; of equal ones the more important. */
  memories(input: RecallInput): Promise<RecalledMemory[]>;
}

export function recallReader(connection: Knex): RecallReader {
  return {
    memories: async (input) => {
      // One word is enough to match; ts_rank with normalisation 32 lies between 0 and 1.
      const { rows } = await connection.raw<{ rows: Row[] }>(
        `select m.id, m.title, m.event, m.created_at, ts_rank(m.search_vector, q.words, 32)::real as score
         from (select distinct on (language) language::regconfig as language,
             replace(plainto_tsquery(language::regconfig, :query)::text, '&', '|')::tsquery as words
           from memories where assistant_id = :assistantId and user_id = :userId) q
         join memories m on m.language::regconfig = q.language and m.search_vector @@ q.words
         where m.user_id = :userId and m.assistant_id = :assistantId and m.is_active
           and m.superseded_by_id is null and (m.session_id is null or m.session_id = :conversationId)
         order by score desc, m.importance desc, m.id desc limit :limit`,
        { ...input },
      );
      return rows.map((row) => fromRow<RecalledMemory>(row));
    },
  };
}
