/** A stretch of a list: the rows and the keys at which the next stretch starts, if there is one. */
export interface Page<T> {
  readonly items: T[];
  readonly nextAfter: string | null;
  /** Of each row the key at which the rows behind it start, where the list knows it. */
  readonly keys?: readonly string[];
}

export interface PageRequest {
  /** Number of rows, 1..100. */
  readonly limit: number;
  /** Key of the last row of the previous page: its id (UUIDv7 ids sort by creation), or its position. */
  readonly after: string | null;
}

/** A page of a list that the client sorts; see `sortedPage`. */
export interface SortedPageRequest<S extends string = string> {
  /** Number of rows, 1..100. */
  readonly limit: number;
  readonly sort: { readonly by: S; readonly descending: boolean };
  /** Opaque: `nextAfter` of the previous page. */
  readonly after: string | null;
}

/** Makes a page of `limit + 1` rows that were read in the order of their key, by default the id. */
export function toPage<T extends { readonly id: string }>(
  rows: readonly T[],
  limit: number,
  keyOf: (row: T) => string = (row) => row.id,
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextAfter: rows.length > limit && last !== undefined ? keyOf(last) : null };
}
