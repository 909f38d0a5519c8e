import type { Knex } from 'knex';
import type { MemoryMode, ThinkingStyle } from '#shared/domain/types.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** Who an assistant is, as its prompt says it. */
export interface Persona {
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly preferredModel: string | null;
  readonly memoryMode: MemoryMode;
  readonly thinkingStyle: ThinkingStyle;
  readonly minScore: number | null;
  readonly description: string | null;
  readonly personality: string | null;
  readonly tone: string | null;
  readonly persona: string | null;
  readonly traits: readonly string[];
  readonly values: readonly string[];
  readonly motto: string | null;
  /** Content of its system prompt. */
  readonly instructions: string | null;
}

export interface PersonaReader {
  /** Undefined for an assistant that is deleted or another user's. */
  find(userId: string, assistantId: string): Promise<Persona | undefined>;
}

export function personaReader(connection: Knex): PersonaReader {
  return {
    find: async (userId, assistantId) => {
      const { rows } = await connection.raw<{ rows: Row[] }>(
        `select a.id, a.name, a.is_active, a.preferred_model, a.memory_mode, a.thinking_style, a.min_score,
           p.description, p.personality, p.tone, p.persona, coalesce(p.traits, '{}') as traits,
           coalesce(p."values", '{}') as "values", p.motto, s.content as instructions
         from assistants a
         left join assistant_profiles p on p.assistant_id = a.id
         left join prompts s on s.id = a.system_prompt_id
         where a.id = ? and a.user_id = ? and a.deleted_at is null`,
        [assistantId, userId],
      );
      return rows[0] && fromRow<Persona>(rows[0]);
    },
  };
}
