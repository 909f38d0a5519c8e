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
  readonly databaseQueryDuration: Histogram<'kind'>;
  readonly jobWait: Histogram<'type' | 'priority'>;
  readonly jobDuration: Histogram<'type' | 'outcome'>;
  readonly jobsRelayed: Counter<'reason'>;
  readonly embedderCalls: Counter<'provider' | 'outcome'>;
  readonly embedderTexts: Counter<'provider'>;
  readonly breakerOpen: Gauge<'service'>;
  readonly searchDuration: Histogram<'mode'>;
  readonly extractionIsolated: Gauge;
  readonly canaryRuns: Counter<'outcome'>;
  readonly canaryDelay: Gauge;
  readonly canaryLastFound: Gauge;
  readonly ingestsUnfinished: Gauge;
  readonly oldestQueued: Gauge<'queue'>;
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
    databaseQueryDuration: new Histogram({
      name: 'donkey_database_query_duration_seconds',
      help: 'Time of one statement.',
      labelNames: ['kind'],
      buckets: FAST,
      registers,
    }),
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
    breakerOpen: new Gauge({
      name: 'donkey_breaker_open',
      help: '1 while the circuit breaker of a service is open.',
      labelNames: ['service'],
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
    searchDuration: new Histogram({
      name: 'donkey_search_duration_seconds',
      help: 'Time of one search.',
      labelNames: ['mode'],
      buckets: FAST,
      registers,
    }),
  };
}
