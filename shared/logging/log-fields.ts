/** What a field holds: how it is checked, and how it is mapped in Elasticsearch. */
interface LogField {
  readonly kind: 'keyword' | 'text' | 'date' | 'integer' | 'number' | 'boolean' | 'error' | 'counts';
  readonly about: string;
}

const field = <K extends LogField['kind']>(kind: K, about: string) => ({ kind, about });

/** Fields that the logger writes by itself. */
export const ownFields = {
  level: field('keyword', 'trace, debug, info, warn, error or fatal'),
  time: field('date', 'when it was written, ISO 8601 in UTC'),
  service: field('keyword', 'api, worker or manage'),
  pid: field('integer', 'process id'),
  msg: field('text', 'what happened; the same words each time'),
} as const satisfies Readonly<Record<string, LogField>>;

/** Fields that a line may have beside these. A field that is not in this list does not compile. */
export const lineFields = {
  correlation_id: field('keyword', 'X-Request-Id of the request that this is done for'),
  trace_id: field('keyword', 'trace of W3C Trace Context'),
  span_id: field('keyword', 'the request, or the attempt of a job, as a part of that trace'),
  err: field('error', 'name, code, message, detail and stack of an error, with its cause'),
  code: field('keyword', 'code of the error catalog'),
  user_id: field('keyword', 'who asked'),
  method: field('keyword', 'method of a request'),
  route: field('keyword', 'path of the endpoint, with the names of its parameters'),
  path: field(
    'keyword',
    'path of a request, without its query; of a GraphQL error, the fields that lead to it',
  ),
  query: field('keyword', 'names of query parameters, without their values'),
  status: field('integer', 'status of an answer'),
  ms: field('number', 'how long it took, in milliseconds'),
  bytes: field('integer', 'length of an answer'),
  aborted: field('boolean', 'whether the client went away before the answer was complete'),
  faults: field('keyword', 'fields at fault, each with its code'),
  graphql_operation: field('keyword', 'name of a GraphQL operation'),
  graphql_cost: field('integer', 'cost of a GraphQL operation'),
  reason: field('keyword', 'why, in a word'),
  network: field('keyword', 'network of a client that is refused'),
  reply_id: field('keyword', 'a reply of an assistant'),
  job_id: field('keyword', 'a job'),
  job_type: field('keyword', 'kind of a job'),
  attempt: field('integer', 'number of an attempt'),
  outcome: field('keyword', 'what becomes of a job whose attempt failed'),
  queue: field('keyword', 'a queue'),
  jobs: field('integer', 'how many jobs'),
  stale: field('integer', 'assistants that are measured anew'),
  interrupted: field('integer', 'replies that were ended because their process had died'),
  cleared: field('counts', 'expired rows that were deleted, by table'),
  purged: field('boolean', 'whether an account was purged'),
  breaker: field('keyword', 'a circuit breaker'),
  state: field('keyword', 'state of a circuit breaker'),
  client: field('keyword', 'a connection to Redis'),
  replica: field('keyword', 'a standby of PostgreSQL'),
  active: field('keyword', 'embedding model in use'),
  configured: field('keyword', 'embedding model that the settings name'),
  address: field('keyword', 'where the API listens'),
  port: field('integer', 'port of health and metrics of a worker'),
  metrics_port: field('integer', 'port of health and metrics of the API'),
  signal: field('keyword', 'what a process was told to stop by'),
  log_level: field('keyword', 'least severe level from now on'),
  until: field('date', 'until when'),
} as const satisfies Readonly<Record<string, LogField>>;

/** Every field that a line can have. */
export const logFields: Readonly<Record<string, LogField>> = { ...ownFields, ...lineFields };

interface Values {
  readonly keyword: string | readonly string[];
  readonly text: string;
  readonly date: string;
  readonly integer: number;
  readonly number: number;
  readonly boolean: boolean;
  readonly error: unknown;
  readonly counts: Readonly<Record<string, number>>;
}

/** What a line says beside its message. */
export type LogFields = {
  readonly [Name in keyof typeof lineFields]?: Values[(typeof lineFields)[Name]['kind']] | undefined;
};
