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

/**
 * Makes the indexes of a model while everything else goes on; what an attempt that was broken off left is made anew.
 *
 * @param session a connection of its own without limits of time (`withSession`): these statements cannot stand in a
 *   transaction
 */
export async function createVectorIndexes(session: Knex, model: Indexed): Promise<void> {
  await takeTurn(session);
  for (const table of embeddedTables) {
    const state = await stateOf(session, table, model);
    if (state === true) continue;
    if (state === false) await dropIndex(session, table, model);
    // eslint-disable-next-line no-restricted-syntax -- as above
    await session.raw(createSql(table, model, 'concurrently'));
  }
}

/** @param session as {@link createVectorIndexes} has it */
export async function dropVectorIndexes(session: Knex, model: Indexed): Promise<void> {
  await takeTurn(session);
  for (const table of embeddedTables) await dropIndex(session, table, model);
}

const dropIndex = (session: Knex, table: EmbeddedTable, model: Indexed): Promise<void> =>
  session.raw('drop index concurrently if exists ??', [indexOf(table, model)]).then(() => undefined);

/** Two that are made at once on one table would wait for each other; whoever comes second tries again later. */
async function takeTurn(session: Knex): Promise<void> {
  const { rows } = await session.raw<{ rows: { taken: boolean }[] }>(
    `select pg_try_advisory_lock(hashtextextended('vector_indexes', 0)) as taken`,
  );
  if (rows[0]?.taken !== true) throw new AppError('service.unavailable', { stage: 'index' });
}

/** Whether the index is there and good; undefined when there is none. */
async function stateOf(connection: Knex, table: EmbeddedTable, model: Indexed): Promise<boolean | undefined> {
  const { rows } = await connection.raw<{ rows: { indisvalid: boolean }[] }>(
    'select indisvalid from pg_index where indexrelid = to_regclass(?)',
    [indexOf(table, model)],
  );
  return rows[0]?.indisvalid;
}
