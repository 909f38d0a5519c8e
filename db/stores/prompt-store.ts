import type { Knex } from 'knex';
import { AppError } from '#shared/errors/app-error.ts';
import type { Prompt, PromptType } from '#shared/domain/assistant-parts.ts';
import { throwTranslated } from '../database-errors.ts';
import type { Page, SortedPageRequest } from '../page.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { sortedPage } from '../sorted-page.ts';
import type { SortColumn } from '../sorted-page.ts';

/** What lists show: everything but the text. */
const LISTED = ['id', 'slug', 'title', 'type', 'tags', 'parent_id', 'version', 'created_at', 'updated_at'];
const COLUMNS = ['user_id', 'content', 'state', ...LISTED];

const SORTABLE = {
  created_at: { column: 'created_at', kind: 'time' },
  updated_at: { column: 'updated_at', kind: 'time' },
  title: { column: 'title_key', kind: 'text' },
} as const satisfies Record<string, SortColumn>;

export type PromptSort = keyof typeof SORTABLE;
export type ListedPrompt = Omit<Prompt, 'userId' | 'content' | 'state'>;
export type PromptChanges = Pick<Prompt, 'slug' | 'title' | 'type' | 'content' | 'tags'>;
export type NewPrompt = Pick<Prompt, 'id' | 'userId' | 'parentId'> & PromptChanges;

export interface PromptFilters {
  readonly type?: PromptType | undefined;
  readonly tag?: string | undefined;
  /** Part of the title, in any case. */
  readonly title?: string | undefined;
}

export interface PromptReader {
  /** One of the user's prompts by id or slug. */
  find(userId: string, idOrSlug: string): Promise<Prompt | undefined>;
  findMany(userId: string, ids: readonly string[]): Promise<Prompt[]>;
  list(
    userId: string,
    filters: PromptFilters,
    page: SortedPageRequest<PromptSort>,
  ): Promise<Page<ListedPrompt>>;
  slugsLike(userId: string, slug: string): Promise<string[]>;
  /** How many assistants have it for their system prompt. */
  useCount(userId: string, id: string): Promise<number>;
}

export interface PromptWriter {
  /** @throws AppError prompt.slug_taken */
  insert(prompt: NewPrompt): Promise<Prompt>;
  /** @throws AppError prompt.not_found, precondition.failed, prompt.slug_taken */
  update(
    userId: string,
    id: string,
    changes: Partial<PromptChanges>,
    expectedVersion: number | null,
  ): Promise<Prompt>;
  delete(userId: string, id: string): Promise<void>;
  /** Reads a prompt and keeps it from being changed or deleted until the commit; for whoever refers to it. */
  hold(userId: string, idOrSlug: string): Promise<Prompt | undefined>;
  /** Reads a prompt and makes whoever is about to refer to it wait for the commit. */
  lock(userId: string, idOrSlug: string): Promise<Prompt | undefined>;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

const keyed = (idOrSlug: string): Row => ({ [UUID.test(idOrSlug) ? 'id' : 'slug']: idOrSlug });

export function promptReader(connection: Knex): PromptReader {
  return {
    find: async (userId, idOrSlug) => {
      const row = await connection('prompts')
        .where({ user_id: userId, ...keyed(idOrSlug) })
        .first<Row | undefined>(COLUMNS);
      return row && fromRow<Prompt>(row);
    },
    findMany: async (userId, ids) => {
      const rows = await connection('prompts')
        .where('user_id', userId)
        .whereRaw('id = any(?)', [[...ids]])
        .select<Row[]>(COLUMNS);
      return rows.map((row) => fromRow<Prompt>(row));
    },
    list: async (userId, { type, tag, title }, page) => {
      const query = connection('prompts').where('prompts.user_id', userId);
      if (type !== undefined) void query.where('prompts.type', type);
      if (tag !== undefined) void query.whereRaw('prompts.tags @> array[?::text]', [tag]);
      if (title !== undefined) void query.whereRaw('strpos(prompts.title_key, lower(?::text)) > 0', [title]);
      const list = { table: 'prompts', columns: LISTED, sortable: SORTABLE };
      const { items, ...rest } = await sortedPage(connection, query, list, page);
      return { ...rest, items: items.map((row) => fromRow<ListedPrompt>(row)) };
    },
    slugsLike: async (userId, slug) => {
      const rows = await connection('prompts')
        .where('user_id', userId)
        .where('slug', '~', `^${slug}(-[0-9]+)?$`)
        .select<{ slug: string }[]>('slug');
      return rows.map((row) => row.slug);
    },
    useCount: async (userId, id) => {
      const [row] = await connection('assistants')
        .where({ system_prompt_id: id, user_id: userId })
        .count<{ count: number }[]>('* as count');
      return row?.count ?? 0;
    },
  };
}

export function promptWriter(trx: Knex.Transaction): PromptWriter {
  const owned = (userId: string, idOrSlug: string) =>
    trx('prompts').where({ user_id: userId, ...keyed(idOrSlug) });
  const locked = async (query: Knex.QueryBuilder): Promise<Prompt | undefined> => {
    const row = await query.first<Row | undefined>(COLUMNS);
    return row && fromRow<Prompt>(row);
  };
  return {
    insert: async (prompt) => {
      const rows = (await trx('prompts')
        .insert({ ...toRow(prompt), tags: [...prompt.tags] })
        .returning(COLUMNS)
        .catch((error: unknown) => throwTranslated(error, TAKEN))) as Row[];
      return fromRow<Prompt>(rows[0] ?? {});
    },
    update: async (userId, id, changes, expectedVersion) => {
      const query = owned(userId, id);
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
      if (changed) return fromRow<Prompt>(changed);
      const exists = (await owned(userId, id).first('id')) as unknown;
      throw new AppError(exists ? 'precondition.failed' : 'prompt.not_found');
    },
    delete: async (userId, id) => {
      await owned(userId, id).delete();
    },
    hold: (userId, idOrSlug) => locked(owned(userId, idOrSlug).forShare()),
    lock: (userId, idOrSlug) => locked(owned(userId, idOrSlug).forUpdate()),
  };
}

const TAKEN = { prompts_user_id_slug_key: 'prompt.slug_taken' } as const;
