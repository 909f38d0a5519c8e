import type { Knex } from 'knex';
import { onlyRow } from '../../rows.ts';

/** How much of a kind was made in a time, and in the equal time before it. */
export interface Growth {
  readonly what: string;
  readonly total: number;
  readonly made: number;
  readonly madeBefore: number;
}

export interface QueueUse {
  /** Jobs by status. */
  readonly jobs: Readonly<Record<string, number>>;
  /** How long the oldest job that is due has waited, in seconds; null where none waits. */
  readonly oldestDueSeconds: number | null;
  /** Dead jobs that nobody has looked after. */
  readonly deadLetters: number;
  /** Of attempts that ended in the time, in seconds; null where none did. */
  readonly runP95Seconds: number | null;
}

export interface ResourceUse {
  readonly databaseBytes: number;
  readonly connections: number;
  readonly maxConnections: number;
  /** Of reads of blocks that were found in memory, 0..1; null where nothing was read. */
  readonly cacheHitRatio: number | null;
  readonly growth: readonly Growth[];
  readonly queue: QueueUse;
}

/** What is used now, and what was made since a time and in as long before it. */
export async function resourceUse(connection: Knex, since: Date, before: Date): Promise<ResourceUse> {
  const { rows: server } = await connection.raw<{ rows: Omit<ResourceUse, 'growth' | 'queue'>[] }>(
    `select pg_database_size(current_database()) as "databaseBytes",
       (select count(*) from pg_stat_activity where datname = current_database()) as connections,
       current_setting('max_connections')::int as "maxConnections",
       (select blks_hit::float8 / nullif(blks_hit + blks_read, 0) from pg_stat_database where datname = current_database())
         as "cacheHitRatio"`,
  );
  return {
    ...onlyRow(server),
    growth: await growthSince(connection, since, before),
    queue: await queueUse(connection, since),
  };
}

/** Of rows that were deleted meanwhile nothing is known. */
async function growthSince(connection: Knex, since: Date, before: Date): Promise<Growth[]> {
  const { rows } = await connection.raw<{ rows: Growth[] }>(
    `select what, count(*) as total, count(*) filter (where created_at >= :since) as made,
       count(*) filter (where created_at >= :before and created_at < :since) as "madeBefore"
     from (select 'accounts' as what, created_at from users where not is_system
       union all select 'assistants', created_at from assistants
       union all select 'documents', created_at from documents where deleted_at is null
       union all select 'passages', d.created_at from document_chunks c join documents d on d.id = c.document_id
       union all select 'memories', created_at from memories
       union all select 'messages', created_at from messages
       union all select 'reflections', created_at from reflections
       union all select 'searches', created_at from retrievals) things
     group by what order by what`,
    { since, before },
  );
  return rows;
}

async function queueUse(connection: Knex, since: Date): Promise<QueueUse> {
  const { rows: byStatus } = await connection.raw<{ rows: { status: string; count: number }[] }>(
    'select status, count(*) as count from jobs group by status order by status',
  );
  const { rows } = await connection.raw<{ rows: Omit<QueueUse, 'jobs'>[] }>(
    `select
       (select extract(epoch from now() - min(run_at))::float8 from jobs
         where status = 'queued' and queue is not null and run_at <= now()) as "oldestDueSeconds",
       (select count(*) from jobs where status = 'dead' and discarded_at is null) as "deadLetters",
       (select percentile_cont(0.95) within group (order by extract(epoch from ended_at - started_at))
         from job_attempts where ended_at >= ?) as "runP95Seconds"`,
    [since],
  );
  return { ...onlyRow(rows), jobs: Object.fromEntries(byStatus.map(({ status, count }) => [status, count])) };
}
