import type { Knex } from 'knex';
import { AppError } from '#shared/errors/app-error.ts';
import type { Conversation, ConversationStatus } from '#shared/domain/conversation.ts';
import type { Page, SortedPageRequest } from '../page.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { sortedPage } from '../sorted-page.ts';

const COLUMNS = [
  'id',
  'user_id',
  'assistant_id',
  'title',
  'has_own_title',
  'status',
  'message_count',
  'last_message_at',
  'archived_at',
  'version',
  'state',
  'created_at',
  'updated_at',
];

const SORTED = {
  table: 'conversations',
  columns: COLUMNS,
  sortable: {
    created_at: { column: 'created_at', kind: 'time' },
    last_message_at: { column: 'last_message_at', kind: 'time' },
  },
} as const;

export type ConversationSort = keyof typeof SORTED.sortable;

export interface ConversationFilters {
  readonly assistantId?: string;
  readonly status?: ConversationStatus;
}

export type NewConversation = Pick<Conversation, 'id' | 'userId' | 'assistantId' | 'title' | 'hasOwnTitle'>;

export interface ConversationReader {
  find(userId: string, id: string): Promise<Conversation | undefined>;
  /** In no order. */
  findMany(userId: string, ids: readonly string[]): Promise<Conversation[]>;
  list(
    userId: string,
    filters: ConversationFilters,
    page: SortedPageRequest<ConversationSort>,
  ): Promise<Page<Conversation>>;
}

export interface ConversationWriter {
  insert(conversation: NewConversation): Promise<Conversation>;
  /** Locks the row: messages come and go under it. */
  lock(userId: string, id: string): Promise<Conversation | undefined>;
  /**
   * @param expectedVersion the version the client has seen; null when it does not say
   * @throws AppError conversation.not_found, precondition.failed
   */
  rename(userId: string, id: string, title: string, expectedVersion: number | null): Promise<Conversation>;
  /** Notes that messages have come; a title made from them replaces the one it began with. */
  addMessages(id: string, count: number, title: string | undefined): Promise<void>;
  /** Removes it with its messages and the memories of its session. */
  remove(id: string): Promise<void>;
  markArchived(id: string): Promise<Conversation>;
  markActive(id: string): Promise<Conversation>;
  /** Ids of a user's conversations without a message for this long, oldest first; what somebody works on is passed over. */
  lockIdle(userId: string, days: number, limit: number): Promise<string[]>;
  /** Users with idle conversations for whom no job to archive them waits or runs. */
  usersWithIdle(days: number, limit: number): Promise<string[]>;
}

const toConversation = (row: Row): Conversation => fromRow<Conversation>(row);

export function conversationReader(connection: Knex): ConversationReader {
  return {
    find: async (userId, id) => {
      const row = await connection('conversations')
        .where({ id, user_id: userId })
        .first<Row | undefined>(COLUMNS);
      return row && toConversation(row);
    },
    findMany: async (userId, ids) => {
      const rows = await connection('conversations')
        .where('user_id', userId)
        .whereRaw('id = any(?)', [[...ids]])
        .select<Row[]>(COLUMNS);
      return rows.map(toConversation);
    },
    list: async (userId, filters, page) => {
      const query = connection('conversations').where('conversations.user_id', userId);
      if (filters.assistantId !== undefined) void query.where('assistant_id', filters.assistantId);
      if (filters.status !== undefined) void query.where('status', filters.status);
      const { items, nextAfter } = await sortedPage(connection, query, SORTED, page);
      return { items: items.map(toConversation), nextAfter };
    },
  };
}

export function conversationWriter(trx: Knex.Transaction): ConversationWriter {
  const touched = { state: trx.raw('state + 1'), updated_at: trx.fn.now() };
  const change = async (id: string, changes: Row): Promise<Conversation> => {
    const [row] = await trx('conversations')
      .where('id', id)
      .update({ ...touched, ...changes })
      .returning<Row[]>(COLUMNS);
    return toConversation(row ?? {});
  };
  const lock = async (userId: string, id: string): Promise<Conversation | undefined> => {
    const row = await trx('conversations')
      .where({ id, user_id: userId })
      .forUpdate()
      .first<Row | undefined>(COLUMNS);
    return row && toConversation(row);
  };
  return {
    insert: async (conversation) => {
      const rows = await trx('conversations').insert(toRow(conversation)).returning<Row[]>(COLUMNS);
      return toConversation(rows[0] ?? {});
    },
    lock,
    rename: async (userId, id, title, expectedVersion) => {
      const current = await lock(userId, id);
      if (current === undefined) throw new AppError('conversation.not_found');
      if (expectedVersion !== null && current.version !== expectedVersion)
        throw new AppError('precondition.failed');
      return change(id, { title, has_own_title: true, version: trx.raw('version + 1') });
    },
    addMessages: async (id, count, title) => {
      await change(id, {
        message_count: trx.raw('message_count + ?', [count]),
        last_message_at: trx.fn.now(),
        ...(title === undefined ? {} : { title }),
      });
    },
    remove: async (id) => {
      await trx('conversations').where('id', id).delete();
    },
    markArchived: (id) => change(id, { status: 'archived', archived_at: trx.fn.now() }),
    markActive: (id) => change(id, { status: 'active', archived_at: null }),
    lockIdle: async (userId, days, limit) => {
      const { rows } = await trx.raw<{ rows: { id: string }[] }>(
        `select c.id from conversations c
         where c.user_id = ? and c.status = 'active' and c.last_message_at < now() - ? * interval '1 day'
           and not exists (select from messages m where m.conversation_id = c.id and m.status = 'pending')
         order by c.last_message_at limit ? for update of c skip locked`,
        [userId, days, limit],
      );
      return rows.map(({ id }) => id);
    },
    usersWithIdle: async (days, limit) => {
      const { rows } = await trx.raw<{ rows: { user_id: string }[] }>(
        `select distinct c.user_id
         from (select user_id from conversations
           where status = 'active' and last_message_at < now() - ? * interval '1 day'
           order by last_message_at limit 10000) c
         where not exists (select from jobs j where j.user_id = c.user_id and j.type = 'conversation.archive'
           and j.status in ('queued', 'running'))
         limit ?`,
        [days, limit],
      );
      return rows.map(({ user_id: userId }) => userId);
    },
  };
}
