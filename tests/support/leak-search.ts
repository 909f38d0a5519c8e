import type { TestDatabase } from './test-database.ts';
import type { RedisClient } from '#shared/redis/client.ts';

/** Something that must not turn up where it does not belong. */
export interface Canary {
  readonly name: string;
  readonly value: string;
  /** Tables where it may be. */
  readonly tables?: readonly string[];
}

/** A place that was searched and what stands there. */
export interface Place {
  readonly name: string;
  readonly text: string;
}

/** The forms in which a value may have been written down. */
export function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  // The ends of a Base64 text depend on what stands beside it, and a part of it is a hit as well.
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '');
    return text.slice(shift === 0 ? 0 : shift + 1, -2);
  });
  const forms = [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    bytes.toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [...new Set(forms)];
}

/** Where any of the canaries stands, as "canary in place". */
export function findLeaks(canaries: readonly Canary[], places: readonly Place[]): string[] {
  return canaries.flatMap(({ name, value }) => {
    const forms = formsOf(value);
    return places
      .filter(({ text }) => forms.some((form) => text.includes(form)))
      .map((place) => `${name} in ${place.name}`);
  });
}

/** The same for every column of every table, bytes included; a canary may stand in its own tables. */
export async function findLeaksInTables(
  { sql }: Pick<TestDatabase, 'sql'>,
  canaries: readonly Canary[],
): Promise<{ leaks: string[]; tables: number }> {
  const tables = await sql<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const leaks: string[] = [];
  for (const { name } of tables) {
    // Bytes are shown as hexadecimal digits, so the form in hexadecimal finds them.
    const rows = await sql<{ text: string }>(`select to_jsonb(t)::text as text from "${name}" t`);
    const places = rows.map(({ text }) => ({ name: `table ${name}`, text }));
    leaks.push(
      ...findLeaks(
        canaries.filter((canary) => canary.tables?.includes(name) !== true),
        places,
      ),
    );
  }
  return { leaks: [...new Set(leaks)], tables: tables.length };
}

/** Every key of a prefix with its value, whatever its type. */
export async function readRedis(client: RedisClient, prefix: string): Promise<Place[]> {
  const places: Place[] = [];
  for await (const keys of client.scanIterator({ MATCH: `${prefix}*`, COUNT: 500 }))
    for (const key of keys) {
      const type = await client.type(key);
      const command = READERS[type];
      if (command === undefined) continue;
      const value = await client.sendCommand(command(key));
      places.push({ name: `redis ${type} ${key}`, text: `${key} ${JSON.stringify(value)}` });
    }
  return places;
}

const READERS: Readonly<Record<string, (key: string) => string[]>> = {
  string: (key) => ['GET', key],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  set: (key) => ['SMEMBERS', key],
  zset: (key) => ['ZRANGE', key, '0', '-1'],
  stream: (key) => ['XRANGE', key, '-', '+'],
};
