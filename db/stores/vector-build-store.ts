import type { Knex } from 'knex';
import { toSql } from 'pgvector';
import type { EmbeddingModel, Failure } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { embeddedTables } from '../embedded-tables.ts';
import type { EmbeddedTable } from '../embedded-tables.ts';
import type { Page, PageRequest } from '../page.ts';
import { refusedTexts } from '../queries/refused-texts.ts';
import type { RefusedText } from '../queries/refused-texts.ts';
import { lockRefused, reviewRefused } from '../review-refused.ts';

/** A text that has no vector of a model yet. */
export interface UnembeddedText {
  readonly id: string;
  readonly text: string;
}

/** How far the vectors of a model are; everything that search reads is `total`. */
export interface BuildProgress {
  readonly total: number;
  readonly embedded: number;
  /** Texts that the provider refuses. */
  readonly failed: number;
}

export interface VectorBuildReader {
  readonly tables: readonly string[];
  /** Live texts without any row of the model, in the order of their ids, from after the given one. */
  without(table: string, modelId: number, after: string | null, limit: number): Promise<UnembeddedText[]>;
  /** Whether there is anything left to be embedded, apart from what the provider refuses. */
  isThrough(modelId: number): Promise<boolean>;
  /** How far models are, by id, in a number of statements that does not depend on how many there are. */
  progress(modelIds: readonly number[]): Promise<Map<number, BuildProgress>>;
  /** What a model refuses, in the order of the ids. */
  refused(modelId: number, page: PageRequest): Promise<Page<RefusedText>>;
  /**
   * Live texts that search finds by their vector of the first model and would not by one of the second: those that it
   * refuses, or those that it was not asked for yet.
   */
  lost(fromId: number, toId: number, why: 'refused' | 'missing'): Promise<number>;
}

export interface VectorBuildWriter {
  /** Stores vectors; texts that are gone by now are left out. @throws AppError embedding.dimension_mismatch */
  store(table: string, model: EmbeddingModel, vectors: ReadonlyMap<string, ArrayLike<number>>): Promise<void>;
  /** Marks texts that the provider refuses, with the reason by id, so that the rest can be done. */
  refuse(table: string, modelId: number, reasons: ReadonlyMap<string, Failure>): Promise<void>;
  /** Forgets what the provider refused, so that it is tried again. */
  forgetRefused(modelId: number): Promise<void>;
  /** See `lockRefused`. */
  lockRefused(modelId: number): Promise<void>;
  /** See `reviewRefused`. */
  reviewRefused(modelId: number): Promise<number>;
  /** Removes some vectors of a model. Returns how many. */
  removeSome(modelId: number, limit: number): Promise<number>;
}

const LOST = {
  refused: `and v.status = 'failed'`,
  missing: `and v.status in ('embedded', 'failed')`,
} as const;

interface CountedRow {
  readonly model_id: number;
  readonly embedded: number;
  readonly failed: number;
}

export function vectorBuildReader(connection: Knex): VectorBuildReader {
  const count = async (sql: (table: EmbeddedTable) => string, values: Record<string, number>) => {
    let sum = 0;
    for (const table of embeddedTables) {
      // eslint-disable-next-line no-restricted-syntax -- names of tables and columns are constants of embedded-tables.ts
      const { rows } = await connection.raw<{ rows: { count: number }[] }>(sql(table), values);
      sum += rows[0]?.count ?? 0;
    }
    return sum;
  };
  const ofModel = ({ vectors, key }: EmbeddedTable, model: string, more: string): string =>
    `select from ${vectors} v where v.${key} = s.id and v.model_id = ${model} ${more}`;
  return {
    tables: embeddedTables.map(({ table }) => table),
    without: async (name, modelId, after, limit) => {
      const table = tableOf(name);
      const { rows } = await connection.raw<{ rows: UnembeddedText[] }>(
        // eslint-disable-next-line no-restricted-syntax -- names of tables and columns are constants of embedded-tables.ts
        `select s.id, ${table.text} as text from ${table.table} s
         where (:after::uuid is null or s.id > :after::uuid) and ${table.live}
           and not exists (${ofModel(table, ':modelId', '')})
         order by s.id limit :limit`,
        { after, modelId, limit },
      );
      return rows;
    },
    isThrough: async (modelId) =>
      (await count(
        (table) => `select count(*) from (select from ${table.table} s
          where ${table.live} and not exists (${ofModel(table, ':modelId', '')}) limit 1) t`,
        { modelId },
      )) === 0,
    progress: async (modelIds) => {
      const total = await count(({ table, live }) => `select count(*) from ${table} s where ${live}`, {});
      const progress = new Map(modelIds.map((id) => [id, { total, embedded: 0, failed: 0 }]));
      for (const { table, vectors, key, live } of embeddedTables) {
        const { rows } = await connection.raw<{ rows: CountedRow[] }>(
          // eslint-disable-next-line no-restricted-syntax -- names of tables and columns are constants of embedded-tables.ts
          `select v.model_id, count(*) filter (where v.status = 'embedded') as embedded,
             count(*) filter (where v.status = 'failed') as failed
           from ${vectors} v join ${table} s on s.id = v.${key}
           where v.model_id = any(:modelIds::smallint[]) and ${live} group by v.model_id`,
          { modelIds: [...modelIds] },
        );
        for (const row of rows) {
          const known = progress.get(row.model_id);
          if (known === undefined) continue;
          known.embedded += row.embedded;
          known.failed += row.failed;
        }
      }
      return progress;
    },
    refused: (modelId, page) => refusedTexts(connection, modelId, page),
    lost: (fromId, toId, why) =>
      count(
        (table) => `select count(*) from ${table.table} s
          where ${table.live} and exists (${ofModel(table, ':fromId', `and v.status = 'embedded'`)})
            and ${why === 'refused' ? 'exists' : 'not exists'} (${ofModel(table, ':toId', LOST[why])})`,
        { fromId, toId },
      ),
  };
}

