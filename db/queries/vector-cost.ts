/**
 * What an index costs for each row that it visits, compared with comparing a row of the scope: it looks at some thirty neighbours,
 * and each stands on another page. Measured at 10,000 to 1,000,000 rows, see docs/adr/0036-vector-search-at-scale.md.
 */
const VISIT = 25;

/**
 * Whether comparing all vectors of a scope is cheaper than walking the index. The index knows no owners: to find `pool` rows of a
 * scope it visits, on average, `pool * all / scope` rows of anybody's.
 */
export function isExactCheaper(rows: {
  /** Vectors in the scope. */
  readonly scope: number;
  /** Vectors in the index; too few are taken for the scope alone. */
  readonly all: number;
  /** Rows that are wanted of the scope. */
  readonly pool: number;
}): boolean {
  const visited = (rows.pool * Math.max(rows.all, rows.scope)) / rows.scope;
  return rows.scope <= visited * VISIT;
}
