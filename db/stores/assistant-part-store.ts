import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type {
  AssistantCapabilities,
  AssistantProfile,
  AssistantSkill,
} from '#shared/domain/assistant-parts.ts';
import { throwTranslated } from '../database-errors.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';

export type ProfileChanges = Partial<AssistantProfile>;
export type NewSkill = Omit<AssistantSkill, 'id'>;
export type CapabilityChanges = Partial<
  Omit<AssistantCapabilities, 'skills'> & { readonly skills: readonly NewSkill[] }
>;

export interface AssistantPartReader {
  /** By assistant; those that have none, because there is no such assistant of this user, are missing. */
  profiles(userId: string, assistantIds: readonly string[]): Promise<Map<string, AssistantProfile>>;
  capabilities(userId: string, assistantIds: readonly string[]): Promise<Map<string, AssistantCapabilities>>;
}

export interface AssistantPartWriter {
  /** Makes the parts that every assistant has. */
  insert(userId: string, assistantId: string): Promise<void>;
  updateProfile(userId: string, assistantId: string, changes: ProfileChanges): Promise<void>;
  /**
   * Skills are replaced by those that are given; one that keeps its name keeps its id.
   *
   * @throws AppError request.invalid when two skills have one name
   */
  updateCapabilities(userId: string, assistantId: string, changes: CapabilityChanges): Promise<void>;
}

const PROFILE = [
  'description',
  'personality',
  'avatar_url',
  'avatar_style',
  'tone',
  'persona',
  'traits',
  'values',
  'motto',
];

export function assistantPartReader(connection: Knex): AssistantPartReader {
  return {
    profiles: async (userId, assistantIds) => {
      const rows = await connection('assistant_profiles')
        .where('user_id', userId)
        .whereRaw('assistant_id = any(?)', [[...assistantIds]])
        .select<Row[]>('assistant_id', ...PROFILE);
      return new Map(
        rows.map(({ assistant_id: id, ...row }) => [id as string, fromRow<AssistantProfile>(row)]),
      );
    },
    capabilities: async (userId, assistantIds) => {
      const { rows } = await connection.raw<{ rows: CapabilityRow[] }>(
        `select c.assistant_id, c.specialties, c.tools, c.flags, coalesce(s.skills, '[]') as skills
         from assistant_capabilities c
         left join lateral (
           select jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'description', s.description,
             'confidence', s.confidence, 'related_tools', s.related_tools, 'tags', s.tags)
             order by s.position) as skills
           from assistant_skills s where s.assistant_id = c.assistant_id) s on true
         where c.user_id = ? and c.assistant_id = any(?)`,
        [userId, [...assistantIds]],
      );
      return new Map(
        rows.map(({ assistant_id: id, skills, ...row }) => [
          id,
          { ...row, skills: skills.map((skill) => fromRow<AssistantSkill>(skill)) },
        ]),
      );
    },
  };
}

interface CapabilityRow extends Omit<AssistantCapabilities, 'skills'> {
  readonly assistant_id: string;
  readonly skills: readonly Row[];
}

export function assistantPartWriter(trx: Knex.Transaction): AssistantPartWriter {
  return {
    insert: async (userId, assistantId) => {
      for (const table of ['assistant_profiles', 'assistant_capabilities', 'assistant_metrics'])
        await trx(table).insert({ assistant_id: assistantId, user_id: userId });
    },
    updateProfile: async (userId, assistantId, changes) => {
      await trx('assistant_profiles')
        .where({ assistant_id: assistantId, user_id: userId })
        .update({ ...toRow(changes), updated_at: trx.fn.now() });
    },
    updateCapabilities: async (userId, assistantId, { skills, flags, ...lists }) => {
      await trx('assistant_capabilities')
        .where({ assistant_id: assistantId, user_id: userId })
        .update({
          ...toRow(lists),
          ...(flags === undefined ? {} : { flags: JSON.stringify(flags) }),
          updated_at: trx.fn.now(),
        });
      if (skills !== undefined) await replaceSkills(trx, userId, assistantId, skills);
    },
  };
}

async function replaceSkills(
  trx: Knex.Transaction,
  userId: string,
  assistantId: string,
  skills: readonly NewSkill[],
): Promise<void> {
  const before = await trx('assistant_skills')
    .where({ assistant_id: assistantId, user_id: userId })
    .delete()
    .returning<{ id: string; name: string }[]>(['id', 'name']);
  const ids = new Map(before.map(({ id, name }) => [name.toLowerCase(), id]));
  if (skills.length === 0) return;
  const rows = skills.map((skill, position) => ({
    ...toRow(skill),
    id: ids.get(skill.name.toLowerCase()) ?? uuidv7(),
    assistant_id: assistantId,
    user_id: userId,
    position,
  }));
  await trx('assistant_skills')
    .insert(rows)
    .catch((error: unknown) => throwTranslated(error, { assistant_skills_name_key: 'request.invalid' }));
}
