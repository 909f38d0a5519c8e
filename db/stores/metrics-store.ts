import type { Knex } from 'knex';
import type { AssistantMetrics, GrowthLevel } from '#shared/domain/assistant-metrics.ts';
import { growthOf, trustOf } from '#shared/domain/trust.ts';
import { assistantFacts } from '../queries/assistant-facts.ts';
import { fromRow } from '../rows.ts';
import { settleRetrievals } from '../settle-retrievals.ts';
import { keyed } from './assistant-store.ts';
import type { Row } from '../rows.ts';

export interface MetricsReader {
  /** Of one of the user's assistants, by id or slug. */
  find(userId: string, idOrSlug: string): Promise<AssistantMetrics | undefined>;
  /** Of the user's assistants, in no order. */
  findMany(userId: string, assistantIds: readonly string[]): Promise<AssistantMetrics[]>;
}

export interface MetricsWriter {
  /**
   * Says that something was changed that metrics are made of: they are measured anew soon after the commit. Whatever
   * changes documents, memories, reflections, messages, skills, children or retrievals calls this.
   */
  touch(assistantId: string): void;
  /** As {@link touch} for the assistant that a conversation is held with. */
  touchConversation(conversationId: string): Promise<void>;
  /** As {@link touch} for assistants whose metrics time alone has changed; at most so many. Returns how many. */
  touchStale(limit: number): Promise<number>;
  /** Makes the metrics of an assistant from the other tables. Nothing else writes them. */
  measure(userId: string, assistantId: string): Promise<void>;
}

const COLUMNS = [
  'assistant_id',
  'trust_score',
  'trust_level',
  'trust_components',
  'growth_level',
  'growth_points',
  'growth_components',
  'memory_count',
  'document_count',
  'reflection_count',
  'message_count',
  'child_count',
  'avg_response_ms',
  'success_rate',
  'last_active_at',
  'computed_at',
];

export function metricsReader(connection: Knex): MetricsReader {
  return {
    find: async (userId, idOrSlug) => {
      const row = await connection('assistant_metrics as m')
        .whereIn(
          'm.assistant_id',
          connection('assistants')
            .where({ user_id: userId, ...keyed(idOrSlug) })
            .whereNull('deleted_at')
            .select('id'),
        )
        .first<Row | undefined>(COLUMNS.map((column) => `m.${column}`));
      return row && toMetrics(row);
    },
    findMany: async (userId, assistantIds) => {
      const rows = await connection('assistant_metrics')
        .where('user_id', userId)
        .whereRaw('assistant_id = any(?)', [[...assistantIds]])
        .select<Row[]>(COLUMNS);
      return rows.map(toMetrics);
    },
  };
}

function toMetrics(row: Row): AssistantMetrics {
  const metrics = fromRow<AssistantMetrics>(row);
  if (metrics.computedAt !== null) return metrics;
  return { ...metrics, trustComponents: null, growthComponents: null };
}

export function metricsWriter(trx: Knex.Transaction, touched: Set<string>): MetricsWriter {
  return {
    touch: (assistantId) => void touched.add(assistantId),
    touchConversation: async (conversationId) => {
      const row = await trx('conversations')
        .where('id', conversationId)
        .first<{ assistant_id: string } | undefined>('assistant_id');
      if (row !== undefined) touched.add(row.assistant_id);
    },
    touchStale: async (limit) => {
      const rows = await trx('assistant_metrics')
        .where('stale_at', '<=', trx.fn.now())
        .orderBy('stale_at')
        .limit(limit)
        .select<{ assistant_id: string }[]>('assistant_id');
      for (const row of rows) touched.add(row.assistant_id);
      return rows.length;
    },
    measure: async (userId, assistantId) => {
      await trx.raw(
        `insert into assistant_metrics (assistant_id, user_id)
         select id, user_id from assistants where id = ? and user_id = ? and deleted_at is null
         on conflict do nothing`,
        [assistantId, userId],
      );
      const row = await trx('assistant_metrics')
        .where({ assistant_id: assistantId, user_id: userId })
        .forUpdate()
        .first<{ growth_level: GrowthLevel } | undefined>('growth_level');
      // It goes with its assistant.
      if (row === undefined) return;
      await settleRetrievals(trx, userId, assistantId);
      const facts = await assistantFacts(trx, userId, assistantId);
      const trust = trustOf(facts);
      const growth = growthOf(facts, trust.score, row.growth_level);
      await trx('assistant_metrics')
        .where({ assistant_id: assistantId, user_id: userId })
        .update({
          trust_score: trust.score,
          trust_level: trust.level,
          trust_components: JSON.stringify(trust.components),
          growth_level: growth.level,
          growth_points: growth.points,
          growth_components: JSON.stringify(growth.components),
          memory_count: facts.memoryCount,
          document_count: facts.documentCount,
          reflection_count: facts.reflectionCount,
          message_count: facts.messageCount,
          child_count: facts.childCount,
          avg_response_ms: facts.avgResponseMs,
          success_rate: facts.successRate,
          last_active_at: facts.lastActiveAt,
          stale_at: facts.staleAt,
          computed_at: trx.fn.now(),
        });
    },
  };
}
