import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { createAskedGauge } from './asked-gauge.ts';
import type { AskedGauge } from './asked-gauge.ts';
import { FAST, MEMORY, SLOW } from './buckets.ts';
import { databaseMetrics } from './database-metrics.ts';
import type { DatabaseMetrics } from './database-metrics.ts';
import { providerMetrics } from './provider-metrics.ts';
import type { ProviderMetrics } from './provider-metrics.ts';

/** What one process measures. Labels are bounded: route templates, job types, codes; never ids or texts. */
export interface Metrics extends DatabaseMetrics, ProviderMetrics {
  readonly registry: Registry;
  readonly httpDuration: Histogram<'method' | 'route' | 'status'>;
  readonly httpInFlight: Gauge;
  readonly errors: Counter<'code'>;
  readonly connectionsRefused: Counter;
  readonly dependencyUp: AskedGauge<'dependency'>;
  readonly jobWait: Histogram<'type' | 'priority'>;
  readonly jobDuration: Histogram<'type' | 'priority' | 'outcome'>;
  readonly jobRetries: Counter<'type' | 'code'>;
  readonly jobsRelayed: Counter<'reason'>;
  /** As it happens; what a process that died could not count, {@link deadLetters} finds. */
  readonly jobsDead: Counter<'type' | 'code'>;
  /** By looking at the table. */
  readonly deadLetters: Gauge<'type' | 'code'>;
  readonly queueJobs: Gauge<'queue' | 'priority' | 'state'>;
  readonly queueOldest: Gauge<'queue' | 'priority'>;
  readonly queueConsumers: Gauge<'queue'>;
  readonly consumersReplaced: Counter<'queue'>;
  readonly searchDuration: Histogram<'mode'>;
  readonly graphqlCost: Histogram<'outcome'>;
  readonly extractionIsolated: Gauge;
  readonly extractionMemory: Histogram;
  readonly workerMemory: AskedGauge<'part'>;
  readonly canaryRuns: Counter<'outcome'>;
  readonly canaryDelay: Gauge;
  readonly canaryLastFound: Gauge;
  readonly ingestsUnfinished: Gauge;
  readonly oldestQueued: Gauge<'queue'>;
  readonly cacheRequests: Counter<'cache' | 'outcome'>;
  readonly cacheWarmed: Counter<'cache'>;
}

/** Makes the metrics of one process in a registry of their own. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    httpDuration: new Histogram({
      name: 'donkey_http_request_duration_seconds',
      help: 'Time from request to answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: FAST,
      registers,
    }),
    httpInFlight: new Gauge({
      name: 'donkey_http_requests_in_flight',
      help: 'Requests being answered.',
      registers,
    }),
    errors: errorMetric(registers),
    connectionsRefused: new Counter({
      name: 'donkey_connections_refused_total',
      help: 'Connections closed unheard, of addresses that went on after being refused.',
      registers,
    }),
    dependencyUp: createAskedGauge({
      name: 'donkey_dependency_up',
      help: '1 while PostgreSQL, the Redis of the queues or that of the caches answers this process, else 0.',
      labelNames: ['dependency'],
      registers,
    }),
    ...databaseMetrics(registers),
    jobWait: new Histogram({
      name: 'donkey_job_wait_seconds',
      help: 'Time between being due and being started.',
      labelNames: ['type', 'priority'],
      buckets: SLOW,
      registers,
    }),
    jobDuration: new Histogram({
      name: 'donkey_job_duration_seconds',
      help: 'Time of one attempt.',
      labelNames: ['type', 'priority', 'outcome'],
      buckets: SLOW,
      registers,
    }),
    jobRetries: new Counter({
      name: 'donkey_job_retries_total',
      help: 'Attempts that failed and are followed by another.',
      labelNames: ['type', 'code'],
      registers,
    }),
    jobsRelayed: new Counter({
      name: 'donkey_jobs_relayed_total',
      help: 'Jobs handed to the queue again by the relay.',
      labelNames: ['reason'],
      registers,
    }),
    ...queueMetrics(registers),
    ...providerMetrics(registers),
    ...extractionMetrics(registers),
    canaryRuns: new Counter({
      name: 'donkey_canary_runs_total',
      help: 'Canary documents that were found, or failed to be; workers only.',
      labelNames: ['outcome'],
      registers,
    }),
    canaryDelay: new Gauge({
      name: 'donkey_canary_delay_seconds',
      help: 'Time from upload to being found, of the last canary document; workers only.',
      registers,
    }),
    canaryLastFound: new Gauge({
      name: 'donkey_canary_last_found_timestamp_seconds',
      help: 'When the last canary document was found; workers only.',
      registers,
    }),
    ingestsUnfinished: new Gauge({
      name: 'donkey_ingests_unfinished',
      help: 'Documents accepted and not finished yet; workers only.',
      registers,
    }),
    oldestQueued: new Gauge({
      name: 'donkey_jobs_oldest_queued_seconds',
      help: 'For how long the job that has waited longest has been due; workers only.',
      labelNames: ['queue'],
      registers,
    }),
    ...cacheMetrics(registers),
    searchDuration: new Histogram({
      name: 'donkey_search_duration_seconds',
      help: 'Time of one search.',
      labelNames: ['mode'],
      buckets: FAST,
      registers,
    }),
    graphqlCost: new Histogram({
      name: 'donkey_graphql_cost_objects',
      help: 'Most objects that a GraphQL operation asked for, by whether it was carried out.',
      labelNames: ['outcome'],
      buckets: [1, 5, 20, 100, 500, 1000, 2000, 5000],
      registers,
    }),
  };
}

/** The one that nobody has foreseen begins at 0, so that the first of them is an increase and not a beginning. */
function errorMetric(registers: Registry[]): Counter<'code'> {
  const errors = new Counter({
    name: 'donkey_errors_total',
    help: 'Errors by code.',
    labelNames: ['code'],
    registers,
  });
  errors.inc({ code: 'internal.error' }, 0);
  return errors;
}

