import assert from 'node:assert/strict';
import { test } from 'node:test';
import knex from 'knex';
import { down, up } from '#db/migrations/0015-whole-documents.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';

test('files and counts of before are kept, down and up again, and processes of before still store files', async () => {
  await using it = await createTestDatabase();
  const connection = knex({ client: 'pg', connection: it.url, pool: { min: 0, max: 1 } });
  try {
    const { document, userId } = await makeIngest(it);
    await it.sql(
      `insert into document_files (document_id, revision, user_id, assistant_id, source_type, filename, mime_type, size, sha256, content)
       select document_id, 2, user_id, assistant_id, source_type, 'next.txt', mime_type, 4, sha256(content), 'next'
       from document_files where document_id = $1`,
      [document.id],
    );
    await it.sql('update documents set live_revision = 1, revision = 2, chunk_count = 3 where id = $1', [
      document.id,
    ]);
    await connection.transaction((trx) => down(trx));
    // The live file is the one that stays.
    assert.deepEqual(await it.sql(`select convert_from(content, 'utf8') as text from document_files`), [
      { text: 'Donkeys dislike rain.' },
    ]);
    await connection.transaction((trx) => up(trx));
    const [file] = await it.sql('select revision, filename, size::int, sha256 from document_files');
    assert.deepEqual(file, {
      revision: 1,
      filename: 'notes.txt',
      size: 21,
      sha256: Buffer.from(document.sha256, 'hex'),
    });
    assert.deepEqual(await it.sql('select revision, chunk_count from document_revisions'), [
      { revision: 2, chunk_count: 3 },
    ]);
    await it.sql('delete from document_files');
    await it.sql('insert into document_files (document_id, user_id, content) values ($1, $2, $3)', [
      document.id,
      userId,
      'Donkeys dislike rain.',
    ]);
    assert.equal((await it.database.read.documentFiles.find(document.id, 1))?.filename, 'notes.txt');
  } finally {
    await connection.destroy();
  }
});

test('the whole schema goes down and up again', async () => {
  await using it = await createTestDatabase();
  const undone = await it.database.rollback();
  assert.ok(undone.length >= 3);
  assert.deepEqual(await it.database.migrate(), undone.toReversed());
});
