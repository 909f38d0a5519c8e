/**
 * Rows that a walk of the index keeps in sight (`hnsw.ef_search`): with the usual 100 one of eight of the ten nearest was missed,
 * with 400 one of forty. See docs/adr/0036-vector-search-at-scale.md.
 */
const WALK = 400;

/** What visiting a row of the index costs, in rows of a scope that are compared: each has some thirty neighbours to look at. */
const VISIT = 10;

/**
 * How many rows a walk of the index is to keep in sight.
 *
 * @param pool rows that are wanted of it
 */
export const walkOf = (pool: number): number => Math.max(WALK, pool);

/**
 * Whether comparing all vectors of a scope is cheaper than walking the index. The index knows no owners: to find `pool` rows of a
 * scope it visits, on average, `pool * all / scope` rows of anybody's.
 */
export function isExactCheaper(rows: {
  /** Vectors in the scope. */
  readonly scope: number;
  /** Vectors in the index; where they are fewer, the scope is taken for all. */
  readonly all: number;
  /** Rows that are wanted of the scope. */
  readonly pool: number;
}): boolean {
  const visited = (rows.pool * Math.max(rows.all, rows.scope)) / rows.scope;
  return rows.scope <= VISIT * Math.max(walkOf(rows.pool), visited);
}
