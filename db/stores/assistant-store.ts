import type { Knex } from 'knex';
import { AppError } from '#shared/errors/app-error.ts';
import type { Assistant } from '#shared/domain/types.ts';
import { throwTranslated } from '../database-errors.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';

const COLUMNS = [
  'id',
  'user_id',
  'slug',
  'name',
  'preferred_model',
  'memory_mode',
  'thinking_style',
  'min_score',
  'is_active',
  'is_primary',
  'version',
  'state',
  'created_at',
  'updated_at',
];

export type NewAssistant = Pick<Assistant, 'id' | 'userId' | 'slug' | 'name'> & Partial<AssistantChanges>;
export type AssistantChanges = Pick<
  Assistant,
  'slug' | 'name' | 'preferredModel' | 'memoryMode' | 'thinkingStyle' | 'minScore' | 'isActive' | 'isPrimary'
>;

export interface AssistantReader {
  /** One of the user's assistants by id or slug. */
  find(userId: string, idOrSlug: string): Promise<Assistant | undefined>;
  /** Newest first. */
  list(userId: string, page: PageRequest): Promise<Page<Assistant>>;
  /** Which of these slugs, and those with a number behind them, the user already has. */
  slugsLike(userId: string, slug: string): Promise<string[]>;
  hasDocuments(userId: string, id: string): Promise<boolean>;
}

export interface AssistantWriter {
  /** @throws AppError assistant.slug_taken */
  insert(assistant: NewAssistant): Promise<Assistant>;
  /**
   * @param expectedVersion the version the client has seen; null when it does not say
   * @throws AppError assistant.not_found, precondition.failed, assistant.slug_taken
   */
  update(
    userId: string,
    id: string,
    changes: Partial<AssistantChanges>,
    expectedVersion: number | null,
  ): Promise<Assistant>;
  /** @throws AppError assistant.not_found, precondition.failed */
  softDelete(userId: string, id: string, expectedVersion: number | null): Promise<void>;
  /**
   * Makes other transactions that choose a slug or a primary assistant for this user wait for this one, so that what
   * has been read about the user's assistants stays true until the commit.
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
  const owned = (userId: string) => connection('assistants').where('user_id', userId).whereNull('deleted_at');
  return {
    find: async (userId, idOrSlug) => {
      const row = await owned(userId).where(keyed(idOrSlug)).first<Row | undefined>(COLUMNS);
      return row && fromRow<Assistant>(row);
    },
    list: async (userId, { limit, after }) => {
      const query = owned(userId)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (after !== null) void query.where('id', '<', after);
      const rows = await query.select<Row[]>(COLUMNS);
      return toPage(
        rows.map((row) => fromRow<Assistant>(row)),
        limit,
      );
    },
    slugsLike: async (userId, slug) => {
      const rows = await owned(userId)
        .where('slug', '~', `^${slug}(-[0-9]+)?$`)
        .select<{ slug: string }[]>('slug');
      return rows.map((row) => row.slug);
    },
    hasDocuments: async (userId, id) =>
      (await connection('documents')
        .where({ user_id: userId, assistant_id: id })
        .whereNull('deleted_at')
        .first<object | undefined>('id')) !== undefined,
  };
}

export function assistantWriter(trx: Knex.Transaction): AssistantWriter {
  const change = async (
    userId: string,
    id: string,
    row: Row,
    expectedVersion: number | null,
  ): Promise<Assistant> => {
    const query = trx('assistants').where({ id, user_id: userId }).whereNull('deleted_at');
    if (expectedVersion !== null) void query.where('version', expectedVersion);
    const rows = (await query
      .update({
        ...row,
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
  };
  return {
    insert: async (assistant) => {
      const rows = (await trx('assistants')
        .insert(toRow(assistant))
        .returning(COLUMNS)
        .catch((error: unknown) => throwTranslated(error, TAKEN))) as [Row];
      return fromRow<Assistant>(rows[0]);
    },
    update: (userId, id, changes, expectedVersion) => change(userId, id, toRow(changes), expectedVersion),
    softDelete: async (userId, id, expectedVersion) => {
      await change(userId, id, { deleted_at: trx.fn.now(), is_primary: false }, expectedVersion);
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
