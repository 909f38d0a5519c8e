import type { Knex } from 'knex';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { EmbeddedTable } from './embedded-tables.ts';
import { embeddedTables } from './embedded-tables.ts';
import { indexedVector } from './vectors.ts';

type Indexed = Pick<EmbeddingModel, 'id' | 'dimensions'>;

/** One index a model: an HNSW index compares vectors of one length, and a search must meet vectors of one model only. */
const indexOf = ({ vectors }: EmbeddedTable, { id }: Indexed): string => `${vectors}_model_${id}_idx`;

function createSql(table: EmbeddedTable, model: Indexed, how: 'concurrently' | ''): string {
  const { column, operators } = indexedVector(model, 'embedding');
  return `create index ${how} ${indexOf(table, model)} on ${table.vectors} using hnsw ((${column}) ${operators})
    where model_id = ${model.id}`;
}

/** Makes the index in a transaction: writers of the table wait meanwhile, so it is for a table that is still empty. */
export async function createVectorIndex(
  trx: Knex.Transaction,
  table: EmbeddedTable,
  model: Indexed,
): Promise<void> {
  // "create index if not exists" would wait for every writer of the table even when the index exists.
  if ((await stateOf(trx, table, model)) !== undefined) return;
  // eslint-disable-next-line no-restricted-syntax -- names and types of an index cannot be bound; all are numbers of the database
  await trx.raw(createSql(table, model, ''));
}

/** Makes the indexes of a model while everything else goes on; what an attempt that was broken off left is made anew. */
export async function createVectorIndexes(connection: Knex, model: Indexed): Promise<void> {
  await unhurried(connection, async (run) => {
    for (const table of embeddedTables) {
      const state = await stateOf(connection, table, model);
      if (state === true) continue;
      if (state === false) await run(`drop index concurrently if exists ${indexOf(table, model)}`);
      await run(createSql(table, model, 'concurrently'));
    }
  });
}

export async function dropVectorIndexes(connection: Knex, model: Indexed): Promise<void> {
  await unhurried(connection, async (run) => {
    for (const table of embeddedTables)
      await run(`drop index concurrently if exists ${indexOf(table, model)}`);
  });
}

/** Whether the index is there and good; undefined when there is none. */
async function stateOf(connection: Knex, table: EmbeddedTable, model: Indexed): Promise<boolean | undefined> {
  const { rows } = await connection.raw<{ rows: { indisvalid: boolean }[] }>(
    'select indisvalid from pg_index where indexrelid = to_regclass(?)',
    [indexOf(table, model)],
  );
  return rows[0]?.indisvalid;
}

/** Runs statements on one connection without a limit of their time; they cannot stand in a transaction. */
async function unhurried(
  connection: Knex,
  work: (run: (sql: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const client = connection.client as {
    acquireConnection(): Promise<unknown>;
    releaseConnection(connection: unknown): Promise<void>;
  };
  const own = await client.acquireConnection();
  // eslint-disable-next-line no-restricted-syntax -- the statements above, of constants and numbers of the database
  const raw = (sql: string) => connection.raw<{ rows: { taken?: boolean }[] }>(sql).connection(own);
  const run = async (sql: string): Promise<void> => {
    await raw(sql);
  };
  try {
    await run(`select set_config('donkey.statement_timeout', current_setting('statement_timeout'), false)`);
    await run('set statement_timeout = 0');
    // Two that are made at once on one table would wait for each other; whoever comes second tries again later.
    const { rows } = (await raw(
      `select pg_try_advisory_lock(hashtextextended('vector_indexes', 0)) as taken`,
    )) as { rows: { taken: boolean }[] };
    if (rows[0]?.taken !== true) throw new AppError('service.unavailable', { stage: 'index' });
    await work(run);
  } finally {
    await run(`select pg_advisory_unlock(hashtextextended('vector_indexes', 0))`).catch(() => undefined);
    await run(
      `select set_config('statement_timeout', current_setting('donkey.statement_timeout', true), false)`,
    ).catch(() => undefined);
    await client.releaseConnection(own);
  }
}
