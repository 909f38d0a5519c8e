import type { Knex } from 'knex';
import { AppError } from '#shared/errors/app-error.ts';
import type { Memory, MemoryType, Provenance, SourceRole } from '#shared/domain/memory.ts';
import { throwTranslated } from '../database-errors.ts';
import type { Page, SortedPageRequest } from '../page.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { sortedPage } from '../sorted-page.ts';
import type { SortColumn } from '../sorted-page.ts';

const COLUMNS = [
  'id',
  'user_id',
  'assistant_id',
  'conversation_id',
  'message_id',
  'document_id',
  'page',
  'char_start',
  'char_end',
  'parent_memory_id',
  'session_id',
  'superseded_by_id',
  'type',
  'source_role',
  'title',
  'title_made',
  'event',
  'summary',
  'importance',
  'importance_made',
  'emotion',
  'tags',
  'rating',
  'feedback_comment',
  'is_bookmarked',
  'is_active',
  'token_count',
  'version',
  'state',
  'created_at',
  'updated_at',
];

/** A text with what is made of it for finding it again. */
export interface MemoryText {
  readonly event: string;
  /** Lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly nearKeys: readonly number[];
  readonly tokenCount: number;
}

type Fields = Pick<
  Memory,
  | 'type'
  | 'sourceRole'
  | 'title'
  | 'titleMade'
  | 'summary'
  | 'importance'
  | 'importanceMade'
  | 'emotion'
  | 'tags'
  | 'isBookmarked'
>;

export type NewMemory = Fields &
  MemoryText &
  Provenance &
  Pick<Memory, 'id' | 'userId' | 'assistantId' | 'sessionId' | 'rating' | 'feedbackComment'> & {
    /** PostgreSQL's configuration of text search. */
    readonly language: string;
  };

export type MemoryChanges = Partial<
  Fields & MemoryText & Pick<Memory, 'isActive' | 'rating' | 'feedbackComment'>
>;

/** What a new memory is compared with: those of its assistant, and of its conversation if it is of one session. */
export type MemoryPlace = Pick<Memory, 'assistantId' | 'sessionId'>;

export interface MemoryFilters {
  readonly assistantId?: string | undefined;
  readonly type?: MemoryType | undefined;
  readonly sourceRole?: SourceRole | undefined;
  /** All of them. */
  readonly tags?: readonly string[] | undefined;
  readonly isBookmarked?: boolean | undefined;
  readonly isActive?: boolean | undefined;
  readonly minImportance?: number | undefined;
  readonly minRating?: number | undefined;
  readonly conversationId?: string | undefined;
  readonly documentId?: string | undefined;
  readonly createdAfter?: Date | undefined;
  /** Exclusive. */
  readonly createdBefore?: Date | undefined;
  /** Words that stand in title or text, as people type them into a search field. */
  readonly words?: { readonly text: string; readonly language: string } | undefined;
}

export const MEMORY_SORTS = ['created_at', 'updated_at', 'importance'] as const;
export type MemorySort = (typeof MEMORY_SORTS)[number];

const SORTABLE: Readonly<Record<MemorySort, SortColumn>> = {
  created_at: { column: 'created_at', kind: 'time' },
  updated_at: { column: 'updated_at', kind: 'time' },
  importance: { column: 'importance', kind: 'number' },
};

/** Memories show whether they have a vector of the model that searches use. */
export interface MemoryReader {
  find(userId: string, id: string): Promise<Memory | undefined>;
  /** In no order. */
  findMany(userId: string, ids: readonly string[]): Promise<Memory[]>;
  /** The active memory of this text. */
  findByFingerprint(place: MemoryPlace, fingerprint: string): Promise<Memory | undefined>;
  list(userId: string, filters: MemoryFilters, page: SortedPageRequest<MemorySort>): Promise<Page<Memory>>;
  /** The assistant's active memories that have most keys in common with a text; see `nearKeys`. */
  findNear(
    place: MemoryPlace,
    keys: readonly number[],
    limit: number,
  ): Promise<{ readonly id: string; readonly event: string }[]>;
}

