import type { Knex } from 'knex';
import { AppError } from '#shared/errors/app-error.ts';
import type { ChainMode, MemoryChain } from '#shared/domain/memory.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest, SortedPageRequest } from '../page.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { sortedPage } from '../sorted-page.ts';
import type { SortColumn } from '../sorted-page.ts';

export const CHAIN_COLUMNS = [
  'id',
  'user_id',
  'assistant_id',
  'title',
  'description',
  'mode',
  'filter_tags',
  'exclude_types',
  'entry_count',
  'entries_revision',
  'summary',
  'summary_provider',
  'summary_model',
  'summary_revision',
  'summarised_at',
  'version',
  'state',
  'created_at',
  'updated_at',
];

export type ChainChanges = Partial<
  Pick<MemoryChain, 'title' | 'description' | 'mode' | 'filterTags' | 'excludeTypes'>
>;
export type NewChain = Pick<MemoryChain, 'id' | 'userId' | 'assistantId' | 'title'> & ChainChanges;

export interface ChainFiltersOfList {
  readonly assistantId?: string | undefined;
  readonly mode?: ChainMode | undefined;
}

export const CHAIN_SORTS = ['created_at', 'updated_at'] as const;
export type ChainSort = (typeof CHAIN_SORTS)[number];
const SORTABLE: Readonly<Record<ChainSort, SortColumn>> = {
  created_at: { column: 'created_at', kind: 'time' },
  updated_at: { column: 'updated_at', kind: 'time' },
};

/** A memory's place in a chain. */
export interface ChainPlace {
  readonly memoryId: string;
  /** Larger is later; there may be gaps. */
  readonly position: number;
  readonly createdAt: Date;
}

export interface NewSummary {
  readonly summary: string;
  readonly provider: string;
  readonly model: string | null;
  /** The revision of the entries that it was made of. */
  readonly revision: number;
}

export interface MemoryChainReader {
  find(userId: string, id: string): Promise<MemoryChain | undefined>;
  /** In no order. */
  findMany(userId: string, ids: readonly string[]): Promise<MemoryChain[]>;
  list(
    userId: string,
    filters: ChainFiltersOfList,
    page: SortedPageRequest<ChainSort>,
  ): Promise<Page<MemoryChain>>;
  /** In order. */
  places(chainId: string, page: PageRequest): Promise<Page<ChainPlace>>;
  /** Ids of all memories of the chain, in order. */
  memoryIds(chainId: string): Promise<string[]>;
  /** The last memories of the chain, in order. */
  lastTexts(chainId: string, limit: number): Promise<{ readonly id: string; readonly text: string }[]>;
}

export interface MemoryChainWriter {
  insert(chain: NewChain): Promise<void>;
  /** @throws AppError memory_chain.not_found, precondition.failed */
  update(
    userId: string,
    id: string,
    changes: ChainChanges,
    expectedVersion: number | null,
  ): Promise<MemoryChain>;
  /** @throws AppError memory_chain.not_found, precondition.failed */
  remove(userId: string, id: string, expectedVersion: number | null): Promise<void>;
  /** Stores a summary; false when the chain has gone. */
  summarise(id: string, summary: NewSummary): Promise<boolean>;
}

export function memoryChainReader(connection: Knex): MemoryChainReader {
  return {
    find: async (userId, id) => {
      const row = await connection('memory_chains')
        .where({ id, user_id: userId })
        .first<Row | undefined>(CHAIN_COLUMNS);
      return row && fromRow<MemoryChain>(row);
    },
    findMany: async (userId, ids) => {
      const rows = await connection('memory_chains')
        .where('user_id', userId)
        .whereRaw('id = any(?)', [[...ids]])
        .select<Row[]>(CHAIN_COLUMNS);
      return rows.map((row) => fromRow<MemoryChain>(row));
    },
    list: async (userId, { assistantId, mode }, page) => {
      const query = connection('memory_chains').where('user_id', userId);
      if (assistantId !== undefined) void query.where('assistant_id', assistantId);
      if (mode !== undefined) void query.where('mode', mode);
      const list = { table: 'memory_chains', columns: CHAIN_COLUMNS, sortable: SORTABLE };
      const { items, nextAfter } = await sortedPage(connection, query, list, page);
      return { items: items.map((row) => fromRow<MemoryChain>(row)), nextAfter };
    },
    places: async (chainId, { limit, after }) => {
      const rows = await connection('memory_chain_entries')
        .where('chain_id', chainId)
        .where('position', '>', after === null ? -1 : Number(after))
        .orderBy('position')
        .limit(limit + 1)
        .select<Row[]>('memory_id', 'position', 'created_at');
      const places = rows.map((row) => ({ id: String(row.memory_id), ...fromRow<ChainPlace>(row) }));
      return toPage(places, limit, (place) => String(place.position));
    },
    memoryIds: async (chainId) => {
      const rows = await connection('memory_chain_entries')
        .where('chain_id', chainId)
        .orderBy('position')
        .select<{ memory_id: string }[]>('memory_id');
      return rows.map((row) => row.memory_id);
    },
    lastTexts: async (chainId, limit) => {
      const rows = await connection('memory_chain_entries as e')
        .join('memories as m', 'm.id', 'e.memory_id')
        .where('e.chain_id', chainId)
        .orderBy('e.position', 'desc')
        .limit(limit)
        .select<{ id: string; text: string }[]>('m.id', 'm.event as text');
      return rows.reverse();
    },
  };
}

export function memoryChainWriter(trx: Knex.Transaction): MemoryChainWriter {
  const lock = async (userId: string, id: string, expectedVersion: number | null): Promise<void> => {
    const row = await trx('memory_chains')
      .where({ id, user_id: userId })
      .forUpdate()
      .first<{ version: number } | undefined>('version');
    if (row === undefined) throw new AppError('memory_chain.not_found');
    if (expectedVersion !== null && row.version !== expectedVersion)
      throw new AppError('precondition.failed');
  };
  return {
    insert: async (chain) => {
      await trx('memory_chains').insert(columnsOf(chain));
    },
    update: async (userId, id, changes, expectedVersion) => {
      await lock(userId, id, expectedVersion);
      const rows = await trx('memory_chains')
        .where({ id })
        .update({
          ...columnsOf(changes),
          version: trx.raw('version + 1'),
          state: trx.raw('state + 1'),
          updated_at: trx.fn.now(),
        })
        .returning<Row[]>(CHAIN_COLUMNS);
      return fromRow<MemoryChain>(rows[0] ?? {});
    },
    remove: async (userId, id, expectedVersion) => {
      await lock(userId, id, expectedVersion);
      await trx('memory_chains').where({ id }).delete();
    },
    summarise: async (id, { summary, provider, model, revision }) =>
      (await trx('memory_chains')
        .where({ id })
        .update({
          summary,
          summary_provider: provider,
          summary_model: model,
          summary_revision: revision,
          summarised_at: trx.fn.now(),
          state: trx.raw('state + 1'),
        })) === 1,
  };
}

/** Lists are copied: what the driver is given must be mutable. */
const columnsOf = ({ filterTags, excludeTypes, ...rest }: ChainChanges): Row => ({
  ...toRow(rest),
  ...(filterTags === undefined ? {} : { filter_tags: [...filterTags] }),
  ...(excludeTypes === undefined ? {} : { exclude_types: [...excludeTypes] }),
});
