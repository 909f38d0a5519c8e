import type { Knex } from 'knex';
import type { Relative } from '#shared/domain/assistant-parts.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** An assistant among its relatives. */
export interface Lineage {
  /** From the root down to the parent. */
  readonly ancestors: Relative[];
  readonly self: Relative;
  /** Level by level, at most as many as were asked for. */
  readonly descendants: Relative[];
  /** There are more descendants. */
  readonly hasMore: boolean;
}

export interface LineageReader {
  /** @param limit most descendants that are read */
  find(userId: string, id: string, limit: number): Promise<Lineage | undefined>;
}

/** Reads a family in one statement. */
export function lineageReader(connection: Knex): LineageReader {
  return {
    find: async (userId, id, limit) => {
      const { rows } = await connection.raw<{ rows: (Row & { distance: number })[] }>(
        `with recursive up as (
           select id, parent_id, 0 as distance from assistants
           where id = :id and user_id = :userId and deleted_at is null
           union all
           select a.id, a.parent_id, up.distance - 1 from assistants a join up on a.id = up.parent_id
           where a.user_id = :userId),
         down as (
           select id, 0 as distance from up where distance = 0
           union all
           select a.id, down.distance + 1 from assistants a join down on a.parent_id = down.id
           where a.user_id = :userId and a.deleted_at is null),
         -- Level by level, as the recursion finds them; nothing beyond the limit is looked at.
         found as (select id, distance from up union all (select id, distance from down offset 1 limit :limit))
         select a.id, a.slug, a.name, a.parent_id, a.depth, a.spawn_reason, a.is_active, a.created_at, f.distance
         from found f join assistants a on a.id = f.id
         order by f.distance, a.id`,
        { id, userId, limit: limit + 1 },
      );
      const relatives = rows.map(({ distance, ...row }) => ({ distance, member: fromRow<Relative>(row) }));
      const self = relatives.find(({ distance }) => distance === 0)?.member;
      if (self === undefined) return undefined;
      const below = relatives.filter(({ distance }) => distance > 0).map(({ member }) => member);
      return {
        ancestors: relatives.filter(({ distance }) => distance < 0).map(({ member }) => member),
        self,
        descendants: below.slice(0, limit),
        hasMore: below.length > limit,
      };
    },
  };
}
