import type { Knex } from 'knex';
import { AppError } from '#shared/errors/app-error.ts';
import type { Page, SortedPageRequest } from './page.ts';
import type { Row } from './rows.ts';

/** A column that a list may be sorted by. It must never be null: rows without a key would be passed over. */
export interface SortColumn {
  readonly column: string;
  readonly kind: 'time' | 'number' | 'text';
}

const SORT_KEY = 'page_sort_key';

/**
 * Reads one page of rows by their sort key and id (keyset pagination): deep pages cost what the first does, and rows that
 * are added or removed meanwhile shift nothing. An index over scope, column and id makes it a range scan.
 *
 * @param query rows of one table `table`, scoped and filtered, without order
 * @param columns what is read; must contain the id
 * @throws AppError page.cursor_invalid when `page.after` cannot be a key of this list
 */
export async function sortedPage<S extends string>(
  connection: Knex,
  query: Knex.QueryBuilder,
  { table, columns, sortable }: SortedList<S>,
  page: SortedPageRequest<S>,
): Promise<Page<Row>> {
  const { limit, sort, after } = page;
  const { column, kind } = sortable[sort.by];
  const direction = sort.descending ? 'desc' : 'asc';
  if (after !== null) {
    const [key, id] = decode(after, kind);
    const names = [`${table}.${column}`, `${table}.id`];
    // A timestamp as text keeps its microseconds, which a Date would lose.
    void (sort.descending
      ? query.whereRaw('(??, ??) < (?, ?)', [...names, key, id])
      : query.whereRaw('(??, ??) > (?, ?)', [...names, key, id]));
  }
  const rows = await query
    .orderBy(`${table}.${column}`, direction)
    .orderBy(`${table}.id`, direction)
    .limit(limit + 1)
    .select<Row[]>([
      ...columns.map((name) => `${table}.${name}`),
      connection.raw('??::text as ??', [`${table}.${column}`, SORT_KEY]),
    ]);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextAfter =
    rows.length > limit && last !== undefined ? encode(String(last[SORT_KEY]), String(last.id)) : null;
  const keys = items.map((row) => encode(String(row[SORT_KEY]), String(row.id)));
  return { items: items.map(({ [SORT_KEY]: _key, ...row }) => row), nextAfter, keys };
}

export interface SortedList<S extends string> {
  readonly table: string;
  readonly columns: readonly string[];
  readonly sortable: Readonly<Record<S, SortColumn>>;
}

const encode = (key: string, id: string): string =>
  Buffer.from(JSON.stringify([key, id]), 'utf8').toString('base64url');

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a client hands back as a cursor may be anything; only what this file could have written reaches the database. */
function decode(after: string, kind: SortColumn['kind']): readonly [key: string, id: string] {
  try {
    const [key, id] = JSON.parse(Buffer.from(after, 'base64url').toString('utf8')) as [unknown, unknown];
    if (typeof key === 'string' && typeof id === 'string' && UUID.test(id) && isKey[kind](key))
      return [key, id];
  } catch {
    // Not even JSON.
  }
  throw new AppError('page.cursor_invalid');
}

/** As PostgreSQL writes it, in whatever zone the server is. */
const TIME =
  /^([12]\d{3})-(\d{2})-(\d{2}) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?[+-](0\d|1[0-4])(:[0-5]\d)?$/;

function isTime(key: string): boolean {
  const [, year, month, day] = (TIME.exec(key) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  // A day that its month does not have comes out as one of the next month.
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const isKey: Readonly<Record<SortColumn['kind'], (key: string) => boolean>> = {
  time: isTime,
  // Small fractions are written with an exponent.
  number: (key) => /^-?\d{1,9}(\.\d{1,12})?(e-[012]\d)?$/.test(key),
  text: (key) => key.length <= 500 && !key.includes('\0'),
};
