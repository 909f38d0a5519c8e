import type { Knex } from 'knex';
import type { Job, JobFailure, JobProgress, JobStatus } from '#shared/domain/types.ts';

/** What a job shows of itself: its own progress, or for a group that of its parts. */
export interface ShownProgress {
  readonly progress: JobProgress;
  /** When the current stage began; null before the first. */
  readonly stageStartedAt: Date | null;
  /** The last failed attempt of a part that will be tried again. */
  readonly retryError: JobFailure | null;
  /** Grows with every change of the job or its parts. */
  readonly state: number;
}

export interface JobProgressReader {
  /** Progress of each of the jobs, by id, in a number of statements that does not depend on how many there are. */
  of(jobs: readonly Job[]): Promise<Map<string, ShownProgress>>;
}

interface PartsRow {
  readonly parent_id: string;
  readonly state: number;
  readonly chunk_status: JobStatus | null;
  readonly chunk_progress: JobProgress | Record<string, never> | null;
  readonly chunk_started_at: Date | null;
  readonly chunk_finished_at: Date | null;
  readonly verify_status: JobStatus | null;
  readonly verify_changed_at: Date | null;
  readonly retry_error: JobFailure | null;
  readonly chunk_count: number | null;
  readonly embedded_count: number | null;
}

export function jobProgressReader(connection: Knex): JobProgressReader {
  return {
    of: async (jobs) => {
      const groups = jobs.filter((job) => job.queue === null).map((job) => job.id);
      const parts = new Map((await readParts(connection, groups)).map((row) => [row.parent_id, row]));
      return new Map(jobs.map((job) => [job.id, show(job, parts.get(job.id))]));
    },
  };
}

async function readParts(connection: Knex, groups: readonly string[]): Promise<PartsRow[]> {
  if (groups.length === 0) return [];
  const { rows } = await connection.raw<{ rows: PartsRow[] }>(
    `select p.parent_id, sum(p.state)::bigint as state,
       max(p.status) filter (where p.type = 'document.chunk') as chunk_status,
       (jsonb_agg(p.progress) filter (where p.type = 'document.chunk')) -> 0 as chunk_progress,
       max(p.started_at) filter (where p.type = 'document.chunk') as chunk_started_at,
       max(p.finished_at) filter (where p.type = 'document.chunk') as chunk_finished_at,
       max(p.status) filter (where p.type = 'document.verify') as verify_status,
       max(p.updated_at) filter (where p.type = 'document.verify') as verify_changed_at,
       (jsonb_agg(p.error order by p.updated_at desc)
         filter (where p.status = 'queued' and p.error is not null)) -> 0 as retry_error,
       max(coalesce(r.chunk_count, d.chunk_count)) as chunk_count,
       max(coalesce(r.embedded_count, d.embedded_count)) as embedded_count
     from jobs p left join documents d on d.id = p.document_id
     left join document_revisions r on r.document_id = d.id and r.revision = d.revision
     where p.parent_id = any(?::uuid[]) group by p.parent_id`,
    [[...groups]],
  );
  return rows;
}

function show(job: Job, parts: PartsRow | undefined): ShownProgress {
  if (parts === undefined)
    return {
      progress: job.progress ?? { stage: job.status, done: 0, total: null },
      stageStartedAt: job.startedAt,
      retryError: job.status === 'queued' ? job.error : null,
      state: job.state,
    };
  const { progress, since } = stageOf(job, parts);
  return { progress, stageStartedAt: since, retryError: parts.retry_error, state: job.state + parts.state };
}

/** The stages of an ingestion are `queued`, `extract`, `chunk`, `embed`, `verify` and its final status. */
function stageOf(job: Job, parts: PartsRow): { progress: JobProgress; since: Date | null } {
  const chunks = parts.chunk_count ?? 0;
  const embedded = parts.embedded_count ?? 0;
  if (job.finishedAt !== null)
    return { progress: { stage: job.status, done: embedded, total: chunks }, since: job.startedAt };
  if (parts.verify_status === 'queued' || parts.verify_status === 'running')
    return { progress: { stage: 'verify', done: 0, total: 1 }, since: parts.verify_changed_at };
  if (parts.chunk_status === 'succeeded')
    return {
      progress: { stage: 'embed', done: embedded, total: chunks },
      // A retry begins long after the chunks were made.
      since: latest(parts.chunk_finished_at, job.startedAt),
    };
  const reported = parts.chunk_progress;
  if (reported !== null && 'stage' in reported && parts.chunk_status === 'running')
    return { progress: reported as JobProgress, since: parts.chunk_started_at };
  const stage = parts.chunk_status === 'running' ? 'extract' : 'queued';
  return { progress: { stage, done: 0, total: null }, since: parts.chunk_started_at };
}

const latest = (a: Date | null, b: Date | null): Date | null =>
  a !== null && b !== null && a < b ? b : (a ?? b);
