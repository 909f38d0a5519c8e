import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Bounds in seconds: from a cached read to a job of minutes. */
const FAST = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10];
const SLOW = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** What one process measures. Labels are bounded: route templates, job types, codes; never ids or texts. */
export interface Metrics {
  readonly registry: Registry;
  readonly httpDuration: Histogram<'method' | 'route' | 'status'>;
  readonly httpInFlight: Gauge;
  readonly errors: Counter<'code'>;
  readonly connectionsRefused: Counter;
  readonly databaseQueryDuration: Histogram<'kind'>;
  readonly databaseReads: Counter<'server'>;
  readonly replicaUp: Gauge<'replica'>;
  readonly replicaLagBytes: Gauge<'replica'>;
  readonly replicaFallbacks: Counter<'replica' | 'reason'>;
  readonly jobWait: Histogram<'type' | 'priority'>;
  readonly jobDuration: Histogram<'type' | 'outcome'>;
  readonly jobsRelayed: Counter<'reason'>;
  /** As it happens; what a process that died could not count, {@link deadLetters} finds. */
  readonly jobsDead: Counter<'type' | 'code'>;
  /** By looking at the table. */
  readonly deadLetters: Gauge<'type' | 'code'>;
  readonly queueJobs: Gauge<'queue' | 'priority' | 'state'>;
  readonly queueOldest: Gauge<'queue' | 'priority'>;
  readonly queueConsumers: Gauge<'queue'>;
  readonly consumersReplaced: Counter<'queue'>;
  readonly embedderCalls: Counter<'provider' | 'outcome'>;
  readonly embedderTexts: Counter<'provider'>;
  readonly completerCalls: Counter<'provider' | 'outcome'>;
  readonly completerTokens: Counter<'provider' | 'kind'>;
  readonly breakerOpen: Gauge<'service'>;
  readonly breakerState: Gauge<'service' | 'state'>;
  readonly searchDuration: Histogram<'mode'>;
  readonly graphqlCost: Histogram<'outcome'>;
  readonly extractionIsolated: Gauge;
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
    errors: new Counter({
      name: 'donkey_errors_total',
      help: 'Errors by code.',
      labelNames: ['code'],
      registers,
    }),
    connectionsRefused: new Counter({
      name: 'donkey_connections_refused_total',
      help: 'Connections closed unheard, of addresses that went on after being refused.',
      registers,
    }),
    databaseQueryDuration: new Histogram({
      name: 'donkey_database_query_duration_seconds',
      help: 'Time of one statement.',
      labelNames: ['kind'],
      buckets: FAST,
      registers,
    }),
    ...replicaMetrics(registers),
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
      labelNames: ['type', 'outcome'],
      buckets: SLOW,
      registers,
    }),
    jobsRelayed: new Counter({
      name: 'donkey_jobs_relayed_total',
      help: 'Jobs handed to the queue again by the relay.',
      labelNames: ['reason'],
      registers,
    }),
    ...queueMetrics(registers),
    embedderCalls: new Counter({
      name: 'donkey_embedder_calls_total',
      help: 'Calls of the embedder.',
      labelNames: ['provider', 'outcome'],
      registers,
    }),
    embedderTexts: new Counter({
      name: 'donkey_embedder_texts_total',
      help: 'Texts embedded.',
      labelNames: ['provider'],
      registers,
    }),
    completerCalls: new Counter({
      name: 'donkey_completer_calls_total',
      help: 'Answers asked of the completer, by how they ended.',
      labelNames: ['provider', 'outcome'],
      registers,
    }),
    completerTokens: new Counter({
      name: 'donkey_completer_tokens_total',
      help: 'Tokens of prompts and answers.',
      labelNames: ['provider', 'kind'],
      registers,
    }),
    breakerOpen: new Gauge({
      name: 'donkey_breaker_open',
      help: '1 while the circuit breaker of a service is open.',
      labelNames: ['service'],
      registers,
    }),
    breakerState: new Gauge({
      name: 'donkey_breaker_state',
      help: '1 for the state in which the circuit breaker of a service is: closed, half-open or open.',
      labelNames: ['service', 'state'],
      registers,
    }),
    extractionIsolated: new Gauge({
      name: 'donkey_extraction_network_isolated',
      help: '1 when PDF processes have no network; workers only.',
      registers,
    }),
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
