import type { TableSize } from '#db/queries/table-sizes.ts';
import type { OperatorContext } from './operator-context.ts';

const GIB = 2 ** 30;

/** What grows with every chunk. */
const OF_CHUNKS = [
  'document_chunks',
  'chunk_embeddings',
  'document_files',
  'document_texts',
  'term_statistics',
] as const;

const number = new Intl.NumberFormat('en');
const cell = (value: number): string => number.format(Math.round(value)).padStart(16);

/** Prints what each table takes on disk and what that is for one chunk, which plans are made with. */
export async function printSizes({ database, say }: OperatorContext): Promise<void> {
  const sizes = await database.tableSizes();
  say(`${'table'.padEnd(26)}${['rows', 'data', 'indexes'].map((name) => name.padStart(16)).join('')}`);
  for (const { table, rows, data, indexes } of sizes)
    say(`${table.padEnd(26)}${cell(rows)}${cell(data)}${cell(indexes)}`);
  const byName = new Map(sizes.map((size) => [size.table, size]));
  const chunks = byName.get('document_chunks')?.rows ?? 0;
  if (chunks === 0) {
    say('There are no chunks yet, or nobody has counted them: vacuum (analyze) document_chunks.');
    return;
  }
  say(`\n${'bytes of one chunk'.padEnd(26)}${['data', 'indexes'].map((name) => name.padStart(16)).join('')}`);
  const parts = OF_CHUNKS.map((table) => byName.get(table)).filter((size) => size !== undefined);
  for (const { table, data, indexes } of parts)
    say(`${table.padEnd(26)}${cell(data / chunks)}${cell(indexes / chunks)}`);
  const sum = (of: (size: TableSize) => number): number =>
    parts.reduce((total, size) => total + of(size), 0) / chunks;
  const whole = sum(({ data, indexes }) => data + indexes);
  const hot = sum(({ vectorIndexes, wordIndexes }) => vectorIndexes + wordIndexes);
  say(`${'together'.padEnd(26)}${cell(whole)}; ${number.format(Math.floor(GIB / whole))} chunks a GiB`);
  say(
    `${'HNSW and GIN indexes'.padEnd(26)}${cell(hot)}; ${number.format(Math.floor(GIB / hot))} chunks a GiB`,
  );
}
