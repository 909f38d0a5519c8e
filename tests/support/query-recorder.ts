import pg from 'pg';

export interface RecordedQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What the driver has been asked since the recording began. */
export interface QueryRecorder extends Disposable {
  readonly queries: readonly RecordedQuery[];
  /** Forgets what was recorded. */
  clear(): void;
}

type Query = (this: pg.Client, ...given: unknown[]) => unknown;

/** Listens to all statements that this process sends to PostgreSQL, whoever sends them; disposing ends it. */
export function recordQueries(): QueryRecorder {
  const queries: RecordedQuery[] = [];
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const original = prototype.query;
  prototype.query = function (this: pg.Client, ...given: unknown[]): unknown {
    const [first] = given;
    if (typeof first === 'string') queries.push({ text: first, values: [] });
    else {
      const { text, values } = first as Partial<RecordedQuery>;
      if (text !== undefined) queries.push({ text, values: values ?? [] });
    }
    return original.apply(this, given);
  };
  return {
    queries,
    clear: () => void queries.splice(0),
    [Symbol.dispose]: () => {
      prototype.query = original;
    },
  };
}
