import type { Knex } from 'knex';

/**
 * Which memories stand in which chains. Every change counts in `entries_revision` and `entry_count` of the chain. The caller
 * holds the lock of the assistant (`memories.lockWrites`): all that changes its memories and chains passes one by one.
 */
export interface ChainEntryWriter {
  /**
   * Puts memories into a chain in the order given; those that are in it stay where they are.
   *
   * @param index place of the first of them, from 0; null for the end
   * @returns how many were added
   */
  add(chain: ChainKey, memoryIds: readonly string[], index: number | null): Promise<number>;
  /** Takes a memory out of a chain; false when it was not in it. */
  remove(chainId: string, memoryId: string): Promise<boolean>;
  /** Gives the memories of a chain these places; they must be all that it has. */
  reorder(chainId: string, memoryIds: readonly string[]): Promise<void>;
  /** Lets the chains that have one memory have another one in its place, which is in none of them. */
  replace(memoryId: string, byId: string): Promise<void>;
  /** Brings a memory into the automatic chains of its assistant that take it, at their end, and out of those that do not. */
  settle(memoryId: string): Promise<void>;
  /** Makes an automatic chain hold what it takes: what stays keeps its order, what is new follows, oldest first. */
  rebuild(chainId: string): Promise<{ readonly added: number; readonly removed: number }>;
  /** Notes that the texts of these memories have changed, or that they are about to be removed from their chains. */
  touch(memoryIds: readonly string[], change: 'changed' | 'removed'): Promise<void>;
}

export interface ChainKey {
  readonly id: string;
  readonly userId: string;
}

export function chainEntryWriter(trx: Knex.Transaction): ChainEntryWriter {
  const run = async (sql: Knex.Raw): Promise<number> => ((await sql) as { rowCount: number }).rowCount;
  /** A summary made before is stale from here on. */
  const count = async (chainId: string, difference: number, by: 'client' | 'worker'): Promise<void> => {
    await trx('memory_chains')
      .where('id', chainId)
      .update({
        ...(by === 'client' && { version: trx.raw('version + 1') }),
        entry_count: trx.raw('entry_count + ?', [difference]),
        entries_revision: trx.raw('entries_revision + 1'),
        state: trx.raw('state + 1'),
        updated_at: trx.fn.now(),
      });
  };
  return {
    add: async (chain, memoryIds, index) => {
      const known = await trx('memory_chain_entries')
        .where('chain_id', chain.id)
        .whereIn('memory_id', [...memoryIds])
        .select<{ memory_id: string }[]>('memory_id');
      const ids = memoryIds.filter((id) => !known.some((row) => row.memory_id === id));
      if (ids.length === 0) return 0;
      const start = await makeRoom(trx, chain.id, index, ids.length);
      await trx('memory_chain_entries').insert(
        ids.map((id, offset) => ({
          chain_id: chain.id,
          memory_id: id,
          user_id: chain.userId,
          position: start + offset,
        })),
      );
      await count(chain.id, ids.length, 'client');
      return ids.length;
    },
    remove: async (chainId, memoryId) => {
      const removed = await trx('memory_chain_entries')
        .where({ chain_id: chainId, memory_id: memoryId })
        .delete();
      if (removed > 0) await count(chainId, -1, 'client');
      return removed > 0;
    },
    reorder: async (chainId, memoryIds) => {
      await trx.raw(
        `update memory_chain_entries e set position = wanted.place - 1
         from unnest(?::uuid[]) with ordinality as wanted (id, place)
         where e.chain_id = ? and e.memory_id = wanted.id`,
        [[...memoryIds], chainId],
      );
      await count(chainId, 0, 'client');
    },
    replace: async (memoryId, byId) => {
      await trx('memory_chain_entries').where('memory_id', memoryId).update({ memory_id: byId });
    },
    settle: async (memoryId) => {
      await trx.raw(
        `with entered as (
           insert into memory_chain_entries (chain_id, memory_id, user_id, position)
           select c.id, m.id, m.user_id,
             coalesce((select max(position) + 1 from memory_chain_entries where chain_id = c.id), 0)
           from memories m join memory_chains c on c.assistant_id = m.assistant_id and c.mode = 'automatic'
           where m.id = ? and m.session_id is null and chain_takes(c.filter_tags, c.exclude_types, m.is_active, m.tags, m.type)
           on conflict (chain_id, memory_id) do nothing
           returning chain_id)
         update memory_chains c set entry_count = entry_count + 1, entries_revision = entries_revision + 1,
           state = state + 1, updated_at = now()
         from entered where c.id = entered.chain_id`,
        [memoryId],
      );
      await trx.raw(
        `with left_behind as (
           delete from memory_chain_entries e using memories m, memory_chains c
           where e.memory_id = ? and m.id = e.memory_id and c.id = e.chain_id and c.mode = 'automatic'
             and not chain_takes(c.filter_tags, c.exclude_types, m.is_active, m.tags, m.type)
           returning e.chain_id)
         update memory_chains c set entry_count = entry_count - 1, entries_revision = entries_revision + 1,
           state = state + 1, updated_at = now()
         from left_behind where c.id = left_behind.chain_id`,
        [memoryId],
      );
    },
    rebuild: async (chainId) => {
      const removed = await run(
        trx.raw(
          `delete from memory_chain_entries e using memories m, memory_chains c
           where e.chain_id = ? and m.id = e.memory_id and c.id = e.chain_id
             and not chain_takes(c.filter_tags, c.exclude_types, m.is_active, m.tags, m.type)`,
          [chainId],
        ),
      );
      const added = await run(
        trx.raw(
          `insert into memory_chain_entries (chain_id, memory_id, user_id, position)
           select c.id, m.id, m.user_id,
             coalesce((select max(position) + 1 from memory_chain_entries where chain_id = c.id), 0)
               + row_number() over (order by m.created_at, m.id) - 1
           from memory_chains c join memories m on m.assistant_id = c.assistant_id and m.user_id = c.user_id
           where c.id = ? and m.session_id is null and chain_takes(c.filter_tags, c.exclude_types, m.is_active, m.tags, m.type)
             and not exists (select from memory_chain_entries e where e.chain_id = c.id and e.memory_id = m.id)`,
          [chainId],
        ),
      );
      if (added + removed > 0) await count(chainId, added - removed, 'worker');
      return { added, removed };
    },
    touch: async (memoryIds, change) => {
      await trx.raw(
        `update memory_chains c set entries_revision = entries_revision + 1, state = state + 1, updated_at = now(),
           entry_count = entry_count - case when ? then held.count else 0 end
         from (select chain_id, count(*)::int as count from memory_chain_entries
           where memory_id = any(?::uuid[]) group by chain_id) held
         where c.id = held.chain_id`,
        [change === 'removed', [...memoryIds]],
      );
    },
  };
}

/** The position at which so many entries can be put; those from there on move back. */
async function makeRoom(
  trx: Knex.Transaction,
  chainId: string,
  index: number | null,
  places: number,
): Promise<number> {
  const entries = () => trx('memory_chain_entries').where('chain_id', chainId);
  const at =
    index === null
      ? undefined
      : await entries().orderBy('position').offset(index).first<{ position: number } | undefined>('position');
  if (at !== undefined) {
    await entries()
      .where('position', '>=', at.position)
      .update({ position: trx.raw('position + ?', [places]) });
    return at.position;
  }
  const last = await entries()
    .orderBy('position', 'desc')
    .first<{ position: number } | undefined>('position');
  return (last?.position ?? -1) + 1;
}
