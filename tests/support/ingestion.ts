import assert from 'node:assert/strict';
import type { HttpClient, Json } from './http-client.ts';
import type { TestStage } from './test-stage.ts';
import { waitFor } from './wait-for.ts';

/** Waits until a job has ended and returns it. */
export async function endOfJob(client: HttpClient, jobId: string, timeoutMs = 60_000): Promise<Json> {
  return waitFor(
    async () => {
      const { status, body } = await client.get(`jobs/${jobId}`);
      assert.equal(status, 200, JSON.stringify(body));
      return body.data.finished_at === null ? undefined : body.data;
    },
    { description: `the end of job ${jobId}`, timeoutMs },
  );
}

export async function getDocument(client: HttpClient, id: string): Promise<Json> {
  const { status, body } = await client.get(`documents/${id}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body.data;
}

/** All chunks of a document, page after page. */
export async function allChunks(client: HttpClient, id: string): Promise<Json[]> {
  const chunks: Json[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { status, body } = await client.get(`documents/${id}/chunks?limit=100${more}`);
    assert.equal(status, 200, JSON.stringify(body));
    chunks.push(...body.data);
    cursor = body.meta.next_cursor;
  }
  return chunks;
}

/** Uploads that were accepted: ids of document and job. */
export function accepted(response: { status: number; headers: Headers; body: Json }): {
  documentId: string;
  jobId: string;
} {
  assert.equal(response.status, 202, JSON.stringify(response.body));
  const { document, job } = response.body.data;
  assert.equal(response.headers.get('location'), `/api/v1/jobs/${job.id}`);
  return { documentId: document.id, jobId: job.id };
}

export interface StoredCounts {
  readonly chunks: number;
  readonly vectors: number;
  /** Chunks that are marked as not embedded. */
  readonly failed: number;
  readonly texts: number;
  readonly files: number;
}

/** What the tables hold of a document. */
export async function storedOf({ sql }: Pick<TestStage, 'sql'>, documentId: string): Promise<StoredCounts> {
  const [counts] = await sql<StoredCounts>(
    `select (select count(*)::int from document_chunks where document_id = $1) as chunks,
       (select count(*)::int from chunk_embeddings where document_id = $1 and embedding is not null) as vectors,
       (select count(*)::int from chunk_embeddings where document_id = $1 and embedding is null) as failed,
       (select count(*)::int from document_texts where document_id = $1) as texts,
       (select count(*)::int from document_files where document_id = $1) as files`,
    [documentId],
  );
  return counts!;
}

/** Jobs tell what became of a document when it is gone, and the audit log who did it. */
const OUTLIVE_DOCUMENTS = ['jobs', 'canary_runs'];

/** Rows that belong to a document that was deleted, of every table that knows documents. */
export async function orphansOf({ sql }: Pick<TestStage, 'sql'>): Promise<string[]> {
  const tables = await sql<{ name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'document_id' order by 1`,
  );
  const orphans: string[] = [];
  for (const { name } of tables.filter((table) => !OUTLIVE_DOCUMENTS.includes(table.name))) {
    const rows = await sql(
      `select t.document_id from ${name} t where not exists
         (select from documents d where d.id = t.document_id and d.deleted_at is null)`,
    );
    if (rows.length > 0) orphans.push(`${name}: ${rows.length}`);
  }
  assert.ok(tables.length >= 5);
  return orphans;
}

/**
 * Holds a completed document against the tables: each chunk once and verbatim, each with one vector, the counters equal
 * to COUNT, all jobs succeeded, the statistics of text search equal to what is live.
 */
export async function assertComplete(
  { sql }: Pick<TestStage, 'sql'>,
  client: HttpClient,
  documentId: string,
): Promise<void> {
  const document = await getDocument(client, documentId);
  assert.equal(document.status, 'completed', JSON.stringify(document.error));
  const stored = await storedOf({ sql }, documentId);
  assert.ok(stored.chunks > 0);
  assert.equal(stored.chunks, document.chunk_count);
  assert.equal(stored.vectors, stored.chunks);
  assert.equal(stored.failed, 0);
  assert.equal(document.embedded_count, stored.vectors);
  const chunks = await allChunks(client, documentId);
  assert.deepEqual(
    chunks.map((chunk) => chunk.position),
    Array.from({ length: stored.chunks }, (_, position) => position),
  );
  assert.ok(chunks.every((chunk) => chunk.embedding_status === 'embedded'));
  await assertVerbatim(client, documentId, chunks);
  const unfinished = await sql(
    `select type, status from jobs where document_id = $1 and status <> 'succeeded'`,
    [documentId],
  );
  assert.deepEqual(unfinished, []);
  await assertStatistics({ sql });
}

/** Offsets are UTF-16 code units of the text that the API gives out. */
export async function assertVerbatim(
  client: HttpClient,
  documentId: string,
  chunks: readonly Json[],
): Promise<void> {
  const text = await client.get(`documents/${documentId}/text`);
  assert.equal(text.status, 200);
  for (const chunk of chunks)
    assert.equal(String(text.body).slice(chunk.char_start, chunk.char_end), chunk.text);
}

async function assertStatistics({ sql }: Pick<TestStage, 'sql'>): Promise<void> {
  const wrong = await sql(
    `with live as (
       select c.user_id, c.assistant_id, count(*)::int as chunks, sum(c.token_count)::int as tokens
       from document_chunks c join documents d on d.id = c.document_id and d.live_revision = c.revision
       group by c.user_id, c.assistant_id)
     select s.*, live.chunks, live.tokens from text_statistics s
     full join live on live.user_id = s.user_id and live.assistant_id = s.assistant_id
     where coalesce(s.chunk_count, 0) <> coalesce(live.chunks, 0)
       or coalesce(s.token_count, 0) <> coalesce(live.tokens, 0)`,
  );
  assert.deepEqual(wrong, []);
}
