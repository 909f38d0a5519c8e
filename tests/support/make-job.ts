import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Document, Job } from '#shared/domain/types.ts';
import type { TestDatabase } from './test-database.ts';

/** Rows of a document that is being taken in. */
export interface MadeIngest {
  readonly userId: string;
  readonly document: Document;
  readonly ingest: Job;
  readonly chunk: Job;
}

/** Stores a user, an assistant and a document with its two first jobs, as an upload does, without any queue. */
export async function makeIngest({
  database,
  sql,
}: Pick<TestDatabase, 'database' | 'sql'>): Promise<MadeIngest> {
  const userId = uuidv7();
  const assistantId = uuidv7();
  const name = `u-${randomBytes(6).toString('hex')}`;
  await sql('insert into users (id, username, email, password_hash) values ($1, $2, $3, $4)', [
    userId,
    name,
    `${name}@example.org`,
    'none',
  ]);
  await sql('insert into assistants (id, user_id, slug, name) values ($1, $2, $3, $3)', [
    assistantId,
    userId,
    name,
  ]);
  return database.transaction(async (tx) => {
    const document = await tx.documents.insert({
      id: uuidv7(),
      userId,
      assistantId,
      title: 'Notes',
      sourceType: 'text',
      filename: 'notes.txt',
      mimeType: 'text/plain',
      sha256: randomBytes(32),
      language: 'english',
      tags: [],
      content: Buffer.from('Donkeys dislike rain.'),
    });
    if (document === undefined) throw new Error('the document was not stored');
    const common = { userId, documentId: document.id, payload: { document_id: document.id, revision: 1 } };
    const [ingest] = await tx.jobs.insert([{ ...common, type: 'document.ingest' as const }]);
    if (ingest === undefined) throw new Error('no job was stored');
    const [chunk] = await tx.jobs.insert([
      { ...common, type: 'document.chunk' as const, parentId: ingest.id },
    ]);
    if (chunk === undefined) throw new Error('no job was stored');
    return { userId, document, ingest, chunk };
  });
}
