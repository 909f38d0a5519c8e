import type { Knex } from 'knex';
import { INTERNAL_TYPES } from '../stores/job-store.ts';

/** What many owners have many of. */
export type OwnedList =
  | 'children'
  | 'documents'
  | 'memories'
  | 'chains'
  | 'conversations'
  | 'reflections'
  | 'jobs'
  | 'chunks'
  | 'messages'
  | 'entries';

/** One of them by its id, and where it stands in its owner's list. */
export interface OwnedItem {
  readonly id: string;
  /** Key of the list: the id, or a position. */
  readonly key: string;
  readonly createdAt: Date;
}

export interface OwnedPage {
  readonly items: readonly OwnedItem[];
  readonly hasMore: boolean;
}

export interface OwnedPageRequest {
  readonly list: OwnedList;
  /** Columns and the values they must have; the names are this program's own. */
  readonly filter: Readonly<Record<string, string | boolean>>;
  /** Number of rows for each owner, 1..100. */
  readonly limit: number;
  /** Key of the last row of the page before, or null. */
  readonly after: string | null;
}

/** The same page of a list for any number of owners, in one statement; what the ids stand for is read by `findMany`. */
export interface OwnedPageReader {
  /** By owner; those that have none, because there are none or it is not the user's, are missing. */
  of(userId: string, ownerIds: readonly string[], request: OwnedPageRequest): Promise<Map<string, OwnedPage>>;
}

interface ListColumns {
  readonly table: string;
  readonly owner: string;
  readonly id: string;
  /** Orders the list: newest first by id, or onwards by position. */
  readonly key: string;
  readonly descending: boolean;
  readonly narrow?: (rows: Knex.QueryBuilder, connection: Knex) => void;
}

const byId = { id: 'id', key: 'id', descending: true };
const ofAssistant = (table: string): ListColumns => ({ table, owner: 'assistant_id', ...byId });
const visible = (rows: Knex.QueryBuilder): void => void rows.whereNull('deleted_at');

const LISTS: Readonly<Record<OwnedList, ListColumns>> = {
  children: { table: 'assistants', owner: 'parent_id', ...byId, narrow: visible },
  documents: { ...ofAssistant('documents'), narrow: visible },
  memories: { ...ofAssistant('memories'), narrow: (rows) => void rows.where('is_active', true) },
  chains: ofAssistant('memory_chains'),
  conversations: ofAssistant('conversations'),
  reflections: ofAssistant('reflections'),
  jobs: {
    table: 'jobs',
    owner: 'document_id',
    ...byId,
    narrow: (rows) => void rows.whereNull('parent_id').whereNotIn('type', INTERNAL_TYPES),
  },
  chunks: {
    table: 'document_chunks',
    owner: 'document_id',
    id: 'id',
    key: 'position',
    descending: false,
    narrow: (rows, connection) => {
      const current = connection('documents')
        .where('documents.id', connection.ref('o.id'))
        .select(connection.raw('coalesce(live_revision, revision)'));
      void rows.where('document_chunks.revision', current);
    },
  },
  messages: { table: 'messages', owner: 'conversation_id', id: 'id', key: 'id', descending: false },
  entries: {
    table: 'memory_chain_entries',
    owner: 'chain_id',
    id: 'memory_id',
    key: 'position',
    descending: false,
  },
};

type OwnedRow = Omit<OwnedItem, 'key'> & { readonly owner_id: string; readonly key: string | number };

export function ownedPageReader(connection: Knex): OwnedPageReader {
  return {
    of: async (userId, ownerIds, { list, filter, limit, after }) => {
      const { table, owner, id, key, descending, narrow } = LISTS[list];
      const rows = connection(table)
        .where({ [`${table}.user_id`]: userId, ...filter })
        .where(`${table}.${owner}`, connection.ref('o.id'))
        .orderBy(`${table}.${key}`, descending ? 'desc' : 'asc')
        .limit(limit + 1)
        .select({ id: `${table}.${id}`, key: `${table}.${key}`, createdAt: `${table}.created_at` });
      narrow?.(rows, connection);
      if (after !== null) void rows.where(`${table}.${key}`, descending ? '<' : '>', after);
      const found = await connection
        .from(connection.raw('unnest(?::uuid[]) as o(id)', [[...ownerIds]]))
        .crossJoin(connection.raw('lateral ? as l', [rows]))
        .orderBy(['o.id', { column: 'l.key', order: descending ? 'desc' : 'asc' }])
        .select<OwnedRow[]>('o.id as owner_id', 'l.*');
      return pages(found, limit);
    },
  };
}

function pages(rows: readonly OwnedRow[], limit: number): Map<string, OwnedPage> {
  const result = new Map<string, OwnedPage>();
  for (const [ownerId, owned] of Map.groupBy(rows, (row) => row.owner_id)) {
    const items = owned.slice(0, limit).map((row) => ({ ...row, key: String(row.key) }));
    result.set(ownerId, { items, hasMore: owned.length > limit });
  }
  return result;
}
