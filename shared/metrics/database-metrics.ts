import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { createAskedGauge } from './asked-gauge.ts';
import type { AskedGauge } from './asked-gauge.ts';
import { FAST } from './buckets.ts';

/** What a process knows of its database, and workers of the server behind it. */
export interface DatabaseMetrics {
  readonly databaseQueryDuration: Histogram<'kind'>;
  readonly poolConnections: AskedGauge<'pool' | 'state'>;
  readonly poolSize: Gauge<'pool'>;
  readonly poolWait: Histogram<'pool'>;
  readonly poolTimeouts: Counter<'pool'>;
  readonly databaseReads: Counter<'server'>;
  readonly replicaUp: Gauge<'replica'>;
  readonly replicaLagBytes: Gauge<'replica'>;
  readonly replicaFallbacks: Counter<'replica' | 'reason'>;
  readonly databaseSize: Gauge;
  readonly tableSize: Gauge<'table' | 'part'>;
  readonly serverConnections: Gauge;
  readonly serverConnectionsMax: Gauge;
}

export const databaseMetrics = (registers: Registry[]): DatabaseMetrics => ({
  databaseQueryDuration: new Histogram({
    name: 'donkey_database_query_duration_seconds',
    help: 'Time of one statement.',
    labelNames: ['kind'],
    buckets: FAST,
    registers,
  }),
  ...poolMetrics(registers),
  ...replicaMetrics(registers),
  ...serverMetrics(registers),
});

function poolMetrics(registers: Registry[]) {
  return {
    poolConnections: createAskedGauge({
      name: 'donkey_database_pool_connections',
      help: 'Connections that are used or free now, and requests that wait for one (pending).',
      labelNames: ['pool', 'state'],
      registers,
    }),
    poolSize: new Gauge({
      name: 'donkey_database_pool_size',
      help: 'Most connections that a pool may have.',
      labelNames: ['pool'],
      registers,
    }),
    poolWait: new Histogram({
      name: 'donkey_database_pool_wait_seconds',
      help: 'Time from asking a pool for a connection to having one.',
      labelNames: ['pool'],
      buckets: FAST,
      registers,
    }),
    poolTimeouts: new Counter({
      name: 'donkey_database_pool_timeouts_total',
      help: 'Requests for a connection that a pool could not fulfil in time.',
      labelNames: ['pool'],
      registers,
    }),
  } as const;
}

function replicaMetrics(registers: Registry[]) {
  return {
    databaseReads: new Counter({
      name: 'donkey_database_reads_total',
      help: 'Reads that a replica might answer, by who did: primary or replica. Only where there are replicas.',
      labelNames: ['server'],
      registers,
    }),
    replicaUp: new Gauge({
      name: 'donkey_database_replica_up',
      help: '1 while a replica is read from, 0 while it is left out.',
      labelNames: ['replica'],
      registers,
    }),
    replicaLagBytes: new Gauge({
      name: 'donkey_database_replica_lag_bytes',
      help: 'Bytes of write-ahead log that a replica had still to replay when it was asked last.',
      labelNames: ['replica'],
      registers,
    }),
    replicaFallbacks: new Counter({
      name: 'donkey_database_replica_fallbacks_total',
      help: 'Reads that went to the primary because the replica was late, or failed.',
      labelNames: ['replica', 'reason'],
      registers,
    }),
  } as const;
}

function serverMetrics(registers: Registry[]) {
  return {
    databaseSize: new Gauge({
      name: 'donkey_database_size_bytes',
      help: 'What the database takes on disk; the same in every worker, 0 in other processes.',
      registers,
    }),
    tableSize: new Gauge({
      name: 'donkey_database_table_bytes',
      help: 'What a table takes on disk, by part: data or indexes; the same in every worker.',
      labelNames: ['table', 'part'],
      registers,
    }),
    serverConnections: new Gauge({
      name: 'donkey_database_server_connections',
      help: 'Connections of clients that the PostgreSQL server has; the same in every worker, 0 in other processes.',
      registers,
    }),
    serverConnectionsMax: new Gauge({
      name: 'donkey_database_server_connections_max',
      help: 'Connections that the PostgreSQL server allows; the same in every worker, 0 in other processes.',
      registers,
    }),
  } as const;
}
