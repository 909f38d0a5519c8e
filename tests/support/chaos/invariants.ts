import { queueNames } from '#shared/queue/catalog.ts';
import type { TestDatabase } from '../test-database.ts';
import { openRedis } from './faults.ts';

type Sql = TestDatabase['sql'];

/** A document as it came out of a run. */
export interface DocumentEnd {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly code: string | null;
  readonly chunks: number;
  /** SHA-256 over all that its chunks hold, vectors and lexemes included. */
  readonly digest: string;
}

export const documentEnds = (sql: Sql): Promise<DocumentEnd[]> =>
  sql<DocumentEnd>(
    `select d.id, d.title, d.status, d.error->>'code' as code, count(c.id)::int as chunks,
       encode(sha256(convert_to(coalesce(string_agg(
         concat_ws('|', c.position, c.text, c.page_from, c.page_to, c.char_start, c.char_end, c.token_count,
           c.fingerprint, c.search_vector, e.status, e.embedding),
         e'\\n' order by c.position), ''), 'UTF8')), 'hex') as digest
     from documents d
     left join document_chunks c on c.document_id = d.id and c.revision = d.live_revision
     left join chunk_embeddings e on e.chunk_id = c.id
     where d.deleted_at is null
     group by d.id`,
  );

/** What must not be found once a run is over: each query has one row for every violation. */
const VIOLATIONS: Readonly<Record<string, string>> = {
  'documents twice': 'select title from documents group by assistant_id, title having count(*) > 1',
  'chunks twice':
    'select document_id, position from document_chunks group by document_id, revision, position having count(*) > 1',
  'chunks beside the live ones': `select c.id from document_chunks c join documents d on d.id = c.document_id
     where d.live_revision is not null and c.revision <> d.live_revision`,
  'vectors twice': `select c.document_id, c.position from chunk_embeddings e join document_chunks c on c.id = e.chunk_id
     group by c.document_id, c.revision, c.position, e.model_id having count(*) > 1`,
  'vectors without a chunk':
    'select e.chunk_id from chunk_embeddings e left join document_chunks c on c.id = e.chunk_id where c.id is null',
  'chunks without a vector': `select c.id from document_chunks c join documents d on d.id = c.document_id
     left join chunk_embeddings e on e.chunk_id = c.id and e.embedding is not null
     where d.status = 'completed' and e.chunk_id is null`,
  'counters that drifted': `select d.id from documents d
     left join lateral (select count(*) as chunks, count(e.embedding) as vectors from document_chunks c
       left join chunk_embeddings e on e.chunk_id = c.id where c.document_id = d.id) as stored on true
     where d.status <> 'failed' and (d.chunk_count, d.embedded_count) is distinct from (stored.chunks, stored.vectors)`,
  'texts without a document or of an old revision': `select t.document_id from document_texts t
     left join documents d on d.id = t.document_id where d.id is null or t.revision > d.revision`,
  'documents without their bytes': `select d.id from documents d left join document_files f on f.document_id = d.id
     where d.deleted_at is null and f.document_id is null`,
  'bytes without a document': `select f.document_id from document_files f
     left join documents d on d.id = f.document_id where d.id is null or d.deleted_at is not null`,
  'jobs without a document': `select j.id from jobs j left join documents d on d.id = j.document_id
     where j.type like 'document.%' and d.id is null`,
  'parts without their group': `select j.id from jobs j left join jobs g on g.id = j.parent_id
     where j.type in ('document.chunk', 'document.embed') and g.id is null`,
  'batches twice': `select document_id from jobs where type = 'document.embed'
     group by document_id, payload having count(*) > 1`,
  'failures without a reason': `select id from documents
     where status in ('failed', 'partial') and (error->>'code') is null`,
  'ended jobs that are still leased': `select id from jobs
     where status not in ('queued', 'running') and (lease_expires_at is not null or finished_at is null)`,
  'statistics of search that are wrong': `with live as (
       select c.user_id, c.assistant_id, count(*) as chunks, sum(c.token_count) as tokens
       from document_chunks c join documents d on d.id = c.document_id and d.live_revision = c.revision
       group by c.user_id, c.assistant_id)
     select 1 from text_statistics s full join live on live.user_id = s.user_id and live.assistant_id = s.assistant_id
     where (coalesce(s.chunk_count, 0), coalesce(s.token_count, 0))
       is distinct from (coalesce(live.chunks, 0), coalesce(live.tokens, 0))`,
};

/** Looks for everything that must not be; returns what was found, in words. */
export async function findViolations(sql: Sql): Promise<string[]> {
  const found: string[] = [];
  for (const [name, query] of Object.entries(VIOLATIONS)) {
    const rows = await sql(query);
    if (rows.length > 0) found.push(`${name}: ${rows.length}, such as ${JSON.stringify(rows[0])}`);
  }
  return found;
}

/** Jobs that the table says are still to be done. */
export async function openJobs(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }>(
    `select count(*)::int as count from jobs where status in ('queued', 'running')`,
  );
  return row?.count ?? 0;
}

const JOB_OR_LIST = new RegExp(
  `:(${queueNames.join('|')}):([0-9a-f]{8}-[0-9a-f-]{27,}|wait|active|delayed|prioritized|paused|completed|failed)$`,
);

/** Keys of the queues that hold jobs: none when every queue is empty. */
export async function queueLeftovers(redisUrl: string, prefix: string): Promise<string[]> {
  await using redis = await openRedis(redisUrl);
  const left: string[] = [];
  for await (const keys of redis.client.scanIterator({ MATCH: `${prefix}:*`, COUNT: 500 }))
    left.push(...keys.filter((key) => JOB_OR_LIST.test(key)));
  return left;
}

/** What differs between a run under faults and a calm one of the same documents. */
export function differences(
  ends: readonly DocumentEnd[],
  calm: readonly DocumentEnd[],
): { readonly equal: number; readonly faults: string[] } {
  const expected = new Map(calm.map((document) => [document.title, document]));
  const faults: string[] = [];
  let equal = 0;
  for (const document of ends) {
    const other = expected.get(document.title);
    if (other === undefined) faults.push(`${document.title} is not in the calm run`);
    // What failed for a reason of its own is not compared: it was told.
    else if (document.status === 'failed' && other.status !== 'failed') continue;
    else if (document.status !== other.status || document.digest !== other.digest)
      faults.push(`${document.title}: ${describe(document)}, in the calm run ${describe(other)}`);
    else equal += 1;
  }
  return { equal, faults };
}

const describe = ({ status, code, chunks, digest }: DocumentEnd): string =>
  `${status} ${code ?? ''} ${chunks} chunks ${digest.slice(0, 12)}`;
