import type { Knex } from 'knex';
import type { Feedback, Message, MessageStatus } from '#shared/domain/conversation.ts';
import type { Failure } from '#shared/domain/types.ts';
import { throwTranslated } from '../database-errors.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** All but the prompt, which may be large and is asked for by itself. */
const COLUMNS = [
  'id',
  'user_id',
  'conversation_id',
  'reply_to_id',
  'role',
  'status',
  'content',
  'sources',
  'provider',
  'model',
  'prompt_tokens',
  'completion_tokens',
  'tokens_estimated',
  'took_ms',
  'error',
  'feedback',
  'feedback_comment',
  'feedback_at',
  'state',
  'created_at',
  'updated_at',
];

export type NewMessage = Pick<Message, 'id' | 'userId' | 'conversationId' | 'role' | 'status' | 'content'> & {
  readonly replyToId?: string;
};

/** How a reply ended. */
export interface ReplyEnd {
  readonly status: Exclude<MessageStatus, 'pending'>;
  readonly content: string;
  readonly sources: Message['sources'];
  readonly provider: string | null;
  readonly model: string | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly tokensEstimated: boolean;
  readonly tookMs: number;
  readonly error: Failure | null;
  /** What was sent, and how it came about; undefined when it did not come to that. */
  readonly prompt: unknown;
}

export interface MessageReader {
  find(userId: string, id: string): Promise<Message | undefined>;
  /** In no order. */
  findMany(userId: string, ids: readonly string[]): Promise<Message[]>;
  /** What was sent for a reply; null when nothing was, undefined for no such message. */
  prompt(userId: string, id: string): Promise<unknown>;
  list(
    userId: string,
    conversationId: string,
    order: 'oldest' | 'newest',
    page: PageRequest,
  ): Promise<Page<Message>>;
  /** The completed messages before this one, newest first. */
  recent(userId: string, conversationId: string, beforeId: string, limit: number): Promise<Message[]>;
}

export interface MessageWriter {
  /** @throws AppError conversation.busy for a second pending reply */
  insert(message: NewMessage): Promise<Message>;
  /** Ends a pending reply; undefined when it has ended otherwise or is gone. */
  finish(id: string, end: ReplyEnd): Promise<Message | undefined>;
  /** Keeps what had been produced of a reply that was cancelled from elsewhere. */
  keepPartial(id: string, end: ReplyEnd): Promise<Message | undefined>;
  /** Cancels a pending reply. Returns whether it was one. */
  cancel(userId: string, id: string): Promise<Message | undefined>;
  /** Says that these replies are being made; returns those that still wait for their end. */
  stillPending(ids: readonly string[]): Promise<string[]>;
  /** Ends pending replies whose process has not been heard of for this long. Returns the assistants they were of. */
  failSilent(seconds: number, failure: Failure, limit: number, conversationId?: string): Promise<string[]>;
  hasPending(conversationId: string): Promise<boolean>;
  /** Only a completed reply takes it; undefined for any other message. */
  setFeedback(
    userId: string,
    id: string,
    feedback: Feedback,
    comment: string | null,
  ): Promise<Message | undefined>;
}

const toMessage = (row: Row): Message => fromRow<Message>(row);

