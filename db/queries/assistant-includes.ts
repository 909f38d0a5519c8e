import type { Knex } from 'knex';
import type { DocumentStatus } from '#shared/domain/types.ts';
import type { Relative } from '#shared/domain/assistant-parts.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** The first of something that an assistant has, and whether there are more. */
export interface Excerpt<T> {
  readonly items: T[];
  readonly hasMore: boolean;
}

export interface DocumentExcerpt {
  readonly id: string;
  readonly title: string;
  readonly status: DocumentStatus;
  readonly chunkCount: number;
  readonly createdAt: Date;
}

export interface MemoryExcerpt {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly importance: number;
  readonly createdAt: Date;
}

export interface MetricsExcerpt {
  readonly trustScore: number;
  readonly trustLevel: string;
  readonly growthLevel: number;
  readonly growthPoints: number;
  readonly memoryCount: number;
  readonly documentCount: number;
  readonly reflectionCount: number;
  readonly messageCount: number;
  readonly childCount: number;
  readonly avgResponseMs: number | null;
  readonly successRate: number | null;
  readonly lastActiveAt: Date | null;
  /** Null before they have been computed for the first time. */
  readonly computedAt: Date | null;
}

/**
 * What stands beside assistants in their lists and details: one statement for any number of assistants, and of what there
 * may be many of only the newest.
 */
export interface AssistantIncludeReader {
  relatives(userId: string, ids: readonly string[]): Promise<Map<string, Relative>>;
  children(userId: string, ids: readonly string[]): Promise<Map<string, Excerpt<Relative>>>;
  documents(userId: string, ids: readonly string[]): Promise<Map<string, Excerpt<DocumentExcerpt>>>;
  /** Those in force. */
  memories(userId: string, ids: readonly string[]): Promise<Map<string, Excerpt<MemoryExcerpt>>>;
  metrics(userId: string, ids: readonly string[]): Promise<Map<string, MetricsExcerpt>>;
}

/** Entries of each excerpt. */
const LENGTH = 10;

type OwnedRow = Row & { readonly owner_id: string };

export function assistantIncludeReader(connection: Knex): AssistantIncludeReader {
  return {
    relatives: async (userId, ids) => {
      const rows = await connection('assistants')
        .where('user_id', userId)
        .whereRaw('id = any(?)', [[...ids]])
        .whereNull('deleted_at')
        .select<Row[]>('id', 'slug', 'name', 'parent_id', 'depth', 'spawn_reason', 'is_active', 'created_at');
      return new Map(rows.map((row) => [row.id as string, fromRow<Relative>(row)]));
    },
    children: async (userId, ids) => {
      const { rows } = await connection.raw<{ rows: OwnedRow[] }>(
        `select o.id as owner_id, c.* from unnest(:ids::uuid[]) as o(id)
         cross join lateral (
           select id, slug, name, parent_id, depth, spawn_reason, is_active, created_at from assistants
           where parent_id = o.id and user_id = :userId and deleted_at is null
           order by id desc limit :limit) c
         order by o.id, c.id desc`,
        { ids: [...ids], userId, limit: LENGTH + 1 },
      );
      return excerpts(rows);
    },
    documents: async (userId, ids) => {
      const { rows } = await connection.raw<{ rows: OwnedRow[] }>(
        `select o.id as owner_id, d.* from unnest(:ids::uuid[]) as o(id)
         cross join lateral (
           select id, title, status, chunk_count, created_at from documents
           where assistant_id = o.id and user_id = :userId and deleted_at is null
           order by id desc limit :limit) d
         order by o.id, d.id desc`,
        { ids: [...ids], userId, limit: LENGTH + 1 },
      );
      return excerpts(rows);
    },
    memories: async (userId, ids) => {
      const { rows } = await connection.raw<{ rows: OwnedRow[] }>(
        `select o.id as owner_id, m.* from unnest(:ids::uuid[]) as o(id)
         cross join lateral (
           select id, title, type, importance, created_at from memories
           where assistant_id = o.id and user_id = :userId and is_active
           order by id desc limit :limit) m
         order by o.id, m.id desc`,
        { ids: [...ids], userId, limit: LENGTH + 1 },
      );
      return excerpts(rows);
    },
    metrics: async (userId, ids) => {
      const rows = await connection('assistant_metrics')
        .where('user_id', userId)
        .whereRaw('assistant_id = any(?)', [[...ids]])
        .select<Row[]>(
          'assistant_id',
          'trust_score',
          'trust_level',
          'growth_level',
          'growth_points',
          'memory_count',
          'document_count',
          'reflection_count',
          'message_count',
          'child_count',
          'avg_response_ms',
          'success_rate',
          'last_active_at',
          'computed_at',
        );
      return new Map(
        rows.map(({ assistant_id: id, ...row }) => [id as string, fromRow<MetricsExcerpt>(row)]),
      );
    },
  };
}

/** Owners that have nothing are missing. */
function excerpts<T>(rows: readonly OwnedRow[]): Map<string, Excerpt<T>> {
  const result = new Map<string, Excerpt<T>>();
  for (const [id, owned] of Map.groupBy(rows, (row) => row.owner_id)) {
    const items = owned.slice(0, LENGTH).map(({ owner_id: _owner, ...row }) => fromRow<T>(row));
    result.set(id, { items, hasMore: owned.length > LENGTH });
  }
  return result;
}
