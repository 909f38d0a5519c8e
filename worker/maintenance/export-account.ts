import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Database } from '#db/database.ts';
import type { AccountSnapshot } from '#db/queries/account-snapshot.ts';
import type { Config } from '#shared/config/config.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';

export interface ExportAccountDeps {
  readonly database: Database;
  readonly config: Pick<Config, 'account'>;
}

/** Size of the stored parts of a zip: what is held in memory does not depend on the size of the account. */
const PART_BYTES = 1024 * 1024;

/** `account.export`: all rows of an account as NDJSON and all original files, in one zip in the database. */
export function exportAccount({ database, config }: ExportAccountDeps): JobHandler<'account.export'> {
  return async ({ export_id: exportId }, context) => {
    const { claim, signal } = context;
    const { userId } = claim.job;
    await using snapshot = await database.read.accountExports.snapshot(userId);
    const zip = await packSnapshot(snapshot, signal);
    let size = 0;
    let position = 0;
    for await (const content of inParts(zip, PART_BYTES)) {
      signal.throwIfAborted();
      await database.transaction(async (tx) => {
        // Nothing is added to an export that was cancelled, or what was cleared away would come back.
        await tx.jobs.assertClaimed(claim);
        await tx.accountExports.addPart({ exportId, userId, fence: claim.fence, position, content });
      });
      position += 1;
      size += content.length;
      context.report({ stage: 'export', done: position, total: null });
    }
    signal.throwIfAborted();
    await database.transaction(async (tx) => {
      await tx.jobs.assertClaimed(claim);
      const { exportTtlHours: ttlHours } = config.account;
      await tx.accountExports.complete(exportId, { fence: claim.fence, size, ttlHours });
      await tx.jobs.succeed(claim, { export_id: exportId, size });
    });
  };
}

/** The zip as a stream; each of its entries is read only when its turn comes. */
async function packSnapshot(snapshot: AccountSnapshot, signal: AbortSignal): Promise<Readable> {
  const zip = new ZipFile();
  const output = Readable.from(zip.outputStream, { objectMode: false });
  zip.on('error', (error: Error) => output.destroy(error));
  signal.addEventListener('abort', () => output.destroy(signal.reason as Error), { once: true });
  const add = (path: string, source: () => AsyncIterable<string | Buffer>, options: object): void =>
    zip.addReadStreamLazy(path, options, (done) => {
      done(null, Readable.from(source(), { objectMode: false }));
    });
  // Sizes are not known beforehand, so these entries are given room for any.
  for (const table of snapshot.tables)
    add(`${table}.ndjson`, () => snapshot.lines(table), { forceZip64Format: true });
  let before: string | undefined;
  for (const file of await snapshot.files()) {
    const { documentId, revision, filename, size, sourceType } = file;
    const id = documentId === before ? `${documentId}-${revision}` : documentId;
    before = documentId;
    // What is in a PDF is compressed already.
    add(`files/${id}-${entryName(filename)}`, () => snapshot.content(file), {
      size,
      compress: sourceType === 'text',
    });
  }
  zip.end({ forceZip64Format: false, comment: '' });
  return output;
}

/** A file name that is one step of a path everywhere. */
const entryName = (filename: string): string => filename.replace(/[/\\:\p{Cc}]/gu, '_');

/** The bytes of a stream in parts of one size; the last may be smaller. */
async function* inParts(source: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of source) {
    pieces.push(piece);
    length += piece.length;
    if (length < bytes) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(pieces);
}
