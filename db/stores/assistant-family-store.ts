import type { Knex } from 'knex';

/** One assistant of a subtree. */
export interface SubtreeMember {
  readonly id: string;
  readonly depth: number;
}

export interface AssistantFamilyReader {
  /** An assistant with all its descendants; empty when there is no such assistant of this user. */
  subtree(userId: string, id: string): Promise<SubtreeMember[]>;
  childCount(userId: string, id: string): Promise<number>;
}

/** Callers hold `lockAll`: what they have read about the family must stay true. */
export interface AssistantFamilyWriter {
  /** Moves these assistants so many levels up (negative) or down, when their ancestor has moved. */
  shift(userId: string, ids: readonly string[], levels: number): Promise<void>;
  /** Makes roots of the children of an assistant at this depth, their own descendants moving up with them. */
  releaseChildren(userId: string, id: string, depth: number): Promise<void>;
}

export function assistantFamilyReader(connection: Knex): AssistantFamilyReader {
  return {
    subtree: async (userId, id) => {
      const { rows } = await connection.raw<{ rows: SubtreeMember[] }>(
        `with recursive members as (
           select id, depth from assistants where id = :id and user_id = :userId and deleted_at is null
           union all
           select a.id, a.depth from assistants a join members m on a.parent_id = m.id
           where a.user_id = :userId and a.deleted_at is null)
         select id, depth from members`,
        { id, userId },
      );
      return rows;
    },
    childCount: async (userId, id) => {
      const [row] = await connection('assistants')
        .where({ parent_id: id, user_id: userId })
        .whereNull('deleted_at')
        .count<{ count: number }[]>('* as count');
      return row?.count ?? 0;
    },
  };
}

export function assistantFamilyWriter(trx: Knex.Transaction): AssistantFamilyWriter {
  const touched = { state: trx.raw('state + 1'), updated_at: trx.fn.now() };
  return {
    shift: async (userId, ids, levels) => {
      if (ids.length === 0 || levels === 0) return;
      await trx('assistants')
        .where('user_id', userId)
        .whereRaw('id = any(?)', [[...ids]])
        .update({ ...touched, depth: trx.raw('depth + ?::smallint', [levels]) });
    },
    releaseChildren: async (userId, id, depth) => {
      await trx.raw(
        `with recursive below as (
           select id from assistants where parent_id = :id and user_id = :userId and deleted_at is null
           union all
           select a.id from assistants a join below b on a.parent_id = b.id
           where a.user_id = :userId and a.deleted_at is null)
         update assistants a
         set depth = a.depth - :levels::smallint, parent_id = nullif(a.parent_id, :id::uuid),
           state = a.state + 1, updated_at = now()
         from below where a.id = below.id`,
        { id, userId, levels: depth + 1 },
      );
    },
  };
}
