import type { Knex } from 'knex';
import type { SourceType } from '#shared/domain/types.ts';
import { archivedLines } from '../stores/conversation-archive-store.ts';
import { exportedTables } from '../account-tables.ts';
import type { ExportedTable } from '../account-tables.ts';

/** An original file of the account. */
export interface SnapshotFile {
  readonly documentId: string;
  /** More than one of a document has a new version that is not live yet. */
  readonly revision: number;
  readonly filename: string;
  readonly size: number;
  readonly sourceType: SourceType;
}

/**
 * Everything of one account as it stood at one moment, read piece by piece. Only one piece may be read at a time: they
 * share a connection, which is given back on disposal.
 */
export interface AccountSnapshot extends AsyncDisposable {
  readonly tables: readonly string[];
  /** One JSON text a row, each with a line feed. */
  lines(table: string): AsyncIterable<string>;
  files(): Promise<SnapshotFile[]>;
  /** The bytes of a file in pieces of at most {@link PIECE_BYTES}. */
  content(file: Pick<SnapshotFile, 'documentId' | 'revision'>): AsyncIterable<Buffer>;
}

export const PIECE_BYTES = 1024 * 1024;
const ROWS = 200;

/** Opens a snapshot: a read-only transaction under which no later write is seen. */
export async function openAccountSnapshot(connection: Knex, userId: string): Promise<AccountSnapshot> {
  const trx = await connection.transaction({ isolationLevel: 'repeatable read', readOnly: true });
  return {
    tables: Object.keys(exportedTables),
    lines: async function* (table) {
      yield* readLines(trx, table, exportedTables[table] ?? {}, userId);
      if (table === 'messages') yield* readArchives(trx, userId);
    },
    files: async () =>
      trx('document_files')
        .where('user_id', userId)
        .orderBy(['document_id', 'revision'])
        .select<SnapshotFile[]>(
          'document_id as documentId',
          'revision',
          'filename',
          'size',
          'source_type as sourceType',
        ),
    content: (file) => readContent(trx, userId, file),
    [Symbol.asyncDispose]: async () => {
      await trx.commit();
    },
  };
}

async function* readLines(
  trx: Knex.Transaction,
  table: string,
  { without = [], batch = ROWS }: ExportedTable,
  userId: string,
): AsyncGenerator<string> {
  await trx.raw(
    `declare account_rows no scroll cursor for
     select (to_jsonb(t) - ?::text[])::text as line from ?? t where ?? = ?`,
    [[...without], table, table === 'users' ? 'id' : 'user_id', userId],
  );
  try {
    for (;;) {
      // eslint-disable-next-line no-restricted-syntax -- the count of a fetch cannot be bound; it is a constant
      const { rows } = await trx.raw<{ rows: { line: string }[] }>(`fetch ${batch} from account_rows`);
      for (const { line } of rows) yield `${line}\n`;
      if (rows.length < batch) return;
    }
  } finally {
    await trx.raw('close account_rows').catch(() => undefined);
  }
}

async function* readContent(
  trx: Knex.Transaction,
  userId: string,
  { documentId, revision }: Pick<SnapshotFile, 'documentId' | 'revision'>,
): AsyncGenerator<Buffer> {
  for (let start = 1; ; start += PIECE_BYTES) {
    const row = await trx('document_files')
      .where({ document_id: documentId, revision, user_id: userId })
      .first<{ piece: Buffer } | undefined>(
        trx.raw('substring(content from ? for ?) as piece', [start, PIECE_BYTES]),
      );
    if (row === undefined || row.piece.length === 0) return;
    yield row.piece;
    if (row.piece.length < PIECE_BYTES) return;
  }
}

/** Messages that are archived, as they stood in their table. */
async function* readArchives(trx: Knex.Transaction, userId: string): AsyncGenerator<string> {
  const archives = await trx('conversation_archives')
    .where('user_id', userId)
    .orderBy('conversation_id')
    .select<{ id: string }[]>('conversation_id as id');
  for (const { id } of archives) {
    const row = await trx('conversation_archives')
      .where('conversation_id', id)
      .first<{ content: Buffer } | undefined>('content');
    for (const line of row === undefined ? [] : await archivedLines(row.content)) yield `${line}\n`;
  }
}
