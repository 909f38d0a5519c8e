import type { Knex } from 'knex';
import { AppError } from '#shared/errors/app-error.ts';
import type { Assistant } from '#shared/domain/types.ts';
import { throwTranslated } from '../database-errors.ts';
import type { Page, SortedPageRequest } from '../page.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { sortedPage } from '../sorted-page.ts';
import type { SortColumn } from '../sorted-page.ts';

/** What lists show. */
const LISTED = [
  'id',
  'slug',
  'name',
  'preferred_model',
  'memory_mode',
  'thinking_style',
  'min_score',
  'is_active',
  'is_primary',
  'parent_id',
  'depth',
  'spawn_reason',
  'system_prompt_id',
  'version',
  'created_at',
  'updated_at',
];
const COLUMNS = ['user_id', 'state', ...LISTED];

const SORTABLE = {
  created_at: { column: 'created_at', kind: 'time' },
  updated_at: { column: 'updated_at', kind: 'time' },
  name: { column: 'name_key', kind: 'text' },
} as const satisfies Record<string, SortColumn>;

export type AssistantSort = keyof typeof SORTABLE;
export type ListedAssistant = Omit<Assistant, 'userId' | 'state'>;

export interface AssistantFilters {
  readonly isActive?: boolean | undefined;
  readonly isPrimary?: boolean | undefined;
  readonly memoryMode?: Assistant['memoryMode'] | undefined;
  /** Id or slug of the parent; null for those that have none. */
  readonly parent?: string | null | undefined;
  /** Part of the name, in any case. */
  readonly name?: string | undefined;
}

export type NewAssistant = Pick<Assistant, 'id' | 'userId' | 'slug' | 'name'> &
  Partial<AssistantChanges & Pick<Assistant, 'spawnReason'>>;
export type AssistantChanges = Pick<
  Assistant,
  | 'slug'
  | 'name'
  | 'preferredModel'
  | 'memoryMode'
  | 'thinkingStyle'
  | 'minScore'
  | 'isActive'
  | 'isPrimary'
  | 'parentId'
  | 'depth'
  | 'systemPromptId'
>;

export interface AssistantReader {
  /** One of the user's assistants by id or slug. */
  find(userId: string, idOrSlug: string): Promise<Assistant | undefined>;
  /** In no order. */
  findMany(userId: string, ids: readonly string[]): Promise<ListedAssistant[]>;
  list(
    userId: string,
    filters: AssistantFilters,
    page: SortedPageRequest<AssistantSort>,
  ): Promise<Page<ListedAssistant>>;
  /** Which of these slugs, and those with a number behind them, the user already has. */
  slugsLike(userId: string, slug: string): Promise<string[]>;
}

