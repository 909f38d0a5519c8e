import type { Knex } from 'knex';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { indexedVector } from '../vectors.ts';

const COLUMNS = ['id', 'provider', 'name', 'dimensions'];

/** Tables that hold vectors, of every model. */
const EMBEDDED_TABLES = ['chunk_embeddings', 'memory_embeddings'] as const;

export type NewEmbeddingModel = Omit<EmbeddingModel, 'id'>;

export interface EmbeddingModelReader {
  /** The model that searches use; undefined before the first start. */
  active(): Promise<EmbeddingModel | undefined>;
  find(model: NewEmbeddingModel): Promise<EmbeddingModel | undefined>;
  /** Whether any vector of this model is stored. */
  hasVectors(id: number): Promise<boolean>;
}

export interface EmbeddingModelWriter {
  /** Makes the model's row and vector index unless they exist; safe to call from several processes at once. */
  register(model: NewEmbeddingModel): Promise<EmbeddingModel>;
  /** Makes this model the one that searches use. */
  activate(id: number): Promise<void>;
}

export function embeddingModelReader(connection: Knex): EmbeddingModelReader {
  const first = async (where: Row): Promise<EmbeddingModel | undefined> => {
    const row = await connection('embedding_models').where(where).first<Row | undefined>(COLUMNS);
    return row && fromRow<EmbeddingModel>(row);
  };
  return {
    active: () => first({ is_active: true }),
    find: ({ provider, name, dimensions }) => first({ provider, name, dimensions }),
    hasVectors: async (id) => {
      for (const table of EMBEDDED_TABLES)
        if ((await connection(table).where('model_id', id).first<Row | undefined>('model_id')) !== undefined)
          return true;
      return false;
    },
  };
}

export function embeddingModelWriter(trx: Knex.Transaction): EmbeddingModelWriter {
  const lock = () => trx.raw(`select pg_advisory_xact_lock(hashtextextended('embedding_models', 0))`);
  return {
    register: async ({ provider, name, dimensions }) => {
      await lock();
      await trx('embedding_models')
        .insert({ provider, name, dimensions })
        .onConflict(['provider', 'name', 'dimensions'])
        .ignore();
      const row = await trx('embedding_models').where({ provider, name, dimensions }).first<Row>(COLUMNS);
      const model = fromRow<EmbeddingModel>(row);
      for (const table of EMBEDDED_TABLES) await createVectorIndex(trx, table, model);
      return model;
    },
    activate: async (id) => {
      await lock();
      await trx('embedding_models').where('is_active', true).whereNot({ id }).update({ is_active: false });
      await trx('embedding_models').where({ id }).update({ is_active: true });
    },
  };
}

/** One index a model: an HNSW index compares vectors of one length, and a search must meet vectors of one model only. */
async function createVectorIndex(
  trx: Knex.Transaction,
  table: (typeof EMBEDDED_TABLES)[number],
  model: EmbeddingModel,
): Promise<void> {
  const { column, operators } = indexedVector(model, 'embedding');
  const index = `${table}_model_${model.id}_idx`;
  // "create index if not exists" would wait for every writer of the table even when the index exists.
  const found = await trx.raw<{ rows: [{ exists: boolean }] }>(
    'select to_regclass(?) is not null as exists',
    [index],
  );
  if (found.rows[0].exists) return;
  // eslint-disable-next-line no-restricted-syntax -- names and types of an index cannot be bound; all are constants and numbers of the database
  await trx.raw(`create index ${index} on ${table} using hnsw ((${column}) ${operators})
    where model_id = ${model.id}`);
}
