import type { Knex } from 'knex';
import { countTokens } from '#shared/domain/token-counter.ts';
import { fingerprint } from '#shared/domain/fingerprint.ts';
import { nearKeys } from '#shared/memories/near-text.ts';

/** What a turn of a conversation leaves behind. */
export interface TurnMemory {
  readonly id: string;
  readonly userId: string;
  readonly assistantId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly title: string;
  readonly event: string;
  readonly importance: number;
  /** Text search configuration. */
  readonly language: string;
  /** Used in its conversation only, and gone with it. */
  readonly isOfSession: boolean;
}

export interface TurnMemoryWriter {
  /** Writes it unless the assistant, or the session, already has this memory. Returns whether it did. */
  write(memory: TurnMemory): Promise<boolean>;
}

export function turnMemoryWriter(trx: Knex.Transaction): TurnMemoryWriter {
  return {
    write: async (memory) => {
      const { rowCount } = await trx.raw<{ rowCount: number }>(
        `insert into memories (id, user_id, assistant_id, conversation_id, message_id, session_id, type, source_role,
           title, event, importance, language, token_count, fingerprint, near_keys, search_vector)
         select cast(:id as uuid), cast(:userId as uuid), cast(:assistantId as uuid), cast(:conversationId as uuid),
           cast(:messageId as uuid), cast(:sessionId as uuid), 'note', 'user',
           :title, :event, cast(:importance as real), :language, cast(:tokens as integer), decode(:fingerprint, 'hex'),
           cast(:nearKeys as integer[]), chunk_search_vector(cast(:language as regconfig), :title, :event)
         where not exists (select from memories m where m.assistant_id = :assistantId
           and m.fingerprint = decode(:fingerprint, 'hex') and m.is_active and m.superseded_by_id is null
           and (m.session_id is null or m.session_id = cast(:sessionId as uuid)))
         on conflict do nothing`,
        {
          ...memory,
          sessionId: memory.isOfSession ? memory.conversationId : null,
          tokens: countTokens(memory.event),
          fingerprint: fingerprint(memory.event),
          nearKeys: nearKeys(memory.event),
        },
      );
      return rowCount === 1;
    },
  };
}