export function messageReader(connection: Knex): MessageReader {
  return {
    find: async (userId, id) => {
      const row = await connection('messages').where({ id, user_id: userId }).first<Row | undefined>(COLUMNS);
      return row && toMessage(row);
    },
    findMany: async (userId, ids) => {
      const rows = await connection('messages')
        .where('user_id', userId)
        .whereRaw('id = any(?)', [[...ids]])
        .select<Row[]>(COLUMNS);
      return rows.map(toMessage);
    },
    prompt: async (userId, id) => {
      const row = await connection('messages')
        .where({ id, user_id: userId })
        .first<{ prompt: unknown } | undefined>('prompt');
      return row?.prompt;
    },
    list: async (userId, conversationId, order, { limit, after }) => {
      const newest = order === 'newest';
      const query = connection('messages')
        .where({ conversation_id: conversationId, user_id: userId })
        .orderBy('id', newest ? 'desc' : 'asc')
        .limit(limit + 1);
      if (after !== null) void query.where('id', newest ? '<' : '>', after);
      return toPage((await query.select<Row[]>(COLUMNS)).map(toMessage), limit);
    },
    recent: async (userId, conversationId, beforeId, limit) => {
      const rows = await connection('messages')
        .where({ conversation_id: conversationId, user_id: userId, status: 'completed' })
        .where('id', '<', beforeId)
        .orderBy('id', 'desc')
        .limit(limit)
        .select<Row[]>(COLUMNS);
      return rows.map(toMessage);
    },
  };
}

export function messageWriter(trx: Knex.Transaction): MessageWriter {
  const touched = { state: trx.raw('state + 1'), updated_at: trx.fn.now() };
  const change = async (query: Knex.QueryBuilder, changes: Row): Promise<Message | undefined> => {
    const [row] = await query.update({ ...touched, ...changes }).returning<Row[]>(COLUMNS);
    return row && toMessage(row);
  };
  return {
    insert: async (message) => {
      const rows = await trx('messages')
        .insert(toRow(message))
        .returning<Row[]>(COLUMNS)
        .catch((error: unknown) => throwTranslated(error, { messages_pending_key: 'conversation.busy' }));
      return toMessage(rows[0] ?? {});
    },
    finish: (id, end) => change(trx('messages').where({ id, status: 'pending' }), endRow(end)),
    keepPartial: (id, end) =>
      change(trx('messages').where({ id, status: 'cancelled', content: '' }), {
        ...endRow(end),
        status: 'cancelled',
        error: null,
      }),
    cancel: (userId, id) =>
      change(trx('messages').where({ id, user_id: userId, status: 'pending' }), { status: 'cancelled' }),
    stillPending: async (ids) => {
      const rows = await trx('messages')
        .whereIn('id', [...ids])
        .where('status', 'pending')
        .orderBy('id')
        .update({ updated_at: trx.fn.now() })
        .returning<{ id: string }[]>('id');
      return rows.map(({ id }) => id);
    },
    failSilent: async (seconds, failure, limit, conversationId) => {
      const { rows } = await trx.raw<{ rows: { assistant_id: string }[] }>(
        `update messages m set status = 'failed', error = ?::jsonb, state = m.state + 1, updated_at = now()
         from conversations c where c.id = m.conversation_id and m.id in (select id from messages where status = 'pending'
           and updated_at < now() - ? * interval '1 second' and (?::uuid is null or conversation_id = ?)
           order by updated_at limit ? for update skip locked)
         returning c.assistant_id`,
        [JSON.stringify(failure), seconds, conversationId ?? null, conversationId ?? null, limit],
      );
      return rows.map((row) => row.assistant_id);
    },
    hasPending: async (conversationId) =>
      (await trx('messages')
        .where({ conversation_id: conversationId, status: 'pending' })
        .first<object | undefined>('id')) !== undefined,
    setFeedback: (userId, id, feedback, comment) =>
      change(trx('messages').where({ id, user_id: userId, role: 'assistant', status: 'completed' }), {
        feedback,
        feedback_comment: comment,
        feedback_at: trx.fn.now(),
      }),
  };
}

const endRow = (end: ReplyEnd): Row => ({
  status: end.status,
  content: end.content,
  sources: JSON.stringify(end.sources),
  provider: end.provider,
  model: end.model,
  prompt_tokens: end.promptTokens,
  completion_tokens: end.completionTokens,
  tokens_estimated: end.tokensEstimated,
  took_ms: end.tookMs,
  error: end.error === null ? null : JSON.stringify(end.error),
  prompt: end.prompt === undefined ? null : JSON.stringify(end.prompt),
});
