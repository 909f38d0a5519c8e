import type { Knex } from 'knex';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** A memory that may help with a message. */
export interface RecalledMemory {
  readonly id: string;
  readonly title: string;
  readonly event: string;
  readonly createdAt: Date;
}

export interface RecallInput {
  readonly userId: string;
  readonly assistantId: string;
  /** The conversation whose own memories may be used; those of others may not. */
  readonly conversationId: string;
  readonly query: string;
  /** Text search configuration of the query. */
  readonly language: string;
  /** Messages that the assistant sees anyway; memories of them would say the same twice. */
  readonly exceptMessageIds: readonly string[];
  readonly limit: number;
}

export interface RecallReader {
  /** Memories in force that share words with the query, most relevant first. */
  memories(input: RecallInput): Promise<RecalledMemory[]>;
}

export function recallReader(connection: Knex): RecallReader {
  return {
    memories: async (input) => {
      // One word is enough to match; how well a memory fits is for the caller to judge.
      const { rows } = await connection.raw<{ rows: Row[] }>(
        `select m.id, m.title, m.event, m.created_at
         from (select replace(plainto_tsquery(cast(:language as regconfig), :query)::text, '&', '|')::tsquery as words) q
         join memories m on m.search_vector @@ q.words
         where m.user_id = :userId and m.assistant_id = :assistantId and m.is_active
           and m.superseded_by_id is null and (m.session_id is null or m.session_id = :conversationId)
           and (m.message_id is null or m.message_id <> all(:exceptMessageIds))
         order by ts_rank(m.search_vector, q.words) desc, m.importance desc, m.id desc limit :limit`,
        { ...input, exceptMessageIds: [...input.exceptMessageIds] },
      );
      return rows.map((row) => fromRow<RecalledMemory>(row));
    },
  };
}
