import type { SettingName } from './settings.ts';

/** How PostgreSQL is reached, and for how long anything is waited for. */
export interface DatabaseConfig {
  readonly url: string;
  /** Past a pooler, for what needs a session of its own; the same as `url` where there is no pooler. */
  readonly directUrl: string;
  /** Servers that follow the one of `url`; the API alone reads from them. */
  readonly replicaUrls: readonly string[];
  /** Longest time a read waits for a replica that is a little behind, in ms. */
  readonly replicaWaitMs: number;
  /** Most connections of an API process to one server. */
  readonly poolMax: number;
  /** The same of a worker. */
  readonly workerPoolMax: number;
  /** `transaction`: connections are those of a pooler, which lends them for one transaction each. */
  readonly pooler: 'none' | 'transaction';
  readonly connectTimeoutMs: number;
  /** How long one waits for a server that refuses connections, as while it is restarted. */
  readonly restartWaitMs: number;
  /** How long a connection is kept that nobody uses. */
  readonly idleConnectionMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
}

type Get = <T>(name: SettingName) => T;

export const databaseConfig = (get: Get): DatabaseConfig => ({
  url: get('DATABASE_URL'),
  directUrl: get<string | undefined>('DATABASE_DIRECT_URL') ?? get('DATABASE_URL'),
  replicaUrls: get('DATABASE_REPLICA_URLS'),
  replicaWaitMs: get('DATABASE_REPLICA_WAIT_MS'),
  poolMax: get('DATABASE_POOL_MAX'),
  workerPoolMax: get('DATABASE_WORKER_POOL_MAX'),
  pooler: get('DATABASE_POOLER'),
  connectTimeoutMs: get('DATABASE_CONNECT_TIMEOUT_MS'),
  restartWaitMs: get('DATABASE_RESTART_WAIT_MS'),
  idleConnectionMs: get('DATABASE_IDLE_CONNECTION_MS'),
  statementTimeoutMs: get('DATABASE_STATEMENT_TIMEOUT_MS'),
  lockTimeoutMs: get('DATABASE_LOCK_TIMEOUT_MS'),
  idleInTransactionTimeoutMs: get('DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS'),
});

/** A worker reads what it has just been told of, and from the one server that certainly has it. */
export const workerDatabase = (config: DatabaseConfig): DatabaseConfig => ({
  ...config,
  poolMax: config.workerPoolMax,
  replicaUrls: [],
});
