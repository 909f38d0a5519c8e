import type { Knex } from 'knex';

/**
 * Makes the row of a document say what its live revision is, or the one being made until there is a live one: file,
 * pages and counts. A file belongs to its revision and to all later ones up to the next file.
 */
export async function describeDocument(trx: Knex.Transaction, documentId: string): Promise<void> {
  await trx.raw(
    `update documents d set page_count = r.page_count, pages_without_text = r.pages_without_text,
       pages_failed = r.pages_failed, chunk_count = r.chunk_count, embedded_count = r.embedded_count,
       state = state + 1, updated_at = now()
     from document_revisions r
     where d.id = ? and r.document_id = d.id and r.revision = coalesce(d.live_revision, d.revision)
       and (d.page_count, d.pages_without_text, d.pages_failed, d.chunk_count, d.embedded_count)
         is distinct from (r.page_count, r.pages_without_text, r.pages_failed, r.chunk_count, r.embedded_count)`,
    [documentId],
  );
  await trx.raw(
    `update documents d set source_type = f.source_type, filename = f.filename, mime_type = f.mime_type,
       size = f.size, sha256 = f.sha256, state = state + 1, updated_at = now()
     from (select source_type, filename, mime_type, size, sha256 from document_files
       where document_id = :documentId
         and revision <= (select coalesce(live_revision, revision) from documents where id = :documentId)
       order by revision desc limit 1) f
     where d.id = :documentId and (d.sha256, d.filename) is distinct from (f.sha256, f.filename)`,
    { documentId },
  );
}

export interface RevisionCounts {
  readonly pages_failed: readonly number[];
  readonly chunk_count: number;
  /** Chunks with a vector of the model. */
  readonly embedded_count: number;
}

/**
 * Counts chunks and vectors of the revision that is being made. Where a process of the version before read the file, what
 * it says of the pages stands in the document's row alone.
 */
export async function countRevision(
  trx: Knex.Transaction,
  documentId: string,
  modelId: number | null,
): Promise<RevisionCounts> {
  const { rows } = await trx.raw<{ rows: RevisionCounts[] }>(
    `insert into document_revisions as r (document_id, revision, user_id, page_count, pages_without_text, pages_failed,
       chunk_count, embedded_count)
     select d.id, d.revision, d.user_id, d.page_count, d.pages_without_text, d.pages_failed, n.chunks, n.embedded
     from documents d cross join lateral (
       select count(*) as chunks, count(e.chunk_id) as embedded
       from document_chunks c
       left join chunk_embeddings e on e.chunk_id = c.id and e.model_id = :modelId and e.status = 'embedded'
       where c.document_id = d.id and c.revision = d.revision) n
     where d.id = :documentId
     on conflict (document_id, revision) do update set
       chunk_count = excluded.chunk_count, embedded_count = excluded.embedded_count,
       embed_finished_at = case when excluded.embedded_count < excluded.chunk_count then null
         else coalesce(r.embed_finished_at, now()) end,
       page_count = case when r.chunk_finished_at is null then excluded.page_count else r.page_count end,
       pages_without_text = case when r.chunk_finished_at is null then excluded.pages_without_text
         else r.pages_without_text end,
       pages_failed = case when r.chunk_finished_at is null then excluded.pages_failed else r.pages_failed end
     returning pages_failed, chunk_count, embedded_count`,
    { documentId, modelId },
  );
  await describeDocument(trx, documentId);
  return rows[0] ?? { pages_failed: [], chunk_count: 0, embedded_count: 0 };
}
