import type { Knex } from 'knex';

/** Where a primary stands in its write-ahead log, in bytes from the beginning, and which cluster it is. */
export interface PrimaryState {
  readonly position: bigint;
  readonly cluster: string;
}

/**
 * Where a primary stands: whatever a client has been told is committed lies before it. Without synchronous_commit the
 * word may go out before anything is written, and then what is inserted counts.
 */
export async function askPrimary(connection: Knex): Promise<PrimaryState> {
  const { rows } = await connection.raw<{ rows: [{ position: string; cluster: string }] }>(
    `select ((case when current_setting('synchronous_commit') = 'off' then pg_current_wal_insert_lsn()
        else pg_current_wal_lsn() end) - '0/0'::pg_lsn)::text as position,
      (select system_identifier from pg_control_system())::text as cluster`,
  );
  return { position: BigInt(rows[0].position), cluster: rows[0].cluster };
}

/**
 * How far a standby has replayed the log of its primary; everything before is visible there.
 *
 * @throws Error for a server that is no standby, as one is that was promoted, or one of another cluster
 */
export async function askStandby(connection: Knex, cluster: string): Promise<bigint> {
  const { rows } = await connection.raw<{
    rows: [{ standby: boolean; position: string | null; cluster: string }];
  }>(
    `select pg_is_in_recovery() as standby, (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::text as position,
      (select system_identifier from pg_control_system())::text as cluster`,
  );
  const [state] = rows;
  if (!state.standby || state.position === null) throw new Error('it is no standby');
  if (state.cluster !== cluster) throw new Error('it follows another primary');
  return BigInt(state.position);
}

/**
 * Makes a question that is under way once at a time: who asks meanwhile shares the next answer, never one that was asked for
 * before.
 */
export function shared<A extends unknown[], T>(ask: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  let running: Promise<unknown> | undefined;
  let next: Promise<T> | undefined;
  const start = (...args: A): Promise<T> => {
    const answer = ask(...args);
    const done = answer
      .catch(() => undefined)
      .then(() => {
        if (running === done) running = undefined;
      });
    running = done;
    return answer;
  };
  return (...args) => {
    if (running === undefined) return start(...args);
    next ??= running.then(() => {
      next = undefined;
      return start(...args);
    });
    return next;
  };
}
