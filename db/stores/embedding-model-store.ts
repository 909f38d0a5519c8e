import type { Knex } from 'knex';
import type { EmbeddingModel, ModelState } from '#shared/domain/types.ts';
import type { EmbedderModel } from '#shared/embedding/embedder.ts';
import { embeddedTables } from '../embedded-tables.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { createVectorIndex } from '../vector-index.ts';

const COLUMNS = ['id', 'provider', 'name', 'dimensions', 'base_url'];

/** A model as operators see it. */
export interface RegisteredModel extends EmbeddingModel {
  readonly state: ModelState;
  readonly createdAt: Date;
  readonly activatedAt: Date | null;
  readonly deactivatedAt: Date | null;
}

export interface EmbeddingModelReader {
  /** The model that searches use; undefined before the first start. */
  active(): Promise<EmbeddingModel | undefined>;
  find(model: EmbedderModel): Promise<EmbeddingModel | undefined>;
  get(id: number): Promise<RegisteredModel | undefined>;
  /** In the order of their registration. */
  list(page: PageRequest): Promise<Page<RegisteredModel>>;
  /** The active model first, then those that are being built or kept: whatever is new gets vectors of each. */
  wanted(): Promise<EmbeddingModel[]>;
  /** The one that was searched before the active one, if its vectors are still kept. */
  previous(): Promise<RegisteredModel | undefined>;
  /** Whether any vector of this model is stored. */
  hasVectors(id: number): Promise<boolean>;
}

export interface EmbeddingModelWriter {
  /** Keeps others from changing which model is active or wanted until the transaction ends. */
  lock(): Promise<void>;
  /** The active model, which stays active until the transaction ends. */
  holdActive(): Promise<EmbeddingModel | undefined>;
  /** Makes the model's row and vector index unless they exist; for a database that is still empty. */
  register(model: EmbedderModel): Promise<EmbeddingModel>;
  /** Makes the model's row alone; a dropped one comes back. */
  add(model: Omit<EmbeddingModel, 'id'>): Promise<RegisteredModel>;
  setState(id: number, state: Exclude<ModelState, 'active'>): Promise<void>;
  /** Makes this model the one that searches use; the one before stays as it is. */
  activate(id: number): Promise<void>;
}

const listed = (connection: Knex) => [
  ...COLUMNS,
  connection.raw(`case when is_active then 'active' else state end as state`),
  'created_at',
  'activated_at',
  'deactivated_at',
];

export function embeddingModelReader(connection: Knex): EmbeddingModelReader {
  const first = async (where: Row): Promise<EmbeddingModel | undefined> => {
    const row = await connection('embedding_models').where(where).first<Row | undefined>(COLUMNS);
    return row && fromRow<EmbeddingModel>(row);
  };
  const firstListed = async (query: Knex.QueryBuilder): Promise<RegisteredModel | undefined> => {
    const row = await query.first<Row | undefined>(listed(connection));
    return row && fromRow<RegisteredModel>(row);
  };
  return {
    active: () => first({ is_active: true }),
    find: ({ provider, name, dimensions }) => first({ provider, name, dimensions }),
    get: (id) => firstListed(connection('embedding_models').where({ id })),
    list: async ({ limit, after }) => {
      const rows = await connection('embedding_models')
        .where('id', '>', after === null ? 0 : Number(after))
        .orderBy('id')
        .limit(limit + 1)
        .select<Row[]>(listed(connection));
      const models = rows.map((row) => fromRow<RegisteredModel>(row));
      const { items, nextAfter } = toPage(
        models.map((model) => ({ id: String(model.id), model })),
        limit,
      );
      return { items: items.map(({ model }) => model), nextAfter };
    },
    wanted: async () => {
      const rows = await connection('embedding_models')
        .where((query) => void query.where('is_active', true).orWhereIn('state', ['building', 'standby']))
        .orderBy([{ column: 'is_active', order: 'desc' }, 'id'])
        .select<Row[]>(COLUMNS);
      return rows.map((row) => fromRow<EmbeddingModel>(row));
    },
    previous: () =>
      firstListed(
        connection('embedding_models')
          .where({ is_active: false, state: 'standby' })
          .whereNotNull('deactivated_at')
          .orderBy('deactivated_at', 'desc'),
      ),
    hasVectors: async (id) => {
      for (const { vectors } of embeddedTables)
        if (
          (await connection(vectors).where('model_id', id).first<Row | undefined>('model_id')) !== undefined
        )
          return true;
      return false;
    },
  };
}

export function embeddingModelWriter(trx: Knex.Transaction): EmbeddingModelWriter {
  const read = embeddingModelReader(trx);
  const lock = async (): Promise<void> => {
    await trx.raw(`select pg_advisory_xact_lock(hashtextextended('embedding_models', 0))`);
  };
  const insert = ({ provider, name, dimensions, baseUrl }: EmbedderModel & { baseUrl?: string | null }) =>
    trx('embedding_models')
      .insert({ provider, name, dimensions, base_url: baseUrl ?? null })
      .onConflict(['provider', 'name', 'dimensions']);
  return {
    lock,
    holdActive: async () => {
      await trx.raw(`select pg_advisory_xact_lock_shared(hashtextextended('embedding_models', 0))`);
      return read.active();
    },
    register: async (model) => {
      await lock();
      await insert(model).ignore();
      const { provider, name, dimensions } = model;
      const row = await trx('embedding_models').where({ provider, name, dimensions }).first<Row>(COLUMNS);
      const registered = fromRow<EmbeddingModel>(row);
      for (const table of embeddedTables) await createVectorIndex(trx, table, registered);
      return registered;
    },
    add: async (model) => {
      await lock();
      const rows = await insert(model)
        .merge({
          base_url: model.baseUrl,
          state: trx.raw(
            `case embedding_models.state when 'dropped' then 'registered' else embedding_models.state end`,
          ),
        })
        .returning<{ id: number }[]>('id');
      return (await read.get(rows[0]?.id ?? 0)) as RegisteredModel;
    },
    setState: async (id, state) => {
      await trx('embedding_models').where({ id }).update({ state });
    },
    activate: async (id) => {
      await lock();
      await trx('embedding_models')
        .where('is_active', true)
        .whereNot({ id })
        .update({ is_active: false, state: 'standby', deactivated_at: trx.fn.now() });
      await trx('embedding_models')
        .where({ id })
        .update({ is_active: true, state: 'standby', activated_at: trx.fn.now() });
    },
  };
}