export interface MemoryWriter {
  /** Makes other transactions that add to this assistant's memories wait until the commit. */
  lockWrites(assistantId: string): Promise<void>;
  /** Stores a memory; false when the assistant has an active one of the same text. */
  insert(memory: NewMemory): Promise<boolean>;
  /** Locks memories of the user, in one order, and returns the ids of those that there are. */
  lock(userId: string, ids: readonly string[]): Promise<string[]>;
  /**
   * Changes a memory; making it active again takes back that another took its place.
   *
   * @throws AppError memory.not_found, precondition.failed, memory.duplicate
   */
  update(userId: string, id: string, changes: MemoryChanges, expectedVersion: number | null): Promise<void>;
  /** Puts a memory out of force in favour of another one. */
  supersede(id: string, byId: string): Promise<void>;
  /** Removes memories for good, with their vectors and places in chains. Returns how many there were. */
  remove(userId: string, ids: readonly string[]): Promise<number>;
}

export function memoryReader(connection: Knex): MemoryReader {
  const withStatus = () =>
    connection('memories').select(
      connection.raw(
        `coalesce((select e.status from memory_embeddings e
           where e.memory_id = memories.id
             and e.model_id = (select id from embedding_models where is_active)), 'pending') as embedding_status`,
      ),
    );
  const toMemory = (row: Row): Memory => fromRow<Memory>(row);
  const first = async (query: Knex.QueryBuilder): Promise<Memory | undefined> => {
    const row = await query.first<Row | undefined>(COLUMNS);
    return row && toMemory(row);
  };
  return {
    find: (userId, id) => first(withStatus().where({ id, user_id: userId })),
    findMany: async (userId, ids) => {
      const rows = await withStatus()
        .where('user_id', userId)
        .whereIn('id', [...ids])
        .select<Row[]>(COLUMNS);
      return rows.map(toMemory);
    },
    findByFingerprint: async ({ assistantId, sessionId }, fingerprint) => {
      // In the words of the unique indexes, or the planner would not know them again.
      const sameText = () =>
        withStatus()
          .where({ fingerprint: Buffer.from(fingerprint, 'hex') })
          .whereRaw('is_active and superseded_by_id is null');
      const lasting = await first(sameText().where('assistant_id', assistantId).whereNull('session_id'));
      if (lasting !== undefined || sessionId === null) return lasting;
      return first(sameText().where('session_id', sessionId));
    },
    list: async (userId, filters, page) => {
      const query = withStatus().where('memories.user_id', userId);
      narrow(query, filters);
      const list = { table: 'memories', columns: COLUMNS, sortable: SORTABLE };
      const { items, nextAfter } = await sortedPage(connection, query, list, page);
      return { items: items.map(toMemory), nextAfter };
    },
    findNear: async ({ assistantId, sessionId }, keys, limit) => {
      const { rows } = await connection.raw<{ rows: { id: string; event: string }[] }>(
        `select id, event from memories
         where assistant_id = :assistantId and is_active and near_keys && :keys::integer[]
           and (session_id is null or session_id = :sessionId::uuid)
         order by (select count(*) from unnest(near_keys) k where k = any(:keys::integer[])) desc, id
         limit :limit`,
        { assistantId, sessionId, keys: [...keys], limit },
      );
      return rows;
    },
  };
}

