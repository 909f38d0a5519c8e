import type { Knex } from 'knex';
import { toSql } from 'pgvector';
import type { EmbeddingModel, EmbeddingStatus } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** The text of a memory as it is now. */
export interface TextToEmbed {
  readonly id: string;
  readonly userId: string;
  readonly assistantId: string;
  readonly event: string;
  readonly tokenCount: number;
  readonly fingerprint: Buffer;
  /** Null without a row. */
  readonly status: EmbeddingStatus | null;
}

export interface MemoryVectorReader {
  text(userId: string, memoryId: string, modelId: number): Promise<TextToEmbed | undefined>;
  /** The models of which a memory has a row. */
  modelsOf(memoryId: string): Promise<number[]>;
}

export interface MemoryVectorWriter {
  /**
   * Stores the vector of a text, at most one a memory and model.
   *
   * @returns false when the memory has gone or another text meanwhile: then this vector is of no use
   * @throws AppError embedding.dimension_mismatch when the vector is not as long as the model says
   */
  store(text: TextToEmbed, model: EmbeddingModel, vector: ArrayLike<number>): Promise<boolean>;
  /** Forgets the vectors of a memory, so that it is embedded anew. */
  clear(memoryId: string): Promise<void>;
}

export function memoryVectorReader(connection: Knex): MemoryVectorReader {
  return {
    text: async (userId, memoryId, modelId) => {
      const row = await connection('memories as m')
        .leftJoin('memory_embeddings as e', (join) => {
          join.on('e.memory_id', 'm.id').andOnVal('e.model_id', modelId);
        })
        .where({ 'm.id': memoryId, 'm.user_id': userId })
        .first<Row | undefined>(
          'm.id',
          'm.user_id',
          'm.assistant_id',
          'm.event',
          'm.token_count',
          'm.fingerprint',
          'e.status',
        );
      return row && fromRow<TextToEmbed>(row);
    },
    modelsOf: (memoryId) =>
      connection('memory_embeddings').where('memory_id', memoryId).pluck<number[]>('model_id'),
  };
}

export function memoryVectorWriter(trx: Knex.Transaction): MemoryVectorWriter {
  return {
    store: async (text, model, vector) => {
      if (vector.length !== model.dimensions)
        throw new AppError('embedding.dimension_mismatch', {
          detail: `The model ${model.name} gave ${vector.length} dimensions instead of ${model.dimensions}.`,
          stage: 'embed',
        });
      // Held until the commit, so that the text cannot change under its vector.
      const current = await trx('memories')
        .where({ id: text.id, fingerprint: text.fingerprint })
        .forShare()
        .first<Row | undefined>('id');
      if (current === undefined) return false;
      await trx('memory_embeddings')
        .insert({
          memory_id: text.id,
          model_id: model.id,
          user_id: text.userId,
          assistant_id: text.assistantId,
          status: 'embedded',
          embedding: toSql(Array.from(vector)) as string,
          error: null,
          updated_at: trx.fn.now(),
        })
        .onConflict(['memory_id', 'model_id'])
        .merge(['status', 'embedding', 'error', 'updated_at']);
      return true;
    },
    clear: async (memoryId) => {
      await trx('memory_embeddings').where('memory_id', memoryId).delete();
    },
  };
}
