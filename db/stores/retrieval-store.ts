import type { Knex } from 'knex';
import { toRow } from '../rows.ts';

/** One search that was answered. */
export interface NewRetrieval {
  readonly id: string;
  readonly userId: string;
  readonly assistantId: string | null;
  /** The conversation it was made for. */
  readonly conversationId: string | null;
  /** Null when no vectors were compared. */
  readonly modelId: number | null;
  readonly mode: 'hybrid' | 'vector' | 'text';
  readonly hitCount: number;
  /** Fused score of the best hit, 0..1; null without hits. */
  readonly bestScore: number | null;
  /** Whether the best hit reached the threshold that was asked for. */
  readonly passed: boolean;
  readonly tookMs: number;
}

export interface RetrievalWriter {
  insert(retrieval: NewRetrieval): Promise<void>;
}

export function retrievalWriter(trx: Knex.Transaction): RetrievalWriter {
  return {
    insert: async (retrieval) => {
      await trx('retrievals').insert(toRow(retrieval));
    },
  };
}
