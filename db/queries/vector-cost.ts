import type { Knex } from 'knex';

/** What a search among vectors is about. */
export interface VectorRows {
  /** Vectors in the scope. */
  readonly scope: number;
  /** Vectors in the index, of all owners; where they are fewer, the scope is taken for all. */
  readonly all: number;
  /** Rows that are wanted of the scope. */
  readonly pool: number;
}

/**
 * Rows of the scope that a walk of the index keeps in sight, at least: with 100 one of eight of the ten nearest was missed, with
 * 400 one of thirty. See docs/adr/0036-vector-search-at-scale.md.
 */
const LEAST_IN_SIGHT = 600;

/** Most rows that pgvector keeps in sight, whosever they are. */
const MOST_IN_SIGHT = 1000;

/** What visiting a row of the index costs, in rows of a scope that are compared: each has some thirty neighbours to look at. */
const VISIT = 10;

const others = ({ all, scope }: VectorRows): number => Math.max(all, scope) / Math.max(1, scope);

/** Rows of anybody's that a walk is to keep in sight, so that there are enough of the scope among them. */
export const inSight = (rows: VectorRows): number =>
  Math.ceil(Math.min(MOST_IN_SIGHT, Math.max(LEAST_IN_SIGHT, rows.pool) * others(rows)));

/**
 * Whether comparing all vectors of a scope is cheaper than walking the index. The index knows no owners: to find `pool` rows of a
 * scope it visits, on average, `pool * all / scope` rows of anybody's.
 */
export const isExactCheaper = (rows: VectorRows): boolean =>
  rows.scope <= VISIT * Math.max(inSight(rows), rows.pool * others(rows));

/** Until the end of the transaction. @param rows that are kept in sight */
export async function configureWalk(trx: Knex, rows: number): Promise<void> {
  // An iterative scan reads on until enough rows pass the filters, where a plain one would stop at ef_search rows of anybody's
  // (pgvector 0.8).
  await trx.raw(
    `select set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', ?, true),
       set_config('hnsw.max_scan_tuples', '100000', true)`,
    [String(rows)],
  );
}