/** One condition a filter; those that are not given are left out. */
function narrow(query: Knex.QueryBuilder, filters: MemoryFilters): void {
  const equal = {
    assistant_id: filters.assistantId,
    type: filters.type,
    source_role: filters.sourceRole,
    is_bookmarked: filters.isBookmarked,
    is_active: filters.isActive,
    conversation_id: filters.conversationId,
    document_id: filters.documentId,
  };
  for (const [column, value] of Object.entries(equal))
    if (value !== undefined) void query.where(`memories.${column}`, value);
  if (filters.tags !== undefined) void query.whereRaw('memories.tags @> ?::text[]', [[...filters.tags]]);
  if (filters.minImportance !== undefined)
    void query.whereRaw('memories.importance >= ?::real', [filters.minImportance]);
  if (filters.minRating !== undefined) void query.where('memories.rating', '>=', filters.minRating);
  if (filters.createdAfter !== undefined) void query.where('memories.created_at', '>=', filters.createdAfter);
  if (filters.createdBefore !== undefined)
    void query.where('memories.created_at', '<', filters.createdBefore);
  if (filters.words !== undefined)
    void query.whereRaw(
      `memories.search_vector @@ websearch_to_tsquery(?::regconfig, regexp_replace(translate(?, '/', ' '), '\\M-\\m', ' ', 'g'))`,
      [filters.words.language, filters.words.text],
    );
}

export function memoryWriter(trx: Knex.Transaction): MemoryWriter {
  const touched = { state: trx.raw('state + 1'), updated_at: trx.fn.now() };
  const owned = (userId: string, ids: readonly string[]) =>
    trx('memories')
      .where('user_id', userId)
      .whereIn('id', [...ids]);
  return {
    lockWrites: async (assistantId) => {
      await trx.raw(`select pg_advisory_xact_lock(hashtextextended('memories ' || ?::text, 0))`, [
        assistantId,
      ]);
    },
    insert: async (memory) => {
      const rows = await trx('memories')
        .insert({
          ...columnsOf(memory),
          search_vector: trx.raw('chunk_search_vector(?::regconfig, ?, ?)', [
            memory.language,
            memory.titleMade ? '' : memory.title,
            memory.event,
          ]),
        })
        .onConflict(
          trx.raw(
            '(assistant_id, fingerprint) where is_active and superseded_by_id is null and session_id is null',
          ),
        )
        .ignore()
        .returning<{ id: string }[]>('id');
      return rows.length === 1;
    },
    lock: async (userId, ids) => {
      const rows = await owned(userId, ids).orderBy('id').forUpdate().select<{ id: string }[]>('id');
      return rows.map((row) => row.id);
    },
    update: async (userId, id, changes, expectedVersion) => {
      const current = await owned(userId, [id]).forUpdate().first<{ version: number } | undefined>('version');
      if (current === undefined) throw new AppError('memory.not_found');
      if (expectedVersion !== null && current.version !== expectedVersion)
        throw new AppError('precondition.failed');
      await trx('memories')
        .where({ id })
        .update({
          ...columnsOf(changes),
          ...(changes.isActive === true ? { superseded_by_id: null } : {}),
          ...touched,
          version: trx.raw('version + 1'),
        })
        .catch((error: unknown) => throwTranslated(error, TAKEN));
      if (changes.event !== undefined || changes.title !== undefined)
        await trx.raw(
          `update memories set search_vector =
             chunk_search_vector(language::regconfig, case when title_made then '' else title end, event)
           where id = ?`,
          [id],
        );
      if (changes.event !== undefined) await trx('memory_embeddings').where('memory_id', id).delete();
    },
    supersede: async (id, byId) => {
      await trx('memories')
        .where({ id })
        .update({ ...touched, is_active: false, superseded_by_id: byId });
    },
    remove: (userId, ids) => owned(userId, ids).delete(),
  };
}

const TAKEN = {
  memories_fingerprint_key: 'memory.duplicate',
  memories_session_fingerprint_key: 'memory.duplicate',
} as const;

/** Lists are copied: what the driver is given must be mutable. */
function columnsOf({ tags, nearKeys, fingerprint, ...rest }: MemoryChanges): Row {
  return {
    ...toRow(rest),
    ...(tags === undefined ? {} : { tags: [...tags] }),
    ...(nearKeys === undefined ? {} : { near_keys: [...nearKeys] }),
    ...(fingerprint === undefined ? {} : { fingerprint: Buffer.from(fingerprint, 'hex') }),
  };
}