function extractionMetrics(registers: Registry[]) {
  return {
    extractionIsolated: new Gauge({
      name: 'donkey_extraction_network_isolated',
      help: '1 when PDF processes have no network; workers only.',
      registers,
    }),
    extractionMemory: new Histogram({
      name: 'donkey_extraction_memory_bytes',
      help: 'Most memory that the process of one PDF had; workers only.',
      buckets: MEMORY,
      registers,
    }),
    workerMemory: createAskedGauge({
      name: 'donkey_worker_memory_bytes',
      help: 'Resident memory now, of the worker itself and of all its PDF processes together (part).',
      labelNames: ['part'],
      registers,
    }),
  } as const;
}

function cacheMetrics(registers: Registry[]) {
  return {
    cacheRequests: new Counter({
      name: 'donkey_cache_requests_total',
      help: 'Values asked of a cache: hit, miss, stale (written to since), garbage (not of ours), bypass (no Redis).',
      labelNames: ['cache', 'outcome'],
      registers,
    }),
    cacheWarmed: new Counter({
      name: 'donkey_cache_warmed_total',
      help: 'Values that were asked of a cache to have them there before somebody wants them.',
      labelNames: ['cache'],
      registers,
    }),
  } as const;
}

function queueMetrics(registers: Registry[]) {
  return {
    jobsDead: new Counter({
      name: 'donkey_jobs_dead_total',
      help: 'Jobs that this process has found dead.',
      labelNames: ['type', 'code'],
      registers,
    }),
    deadLetters: new Gauge({
      name: 'donkey_dead_letters',
      help: 'Dead jobs that were neither replayed nor discarded; the same in every worker.',
      labelNames: ['type', 'code'],
      registers,
    }),
    queueJobs: new Gauge({
      name: 'donkey_queue_jobs',
      help: 'Jobs that wait, are delayed or run; the same in every worker.',
      labelNames: ['queue', 'priority', 'state'],
      registers,
    }),
    queueOldest: new Gauge({
      name: 'donkey_queue_oldest_seconds',
      help: 'How long the oldest waiting job has been due; the same in every worker.',
      labelNames: ['queue', 'priority'],
      registers,
    }),
    queueConsumers: new Gauge({
      name: 'donkey_queue_consumers',
      help: 'Live workers that serve the queue; the same in every worker.',
      labelNames: ['queue'],
      registers,
    }),
    consumersReplaced: new Counter({
      name: 'donkey_queue_consumers_replaced_total',
      help: 'Consumers that had stopped taking jobs and were replaced.',
      labelNames: ['queue'],
      registers,
    }),
  } as const;
}