export interface AssistantWriter {
  /** @throws AppError assistant.slug_taken */
  insert(assistant: NewAssistant): Promise<Assistant>;
  /**
   * Counts as an edit also where nothing of the core changes, as when one of the parts does.
   *
   * @param expectedVersion the version the client has seen; null when it does not say
   * @throws AppError assistant.not_found, precondition.failed, assistant.slug_taken
   */
  update(
    userId: string,
    id: string,
    changes: Partial<AssistantChanges>,
    expectedVersion: number | null,
  ): Promise<Assistant>;
  /**
   * Makes other transactions that choose a slug, a primary assistant or a parent for this user wait for this one, so that
   * what has been read about the user's assistants stays true until the commit.
   */
  lockAll(userId: string): Promise<void>;
  /**
   * Reads an assistant, by id or slug, and keeps it from being changed or deleted until the commit. For transactions
   * that hang something on it.
   */
  hold(userId: string, idOrSlug: string): Promise<Assistant | undefined>;
  /** As {@link hold}, but other transactions that hold or lock the assistant wait. */
  lock(userId: string, idOrSlug: string): Promise<Assistant | undefined>;
  /** Takes the mark of the primary assistant from whichever of the user's assistants has it. */
  clearPrimary(userId: string): Promise<void>;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Condition on the column that a text of this form names. */
export const keyed = (idOrSlug: string): Row => ({ [UUID.test(idOrSlug) ? 'id' : 'slug']: idOrSlug });

export function assistantReader(connection: Knex): AssistantReader {
  const owned = (userId: string) =>
    connection('assistants').where('assistants.user_id', userId).whereNull('assistants.deleted_at');
  return {
    find: async (userId, idOrSlug) => {
      const row = await owned(userId).where(keyed(idOrSlug)).first<Row | undefined>(COLUMNS);
      return row && fromRow<Assistant>(row);
    },
    findMany: async (userId, ids) => {
      const rows = await owned(userId)
        .whereRaw('id = any(?)', [[...ids]])
        .select<Row[]>(LISTED);
      return rows.map((row) => fromRow<ListedAssistant>(row));
    },
    list: async (userId, filters, page) => {
      const query = owned(userId);
      const { isActive, isPrimary, memoryMode, parent, name } = filters;
      if (isActive !== undefined) void query.where('assistants.is_active', isActive);
      if (isPrimary !== undefined) void query.where('assistants.is_primary', isPrimary);
      if (memoryMode !== undefined) void query.where('assistants.memory_mode', memoryMode);
      if (parent === null) void query.whereNull('assistants.parent_id');
      if (typeof parent === 'string')
        void query.where('assistants.parent_id', owned(userId).where(keyed(parent)).select('id'));
      if (name !== undefined) void query.whereRaw('strpos(assistants.name_key, lower(?::text)) > 0', [name]);
      const list = { table: 'assistants', columns: LISTED, sortable: SORTABLE };
      const { items, ...rest } = await sortedPage(connection, query, list, page);
      return { ...rest, items: items.map((row) => fromRow<ListedAssistant>(row)) };
    },
    slugsLike: async (userId, slug) => {
      const rows = await owned(userId)
        .where('slug', '~', `^${slug}(-[0-9]+)?$`)
        .select<{ slug: string }[]>('slug');
      return rows.map((row) => row.slug);
    },
  };
}

export function assistantWriter(trx: Knex.Transaction): AssistantWriter {
  return {
    insert: async (assistant) => {
      const rows = (await trx('assistants')
        .insert(toRow(assistant))
        .returning(COLUMNS)
        .catch((error: unknown) => throwTranslated(error, TAKEN))) as [Row];
      return fromRow<Assistant>(rows[0]);
    },
    update: async (userId, id, changes, expectedVersion) => {
      const query = trx('assistants').where({ id, user_id: userId }).whereNull('deleted_at');
      if (expectedVersion !== null) void query.where('version', expectedVersion);
      const rows = (await query
        .update({
          ...toRow(changes),
          version: trx.raw('version + 1'),
          state: trx.raw('state + 1'),
          updated_at: trx.fn.now(),
        })
        .returning(COLUMNS)
        .catch((error: unknown) => throwTranslated(error, TAKEN))) as Row[];
      const changed = rows[0];
      if (changed) return fromRow<Assistant>(changed);
      const exists = (await trx('assistants')
        .where({ id, user_id: userId })
        .whereNull('deleted_at')
        .first('id')) as unknown;
      throw new AppError(exists ? 'precondition.failed' : 'assistant.not_found');
    },
    lockAll: async (userId) => {
      await trx('users').where('id', userId).forNoKeyUpdate().first('id');
    },
    hold: async (userId, idOrSlug) => {
      const row = await trx('assistants')
        .where({ user_id: userId, ...keyed(idOrSlug) })
        .whereNull('deleted_at')
        .forShare()
        .first<Row | undefined>(COLUMNS);
      return row && fromRow<Assistant>(row);
    },
    lock: async (userId, idOrSlug) => {
      const row = await trx('assistants')
        .where({ user_id: userId, ...keyed(idOrSlug) })
        .whereNull('deleted_at')
        .forNoKeyUpdate()
        .first<Row | undefined>(COLUMNS);
      return row && fromRow<Assistant>(row);
    },
    clearPrimary: async (userId) => {
      await trx('assistants')
        .where({ user_id: userId, is_primary: true })
        .update({ is_primary: false, state: trx.raw('state + 1'), updated_at: trx.fn.now() });
    },
  };
}

const TAKEN = { assistants_user_id_slug_key: 'assistant.slug_taken' } as const;
