import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { fromBufferPromise } from 'yauzl';
import { exportedTables, notExported } from '#db/account-tables.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';
import { exportAccount } from '#worker/maintenance/export-account.ts';

suite('the export of an account', () => {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase();
  });
  after(() => db[Symbol.asyncDispose]());

  const logger = createLogger({ level: 'silent', service: 'test' });

  /** Asks for an export and runs its job, as a worker does. */
  async function makeExport(userId: string, during: () => void = () => {}): Promise<string> {
    const { exportId, jobId } = await db.database.transaction(async (tx) => {
      await tx.accountExports.replace(userId);
      const id = await tx.accountExports.insert(userId);
      const [job] = await tx.jobs.insert([
        { type: 'account.export' as const, userId, payload: { export_id: id } },
      ]);
      await tx.accountExports.assign(id, job!.id);
      return { exportId: id, jobId: job!.id };
    });
    const claimed = await db.database.ledger.claim(jobId, 60_000);
    assert.ok(claimed.kind === 'claimed');
    const config = { account: { deletionGraceDays: 14, exportTtlHours: 24, exportsPerDay: 5 } };
    await exportAccount({ database: db.database, config })(
      { export_id: exportId },
      { claim: claimed.claim, signal: new AbortController().signal, logger, report: during },
    );
    return exportId;
  }

  async function bytesOf(userId: string, exportId: string): Promise<Buffer> {
    const found = await db.database.read.accountExports.find(userId, exportId);
    assert.equal(found?.status, 'ready');
    const bytes = await buffer(db.database.read.accountExports.content(found));
    assert.equal(bytes.length, found.size);
    return bytes;
  }

  /** Path -> bytes of the entries of a zip; the reader checks their sums. */
  async function unzip(bytes: Buffer): Promise<Map<string, Buffer>> {
    const zip = await fromBufferPromise(bytes);
    const entries = new Map<string, Buffer>();
    for await (const entry of zip.eachEntry())
      entries.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
    return entries;
  }

  test('every table with a user_id is in it or left out for a reason, and nothing else is named', async (t) => {
    const tables = await db.sql<{ name: string }>(
      `select table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
       where c.table_schema = 'public' and c.column_name = 'user_id' and t.table_type = 'BASE TABLE'`,
    );
    const named = [...Object.keys(exportedTables), ...Object.keys(notExported)].sort();
    assert.deepEqual(named, [...tables.map(({ name }) => name), 'users'].sort());
    t.diagnostic(`${tables.length} tables with a user_id: ${Object.keys(notExported).length} left out`);
  });

  test('no column whose name speaks of a secret is in it', async () => {
    const columns = await db.sql<{ table: string; column: string }>(
      `select table_name as table, column_name as column from information_schema.columns
       where table_schema = 'public' and column_name ~ '(hash|secret|salt|password|cipher|wrapped|token)'`,
    );
    const shown = columns.filter(
      ({ table, column }) => exportedTables[table] && !exportedTables[table].without?.includes(column),
    );
    const harmless = [
      'completion_usage.tokens',
      'document_chunks.token_count',
      'embedding_usage.tokens',
      'memories.token_count',
      'messages.completion_tokens',
      'messages.prompt_tokens',
      'messages.tokens_estimated',
      'reflections.completion_tokens',
      'reflections.prompt_tokens',
      'user_quotas.completion_tokens_per_day',
      'user_quotas.embedding_tokens_per_day',
    ];
    assert.deepEqual(shown.map(({ table, column }) => `${table}.${column}`).sort(), harmless);
  });

  test('it holds the rows and files of its owner, byte for byte, and of nobody else', async () => {
    const mine = await makeIngest(db);
    const other = await makeIngest(db);
    await db.sql(`update document_files set filename = '../../etc/pass\\wd' where document_id = $1`, [
      mine.document.id,
    ]);
    const entries = await unzip(await bytesOf(mine.userId, await makeExport(mine.userId)));
    const rows = (table: string) =>
      entries
        .get(`${table}.ndjson`)!
        .toString()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    assert.deepEqual(
      rows('users').map((row) => row.id),
      [mine.userId],
    );
    assert.equal(rows('users')[0].password_hash, undefined);
    assert.deepEqual(
      rows('documents').map((row) => row.id),
      [mine.document.id],
    );
    assert.equal(rows('jobs').length, 3);
    const file = entries.get(`files/${mine.document.id}-.._.._etc_pass_wd`);
    assert.equal(file?.toString(), 'Donkeys dislike rain.');
    for (const [name, bytes] of entries) assert.ok(!bytes.includes(other.userId), name);
  });

  test('memory does not grow with the account: 200 MB of files and 20,000 rows', async (t) => {
    const { userId, document } = await makeIngest(db);
    await db.sql(
      `insert into documents (id, user_id, assistant_id, title, source_type, filename, mime_type, size, sha256, language)
       select gen_random_uuid(), $1, $2, 'Big', 'pdf', 'big.pdf', 'application/pdf', 8388608,
         sha256(n::text::bytea), 'english' from generate_series(1, 25) n`,
      [userId, document.assistantId],
    );
    await db.sql(
      `with piece as materialized (
         select string_agg(sha256(n::text::bytea), '') as content from generate_series(1, 262144) n)
       insert into document_files (document_id, user_id, content)
       select id, user_id, content from documents cross join piece where title = 'Big' and user_id = $1`,
      [userId],
    );
    await db.sql(
      `insert into retrievals (id, user_id, mode, hit_count, passed, took_ms)
       select gen_random_uuid(), $1, 'text', 1, true, 1 from generate_series(1, 20000)`,
      [userId],
    );
    let most = 0;
    const before = process.memoryUsage.rss();
    const exportId = await makeExport(userId, () => {
      most = Math.max(most, process.memoryUsage.rss() - before);
    });
    const found = await db.database.read.accountExports.find(userId, exportId);
    t.diagnostic(
      `${found!.size} bytes exported, resident memory grew by at most ${Math.round(most / 2 ** 20)} MiB`,
    );
    assert.ok(found!.size! > 200 * 2 ** 20);
    assert.ok(most < 180 * 2 ** 20, `${most} bytes more`);
    const [stored] = await db.sql<{ bytes: string; largest: number }>(
      `select sum(length(content)) as bytes, max(length(content)) as largest from account_export_parts
       where export_id = $1`,
      [exportId],
    );
    assert.equal(Number(stored!.bytes), found!.size);
    assert.ok(stored!.largest <= 2 * 2 ** 20);
  });

  test('a second attempt leaves only its own parts; a new export takes the place of the old one', async () => {
    const { userId } = await makeIngest(db);
    const first = await makeExport(userId);
    await db.database.transaction((tx) =>
      tx.accountExports.addPart({
        exportId: first,
        userId,
        fence: 99,
        position: 0,
        content: Buffer.from('x'),
      }),
    );
    await db.database.transaction((tx) =>
      tx.accountExports.complete(first, { fence: 99, size: 1, ttlHours: 1 }),
    );
    const parts = await db.sql('select distinct fence from account_export_parts where export_id = $1', [
      first,
    ]);
    assert.deepEqual(parts, [{ fence: '99' }]);
    const second = await makeExport(userId);
    const list = await db.database.read.accountExports.list(userId);
    assert.deepEqual(
      list.map(({ id }) => id),
      [second],
    );
    assert.equal(await db.database.read.accountExports.find(userId, first), undefined);
    assert.equal(await db.database.read.accountExports.find(uuidv7(), second), undefined);
  });
});
