import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A message that stands in logs as an error or a warning. */
export interface LoggedError {
  readonly level: string;
  readonly message: string;
  readonly code: string | null;
  readonly count: number;
  readonly lastAt: string;
  /** Joins the last one's line with those of its request and jobs. */
  readonly correlationId: string | null;
}

interface Line {
  readonly level?: unknown;
  readonly time?: unknown;
  readonly msg?: unknown;
  readonly code?: unknown;
  readonly correlation_id?: unknown;
  readonly err?: { readonly code?: unknown; readonly message?: unknown };
}

const LEVELS = new Set(['warn', 'error', 'fatal']);

/**
 * Counts the warnings and errors since a time in files of JSON lines, the most frequent first. Lines that are none of the
 * product's own are passed over.
 *
 * @throws Error for a file that cannot be read
 */
export async function loggedErrors(
  files: readonly string[],
  since: Date,
  limit: number,
): Promise<LoggedError[]> {
  const found = new Map<string, LoggedError>();
  for (const file of files)
    for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const line = parse(text);
      if (line === undefined || !LEVELS.has(String(line.level))) continue;
      if (!(new Date(String(line.time)) >= since)) continue;
      count(found, line);
    }
  return [...found.values()].sort((a, b) => b.count - a.count).slice(0, limit);
}

function parse(text: string): Line | undefined {
  // Most lines are of no interest, and parsing is what takes the time.
  if (!/"level":"(warn|error|fatal)"/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

const textOr = <T>(value: unknown, otherwise: T): string | T =>
  typeof value === 'string' ? value : otherwise;

function count(found: Map<string, LoggedError>, line: Line): void {
  const code = textOr(line.code ?? line.err?.code, null);
  const message = textOr(line.msg, '');
  const level = String(line.level);
  const key = JSON.stringify([level, message, code]);
  const before = found.get(key);
  const time = String(line.time);
  const isLast = before === undefined || time >= before.lastAt;
  found.set(key, {
    level,
    message,
    code,
    count: (before?.count ?? 0) + 1,
    lastAt: isLast ? time : before.lastAt,
    correlationId: isLast ? textOr(line.correlation_id, null) : before.correlationId,
  });
}
