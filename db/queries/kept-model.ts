import type { Knex } from 'knex';
import type { Row } from '../rows.ts';

/** The query was embedded by a model that is not kept any more: another one is active by now. */
export class StaleModelError extends Error {
  override readonly name = 'StaleModelError';
}

/** @throws StaleModelError when the vectors of a model are being dropped, or have been */
export async function assertKept(trx: Knex, modelId: number): Promise<void> {
  const row = await trx('embedding_models')
    .where({ id: modelId, is_active: false })
    .whereIn('state', ['dropping', 'dropped'])
    .first<Row | undefined>('id');
  if (row !== undefined) throw new StaleModelError(`the vectors of model ${modelId} are being dropped`);
}

/** Does all of a search on one snapshot; what a transaction has written is searched by its own view of the data. */
export const onSnapshot = <T>(connection: Knex, search: (trx: Knex) => Promise<T>): Promise<T> =>
  connection.isTransaction === true
    ? search(connection)
    : connection.transaction((trx) => search(trx), { isolationLevel: 'repeatable read', readOnly: true });