export function vectorBuildWriter(trx: Knex.Transaction): VectorBuildWriter {
  /** Owners before what they own: the order in which others delete them. */
  const holdOwners = async ({ table, owner }: EmbeddedTable, ids: readonly string[]): Promise<void> => {
    await trx.raw(
      `select o.id from ?? o where o.id in (select ?? from ?? where id = any(?::uuid[])) order by o.id for key share`,
      [owner.table, owner.column, table, [...ids]],
    );
  };
  return {
    store: async (name, model, vectors) => {
      const table = tableOf(name);
      for (const vector of vectors.values())
        if (vector.length !== model.dimensions)
          throw new AppError('embedding.dimension_mismatch', {
            detail: `The model ${model.name} gave ${vector.length} dimensions instead of ${model.dimensions}.`,
            stage: 'embed',
          });
      await holdOwners(table, [...vectors.keys()]);
      await trx.raw(
        // eslint-disable-next-line no-restricted-syntax -- names of tables and columns are constants of embedded-tables.ts
        `insert into ${table.vectors} as e (${table.key}, model_id, ${table.copied.join(', ')}, status, embedding)
         select s.id, :modelId, ${table.copied.map((column) => `s.${column}`).join(', ')}, 'embedded', n.vector::vector
         from unnest(:ids::uuid[], :vectors::text[]) as n (id, vector) join ${table.table} s on s.id = n.id
         order by s.id for key share of s
         on conflict (${table.key}, model_id) do update
         set status = excluded.status, embedding = excluded.embedding, error = null, updated_at = now()
         where e.status <> 'embedded'`,
        {
          modelId: model.id,
          ids: [...vectors.keys()],
          vectors: [...vectors.values()].map((vector) => toSql(Array.from(vector)) as string),
        },
      );
    },
    refuse: async (name, modelId, reasons) => {
      const table = tableOf(name);
      const ids = [...reasons.keys()];
      await holdOwners(table, ids);
      await trx.raw(
        // eslint-disable-next-line no-restricted-syntax -- names of tables and columns are constants of embedded-tables.ts
        `insert into ${table.vectors} (${table.key}, model_id, ${table.copied.join(', ')}, status, error)
         select s.id, :modelId, ${table.copied.map((column) => `s.${column}`).join(', ')}, 'failed', n.reason::jsonb
         from unnest(:ids::uuid[], :reasons::text[]) as n (id, reason) join ${table.table} s on s.id = n.id
         order by s.id for key share of s
         on conflict do nothing`,
        { modelId, ids, reasons: ids.map((id) => JSON.stringify(reasons.get(id))) },
      );
    },
    forgetRefused: async (modelId) => {
      for (const { vectors } of embeddedTables)
        await trx(vectors).where({ model_id: modelId, status: 'failed' }).delete();
    },
    lockRefused: (modelId) => lockRefused(trx, modelId),
    reviewRefused: (modelId) => reviewRefused(trx, modelId),
    removeSome: async (modelId, limit) => {
      for (const { vectors } of embeddedTables) {
        const { rowCount } = await trx.raw<{ rowCount: number }>(
          `delete from ?? where ctid = any(array(select ctid from ?? where model_id = ? limit ? for update skip locked))`,
          [vectors, vectors, modelId, limit],
        );
        if (rowCount > 0) return rowCount;
      }
      return 0;
    },
  };
}

function tableOf(name: string): EmbeddedTable {
  const table = embeddedTables.find((each) => each.table === name);
  if (table === undefined) throw new RangeError(`no embedded table is called ${name}`);
  return table;
}
