/** A stretch of a list: the rows and the keys at which the next stretch starts, if there is one. */
export interface Page<T> {
  readonly items: T[];
  readonly nextAfter: string | null;
}

export interface PageRequest {
  /** Number of rows, 1..100. */
  readonly limit: number;
  /** Id of the last row of the previous page; UUIDv7 ids sort by creation. */
  readonly after: string | null;
}

/** Makes a page of `limit + 1` rows that were read newest first by id. */
export function toPage<T extends { readonly id: string }>(rows: readonly T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, nextAfter: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
