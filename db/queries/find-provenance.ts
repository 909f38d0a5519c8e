import type { Knex } from 'knex';

export interface NamedSources {
  readonly conversationId: string | null;
  readonly messageId: string | null;
  readonly documentId: string | null;
  readonly parentMemoryId: string | null;
}

/** Which of the named things there are. A message counts only in the conversation that is named with it. */
export type FoundSources = { readonly [K in keyof NamedSources]: boolean };

export interface ProvenanceReader {
  /** What a memory is said to come from, as far as it is the user's own; one statement whatever is named. */
  find(userId: string, sources: NamedSources): Promise<FoundSources>;
}

export function provenanceReader(connection: Knex): ProvenanceReader {
  return {
    find: async (userId, sources) => {
      const { rows } = await connection.raw<{ rows: [FoundSources] }>(
        `select
           exists (select from conversations where id = :conversationId::uuid and user_id = :userId) as "conversationId",
           exists (select from messages where id = :messageId::uuid and user_id = :userId
             and conversation_id = coalesce(:conversationId::uuid, conversation_id)) as "messageId",
           exists (select from documents where id = :documentId::uuid and user_id = :userId
             and deleted_at is null) as "documentId",
           exists (select from memories where id = :parentMemoryId::uuid and user_id = :userId) as "parentMemoryId"`,
        { userId, ...sources },
      );
      return rows[0];
    },
  };
}
