import type { Knex } from 'knex';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** One document on its way through the product. */
export interface CanaryRun {
  readonly id: string;
  /** Null when somebody has deleted it. */
  readonly documentId: string | null;
  readonly startedAt: Date;
}

export interface CanaryHealth {
  /** When the last document was found; null before the first. */
  readonly lastFoundAt: Date | null;
  /** From its upload to being found, in seconds. */
  readonly lastDelaySeconds: number | null;
  /** When the first one was sent that nothing came of; null when the last one was found. */
  readonly missingSince: Date | null;
}

/** What waits in the whole installation. */
export interface Backlog {
  /** Documents that were accepted and have not ended. */
  readonly unfinishedIngests: number;
  /** By queue: seconds for which the job that has waited longest has been due. */
  readonly oldestQueuedSeconds: ReadonlyMap<string, number>;
}

export interface CanaryReader {
  health(): Promise<CanaryHealth>;
  isUnderWay(): Promise<boolean>;
  backlog(): Promise<Backlog>;
}

export interface CanaryWriter {
  start(run: { readonly id: string; readonly documentId: string }): Promise<void>;
  /** The run that is under way, unless another worker is just looking at it. */
  lockOpen(): Promise<CanaryRun | undefined>;
  /** @param error why it was not found; null when it was */
  finish(id: string, at: Date, error: string | null): Promise<void>;
  /** Removes a document of the product's own account, with its jobs. */
  forget(documentId: string): Promise<void>;
}

export function canaryReader(connection: Knex): CanaryReader {
  return {
    health: async () => {
      const { rows } = await connection.raw<{ rows: Row[] }>(
        `with found as (
           select started_at, finished_at from canary_runs where finished_at is not null and error is null
           order by started_at desc limit 1)
         select f.finished_at as last_found_at,
           extract(epoch from f.finished_at - f.started_at)::float8 as last_delay_seconds,
           (select min(r.started_at) from canary_runs r
             where r.started_at > coalesce(f.started_at, '-infinity')) as missing_since
         from (select 1) one left join found f on true`,
      );
      return fromRow<CanaryHealth>(rows[0] ?? {});
    },
    isUnderWay: async () =>
      (await connection('canary_runs').whereNull('finished_at').first<Row | undefined>('id')) !== undefined,
    backlog: async () => {
      const { rows } = await connection.raw<{ rows: { count: number }[] }>(
        `select count(*) from jobs where type = 'document.ingest' and status in ('queued', 'running')`,
      );
      const oldest = await connection.raw<{ rows: { queue: string; seconds: number }[] }>(
        `select queue, extract(epoch from now() - min(greatest(run_at, created_at)))::float8 as seconds
         from jobs where status = 'queued' and queue is not null and run_at <= now() group by queue`,
      );
      return {
        unfinishedIngests: rows[0]?.count ?? 0,
        oldestQueuedSeconds: new Map(oldest.rows.map(({ queue, seconds }) => [queue, seconds])),
      };
    },
  };
}

export function canaryWriter(trx: Knex.Transaction): CanaryWriter {
  return {
    start: async ({ id, documentId }) => {
      await trx('canary_runs').insert({ id, document_id: documentId });
    },
    lockOpen: async () => {
      const row = await trx('canary_runs')
        .whereNull('finished_at')
        .forUpdate()
        .skipLocked()
        .first<Row | undefined>('id', 'document_id', 'started_at');
      return row && fromRow<CanaryRun>(row);
    },
    finish: async (id, at, error) => {
      await trx('canary_runs').where({ id }).update({ finished_at: at, error });
    },
    forget: async (documentId) => {
      await trx('documents')
        .where('id', documentId)
        .whereIn('user_id', trx('users').where('is_system', true).select('id'))
        .delete();
    },
  };
}
