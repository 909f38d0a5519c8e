/** A row as the driver returns it. */
export type Row = Record<string, unknown>;

/** Turns a row's snake_case column names into the camelCase of the domain types; values stay as they are. */
export function fromRow<T>(row: Record<string, unknown>): T {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) result[camel(name)] = value;
  return result as T;
}

/** The reverse of {@link fromRow}, for inserts and updates; undefined values are left out. */
export function toRow(value: object): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value) as [string, unknown][])
    if (field !== undefined) row[snake(name)] = field;
  return row;
}

const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The row of a question that always has one. */
export function onlyRow<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('a question that always has an answer had none');
  return row;
}
