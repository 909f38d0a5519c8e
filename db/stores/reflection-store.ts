import type { Knex } from 'knex';
import type { Reflection, ReflectionSubject } from '#shared/domain/reflection.ts';
import type { Summary } from '#shared/summary/summarise.ts';
import { hasNews } from '../queries/reflection-news.ts';
import { reflectionMaterial } from '../queries/reflection-material.ts';
import type { ReflectionMaterial } from '../queries/reflection-material.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';

const COLUMNS = [
  'id',
  'user_id',
  'assistant_id',
  'type',
  'category',
  'status',
  'summary',
  'insights',
  'memory_ids',
  'message_ids',
  'chunk_ids',
  'reflection_ids',
  'document_id',
  'chain_id',
  'rating',
  'content',
  'provider',
  'model',
  'prompt_tokens',
  'completion_tokens',
  'error',
  'job_id',
  'created_at',
  'completed_at',
];

export type ReflectionFilters = Partial<Pick<Reflection, 'type' | 'category' | 'status'>>;

export type NewReflection = Pick<Reflection, 'id' | 'userId' | 'assistantId' | 'type' | 'category'> &
  Partial<Pick<Reflection, 'memoryIds' | 'documentId' | 'chainId' | 'rating' | 'content' | 'jobId'>>;

/** The ids of what a reflection drew on. */
export type ReflectionSources = Pick<Reflection, 'memoryIds' | 'messageIds' | 'chunkIds' | 'reflectionIds'>;

export interface ReflectionReader {
  find(userId: string, id: string): Promise<Reflection | undefined>;
  /** In no order. */
  findMany(userId: string, ids: readonly string[]): Promise<Reflection[]>;
  /** Newest first. */
  list(
    userId: string,
    assistantId: string,
    filters: ReflectionFilters,
    page: PageRequest,
  ): Promise<Page<Reflection>>;
  /** How many of these memories are the assistant's. */
  countMemories(userId: string, assistantId: string, ids: readonly string[]): Promise<number>;
  /** Whether the assistant has a chain of this id. */
  hasChain(userId: string, assistantId: string, id: string): Promise<boolean>;
  /** Whether a reflection on the same subject is pending. */
  isPending(userId: string, subject: ReflectionSubject): Promise<boolean>;
  /** Whether there is anything new since the last reflection on the subject was asked for. */
  hasNews(userId: string, subject: ReflectionSubject): Promise<boolean>;
  /** What a pending reflection is to draw on. */
  material(reflection: Reflection): Promise<ReflectionMaterial>;
}

export interface ReflectionWriter {
  insert(reflection: NewReflection): Promise<Reflection>;
  /** Ends a pending reflection well. */
  complete(id: string, written: Summary, sources: ReflectionSources): Promise<void>;
  remove(userId: string, id: string): Promise<void>;
}

export function reflectionReader(connection: Knex): ReflectionReader {
  return {
    find: async (userId, id) => {
      const row = await connection('reflections')
        .where({ id, user_id: userId })
        .first<Row | undefined>(COLUMNS);
      return row && fromRow<Reflection>(row);
    },
    findMany: async (userId, ids) => {
      const rows = await connection('reflections')
        .where('user_id', userId)
        .whereRaw('id = any(?)', [[...ids]])
        .select<Row[]>(COLUMNS);
      return rows.map((row) => fromRow<Reflection>(row));
    },
    list: async (userId, assistantId, filters, { limit, after }) => {
      const query = connection('reflections')
        .where({ assistant_id: assistantId, user_id: userId, ...filters })
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (after !== null) void query.where('id', '<', after);
      const rows = await query.select<Row[]>(COLUMNS);
      return toPage(
        rows.map((row) => fromRow<Reflection>(row)),
        limit,
      );
    },
    countMemories: async (userId, assistantId, ids) => {
      const rows = await connection('memories')
        .where({ user_id: userId, assistant_id: assistantId })
        .whereIn('id', [...ids])
        .select<Row[]>('id');
      return rows.length;
    },
    hasChain: async (userId, assistantId, id) =>
      (await connection('memory_chains')
        .where({ id, user_id: userId, assistant_id: assistantId })
        .first<object | undefined>('id')) !== undefined,
    isPending: async (userId, { assistantId, type, documentId, chainId }) =>
      (await connection('reflections')
        .where({
          assistant_id: assistantId,
          user_id: userId,
          type,
          status: 'pending',
          document_id: documentId,
          chain_id: chainId,
        })
        .first<object | undefined>('id')) !== undefined,
    hasNews: (userId, subject) => hasNews(connection, userId, subject),
    material: (reflection) => reflectionMaterial(connection, reflection),
  };
}

export function reflectionWriter(trx: Knex.Transaction): ReflectionWriter {
  return {
    insert: async ({ id, userId, assistantId, type, category, ...more }) => {
      const isFeedback = type === 'feedback';
      const rows = await trx('reflections')
        .insert({
          ...toRow({ id, userId, assistantId, type, category, ...more }),
          status: isFeedback ? 'completed' : 'pending',
          completed_at: isFeedback ? trx.fn.now() : null,
        })
        .returning<Row[]>(COLUMNS);
      return fromRow<Reflection>(rows[0] ?? {});
    },
    complete: async (id, { summary, insights, provider, model, usage }, sources) => {
      await trx('reflections')
        .where({ id, status: 'pending' })
        .update({
          status: 'completed',
          summary,
          insights: [...insights],
          memory_ids: [...sources.memoryIds],
          message_ids: [...sources.messageIds],
          chunk_ids: [...sources.chunkIds],
          reflection_ids: [...sources.reflectionIds],
          provider,
          model,
          prompt_tokens: usage?.promptTokens ?? null,
          completion_tokens: usage?.completionTokens ?? null,
          state: trx.raw('state + 1'),
          updated_at: trx.fn.now(),
          completed_at: trx.fn.now(),
        });
    },
    remove: async (userId, id) => {
      await trx('reflections').where({ id, user_id: userId }).delete();
    },
  };
}
