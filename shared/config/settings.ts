import Joi from 'joi';
import { queueNames } from '../queue/catalog.ts';

/** How a setting gets its first value in a new `.env`. */
export type SettingSource =
  'default' | 'secret' | 'signing-key' | 'encryption-key' | 'password' | 'required' | 'optional';

/** One declared setting: the only list of what can be configured; `.env.example` and the docs are made from it. */
export interface Setting {
  readonly group: string;
  readonly description: string;
  readonly schema: Joi.Schema;
  /** Text used when the variable is absent; `undefined` means there is no default. */
  readonly fallback?: string;
  readonly source: SettingSource;
  /** Secret values are never printed or logged. */
  readonly secret?: boolean;
}

const port = (): Joi.Schema => Joi.number().integer().min(0).max(65535);
const count = (min = 1, max = Number.MAX_SAFE_INTEGER): Joi.Schema =>
  Joi.number().integer().min(min).max(max);
const list = (item: Joi.Schema): Joi.Schema =>
  Joi.string()
    .empty('')
    .default([])
    .custom((value: string) => {
      const items = value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
      for (const part of items) Joi.attempt(part, item);
      return items;
    });

const plain = (group: string, description: string, fallback: string, schema: Joi.Schema): Setting => ({
  group,
  description,
  fallback,
  schema,
  source: 'default',
});
const optional = (group: string, description: string, schema: Joi.Schema, secret = false): Setting => ({
  group,
  description,
  schema,
  source: 'optional',
  secret,
});

/** Every environment variable the product reads, in the order in which it is documented. */
export const settings = {
  NODE_ENV: plain(
    'Process',
    'development, test or production. Production refuses unsafe settings.',
    'development',
    Joi.valid('development', 'test', 'production'),
  ),
  LOG_LEVEL: plain(
    'Process',
    'Least severe level that is logged: trace, debug, info, warn, error, fatal or silent.',
    'info',
    Joi.valid('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
  ),
  LOG_DEBUG_MINUTES: plain(
    'Process',
    'How long SIGUSR2 has a process log from debug on; a second SIGUSR2 ends it.',
    '10',
    count(1, 1_440),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(
    'Process',
    'Address of an OpenTelemetry collector (OTLP over HTTP) that spans are sent to, such as http://127.0.0.1:4318.',
    Joi.string().uri({ scheme: ['http', 'https'] }),
  ),
  OTEL_TRACES_SAMPLER_ARG: plain(
    'Process',
    'Share of the traces that begin here which is recorded, 0 to 1; of others, whoever began them decides.',
    '1',
    Joi.number().min(0).max(1),
  ),
  OTEL_EXPORTER_OTLP_TIMEOUT: plain(
    'Process',
    'Longest wait for the collector, in ms. No request waits for it.',
    '10000',
    count(100, 60_000),
  ),
  SHUTDOWN_TIMEOUT_MS: plain(
    'Process',
    'Longest wait for work in hand after SIGTERM, in ms.',
    '25000',
    count(),
  ),
  BREAKER_PAUSE_MS: plain(
    'Process',
    'How long a service that has failed several times in a row is left alone before one call tries it again, in ms.',
    '10000',
    count(100),
  ),

  SHUTDOWN_NOTICE_MS: plain(
    'API',
    'How long the API goes on answering after SIGTERM while it says that it is not ready, in ms: more than a load balancer needs to notice.',
    '3000',
    count(0),
  ),
  HOST: plain('API', 'Address the API listens on.', '127.0.0.1', Joi.string().hostname()),
  PORT: plain('API', 'Port of the API.', '3000', port()),
  PUBLIC_URL: optional(
    'API',
    'Address under which people reach the API; its origin is allowed. With https cookies are Secure; http is for loopback names alone. Empty: http://HOST:PORT.',
    Joi.string().uri({ scheme: ['http', 'https'] }),
  ),
  ALLOWED_ORIGINS: plain(
    'API',
    'Further browser origins that may send state-changing requests, separated by commas.',
    '',
    list(
      Joi.string()
        .uri({ scheme: ['http', 'https'] })
        .pattern(/[*]/, { invert: true }),
    ),
  ),
  SECURITY_CONTACT: optional(
    'API',
    'Where vulnerabilities are reported, for /.well-known/security.txt: a mailto: or https: address. Empty: the file is not served.',
    Joi.string().uri({ scheme: ['mailto', 'https'] }),
  ),
  TRUST_PROXY: plain(
    'API',
    'Addresses or networks of the reverse proxies whose X-Forwarded-* headers are believed, separated by commas.',
    '',
    list(Joi.string().ip({ cidr: 'optional' })),
  ),
  GRAPHQL_INTROSPECTION: plain(
    'GraphQL',
    'Whether clients may ask for the schema: on, off, or auto, which is off with NODE_ENV=production. Off also keeps errors from suggesting names.',
    'auto',
    Joi.valid('auto', 'on', 'off'),
  ),
  GRAPHQL_MAX_DEPTH: plain('GraphQL', 'Most levels of fields in one operation.', '15', count(1, 100)),
  GRAPHQL_MAX_COST: plain(
    'GraphQL',
    'Most objects that one operation may ask for: page sizes multiply, and a search counts 50.',
    '2000',
    count(),
  ),
  GRAPHQL_MAX_ALIASES: plain('GraphQL', 'Most aliases in one operation.', '30', count(0, 1000)),
  GRAPHQL_MAX_ROOT_FIELDS: plain(
    'GraphQL',
    'Most fields at the root of one operation.',
    '10',
    count(1, 1000),
  ),
  GRAPHQL_MAX_DIRECTIVES: plain('GraphQL', 'Most directives in one document.', '20', count(0, 1000)),
  GRAPHQL_MAX_TOKENS: plain('GraphQL', 'Most words and signs in one document.', '1000', count(10, 10000)),
  GRAPHQL_TIMEOUT_MS: plain(
    'GraphQL',
    'Longest time one operation may take, in ms; then it is stopped, in PostgreSQL too.',
    '10000',
    count(50),
  ),
  GRAPHQL_PERSISTED_QUERIES: optional(
    'GraphQL',
    'File with a JSON array of GraphQL documents: then only these are carried out. Empty: any are.',
    Joi.string(),
  ),

  METRICS_HOST: plain(
    'Metrics',
    'Address on which both processes serve metrics and the worker its health.',
    '127.0.0.1',
    Joi.string().hostname(),
  ),
  API_METRICS_PORT: plain('Metrics', 'Port of the API process for GET /metrics.', '9464', port()),
  WORKER_PORT: plain(
    'Metrics',
    'Port of a worker for /health, /health/ready and /metrics; 0 takes a free one.',
    '9465',
    port(),
  ),

  DATABASE_URL: {
    group: 'PostgreSQL',
    description: 'PostgreSQL 15 or later with pgvector 0.8 or later.',
    schema: Joi.string().uri({ scheme: ['postgres', 'postgresql'] }),
    source: 'required',
    secret: true,
  },
  DATABASE_DIRECT_URL: optional(
    'PostgreSQL',
    'The same database past a pooler, for migrations and vector indexes, which need a session. Empty: DATABASE_URL.',
    Joi.string().uri({ scheme: ['postgres', 'postgresql'] }),
    true,
  ),
  DATABASE_REPLICA_URLS: {
    ...plain(
      'PostgreSQL',
      'Streaming standbys of it that the API reads from, separated by commas; what is behind or away is left out.',
      '',
      list(Joi.string().uri({ scheme: ['postgres', 'postgresql'] })),
    ),
    secret: true,
  },
  DATABASE_REPLICA_WAIT_MS: plain(
    'PostgreSQL',
    'Longest time a read waits for a standby to have what was committed before it, in ms; then the primary answers.',
    '20',
    count(0, 1000),
  ),
  DATABASE_POOL_MAX: plain(
    'PostgreSQL',
    'Most connections one API process opens to one server.',
    '10',
    count(2, 500),
  ),
  DATABASE_WORKER_POOL_MAX: plain('PostgreSQL', 'Most connections one worker opens.', '10', count(2, 500)),
  DATABASE_POOLER: plain(
    'PostgreSQL',
    'transaction behind a pooler such as PgBouncer in transaction mode, which sets the timeouts then; otherwise none.',
    'none',
    Joi.valid('none', 'transaction'),
  ),
  DATABASE_CONNECT_TIMEOUT_MS: plain('PostgreSQL', 'Longest wait for a connection, in ms.', '3000', count()),
  DATABASE_RESTART_WAIT_MS: plain(
    'PostgreSQL',
    'How long a request waits for a PostgreSQL that takes no connections, as in a restart, in ms; then 503.',
    '800',
    count(0, 60_000),
  ),
  DATABASE_IDLE_CONNECTION_MS: plain(
    'PostgreSQL',
    'How long a connection that nobody uses is kept, in ms.',
    '30000',
    count(1000),
  ),
  DATABASE_STATEMENT_TIMEOUT_MS: plain(
    'PostgreSQL',
    'Longest time one statement may take, in ms.',
    '15000',
    count(),
  ),
  DATABASE_LOCK_TIMEOUT_MS: plain(
    'PostgreSQL',
    'Longest time a statement waits for a lock of somebody else, in ms.',
    '10000',
    count(),
  ),
  DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS: plain(
    'PostgreSQL',
    'Longest pause within a transaction, in ms: a process that hangs does not keep its locks.',
    '60000',
    count(1000),
  ),

  REDIS_URL: {
    group: 'Redis',
    description: 'Redis 7 or later for the job queues; needs maxmemory-policy noeviction.',
    schema: Joi.string().uri({ scheme: ['redis', 'rediss'] }),
    source: 'required',
    secret: true,
  },
  REDIS_CACHE_URL: optional(
    'Redis',
    'Redis for rate limits and caches. Empty in development: REDIS_URL; production wants one of its own.',
    Joi.string().uri({ scheme: ['redis', 'rediss'] }),
    true,
  ),
  REDIS_KEY_PREFIX: plain(
    'Redis',
    'Prefix of every key, so that several installations can share one Redis.',
    'donkey',
    Joi.string().pattern(/^[a-z0-9_-]{1,40}$/i),
  ),

  CACHE_ASSISTANT_TTL_SECONDS: plain(
    'Redis',
    'For how long assistants with profile, capabilities and system prompt stay in the cache; 0 caches none.',
    '3600',
    count(0, 86_400),
  ),
  CACHE_CHAIN_TTL_SECONDS: plain(
    'Redis',
    'For how long memory chains and their entries stay in the cache; 0 caches none.',
    '1800',
    count(0, 86_400),
  ),
  CACHE_CHUNKS_TTL_SECONDS: plain(
    'Redis',
    'For how long chunks of documents stay in the cache; 0 caches none.',
    '86400',
    count(0, 86_400),
  ),
  CACHE_WARM_ASSISTANTS: plain(
    'Redis',
    'Most read assistants that each API process keeps in the cache; 0 keeps none.',
    '100',
    count(0, 1_000),
  ),

  AUTH_SIGNING_KEYS: {
    group: 'Accounts',
    description:
      'Ed25519 seeds (32 bytes, base64url) for access tokens, separated by commas: the first signs, all verify.',
    schema: Joi.string().pattern(/^[A-Za-z0-9_-]{43}(,[A-Za-z0-9_-]{43})*$/),
    source: 'signing-key',
    secret: true,
  },
  CSRF_SECRET: {
    group: 'Accounts',
    description: 'Key from which CSRF secrets are derived: at least 32 characters.',
    schema: Joi.string().min(32),
    source: 'secret',
    secret: true,
  },
  ACCESS_TOKEN_TTL_SECONDS: plain(
    'Accounts',
    'Lifetime of an access token, in seconds: 900 at most.',
    '900',
    count(30, 900),
  ),
  SESSION_IDLE_SECONDS: plain(
    'Accounts',
    'Lifetime of a refresh token, in seconds: a login that is not used for so long has ended.',
    '604800',
    count(60),
  ),
  SESSION_TTL_SECONDS: plain(
    'Accounts',
    'Lifetime of a login session however much it is used, in seconds.',
    '2592000',
    count(60),
  ),
  SIGN_UP: plain(
    'Accounts',
    'Who may register: open (everybody), invitation (whoever has a code) or closed (nobody).',
    'open',
    Joi.valid('open', 'invitation', 'closed'),
  ),
  PASSWORD_RESET_TTL_MINUTES: plain(
    'Accounts',
    'Minutes for which a token for a new password is good.',
    '30',
    count(5, 1440),
  ),
  PASSWORD_RESET_URL: optional(
    'Accounts',
    'Page of yours where people choose a new password; mails link to it with the token as fragment.',
    Joi.string().uri({ scheme: ['http', 'https'] }),
  ),
  SMTP_URL: optional(
    'Accounts',
    'Mail server for password resets, such as smtps://user:password@mail.example.org. Empty: no mail is sent, and `npm run manage -- user reset-link` prints a token.',
    Joi.string().uri({ scheme: ['smtp', 'smtps'] }),
    true,
  ),
  MAIL_FROM: plain(
    'Accounts',
    'Sender of the mails.',
    'donkey-workspace@localhost',
    Joi.string().email({ tlds: false, minDomainSegments: 1 }),
  ),
  ADMIN_USERNAME: optional(
    'Accounts',
    'Name of the first administrator, made by the seed. Empty: none.',
    Joi.string().pattern(/^[A-Za-z0-9_.-]{3,40}$/),
  ),
  ADMIN_EMAIL: optional(
    'Accounts',
    'E-mail address of the first administrator.',
    Joi.string().email({ tlds: false }),
  ),
  ADMIN_PASSWORD: {
    group: 'Accounts',
    description: 'Password of the first administrator; read only while that account does not exist.',
    schema: Joi.string().min(12).max(128),
    source: 'password',
    secret: true,
  },
  AUTH_ATTEMPTS_PER_15_MIN: plain(
    'Limits',
    'Calls of login, and of register and the like, that one address may make in 15 minutes.',
    '30',
    count(),
  ),
  REQUESTS_PER_MINUTE: plain(
    'Limits',
    'Requests that one user or address may make in a minute; as many may fail to say who they are.',
    '1200',
    count(),
  ),
  UPLOADS_PER_MINUTE: plain('Limits', 'Uploads that one user may send in a minute.', '600', count()),
  UPLOAD_FAILURES_PER_MINUTE: plain(
    'Limits',
    'Uploads broken off or unreadable that one session or key may send in a minute, and one address three times as many; who goes on is not listened to for some seconds.',
    '30',
    count(6),
  ),
  UPLOADS_IN_FLIGHT: plain(
    'Limits',
    'Uploads one API process reads at the same time: 2 or more, for one user has at most half of them, one address three quarters.',
    '16',
    count(2),
  ),
  BATCHES_PER_USER: plain(
    'Limits',
    'Batches of one user that one API process carries out at the same time.',
    '4',
    count(),
  ),
  BATCH_TIMEOUT_MS: plain(
    'Limits',
    'Time in ms after which no operation of a batch begins any more.',
    '20000',
    count(1, 50_000),
  ),
  BATCH_RESPONSE_MAX_BYTES: plain(
    'Limits',
    'Most bytes that the bodies in the answer to a batch have together; those that do not fit are left out.',
    '4194304',
    count(1024, 67_108_864),
  ),
  EVENT_STREAMS_PER_USER: plain(
    'Limits',
    'Server-sent event streams one user may hold open per API process.',
    '10',
    count(),
  ),

  QUOTA_DOCUMENTS: plain(
    'Limits',
    'Documents one user may have; 0 is without limit. `npm run manage -- user quota` sets another number for one user.',
    '10000',
    count(0),
  ),
  QUOTA_BYTES: plain(
    'Limits',
    'Bytes the original files of one user may have together; 0 is without limit.',
    '10737418240',
    count(0),
  ),
  QUOTA_EMBEDDING_TOKENS_PER_DAY: plain(
    'Limits',
    'Tokens of documents embedded for one user in a day (UTC); what is more waits for the next. 0 is without limit.',
    '10000000',
    count(0),
  ),
  QUOTA_COMPLETION_TOKENS_PER_DAY: plain(
    'Limits',
    'Tokens that models may read and write for one user in a day (UTC), for replies, summaries and reflections; then replies are refused and jobs wait for the next day. 0 is without limit.',
    '2000000',
    count(0),
  ),
  ACCOUNT_DELETION_GRACE_DAYS: plain(
    'Accounts',
    'Days between the deletion of an account and its purge, in which its owner may restore it.',
    '14',
    count(0, 365),
  ),
  ACCOUNT_EXPORT_TTL_HOURS: plain(
    'Accounts',
    'Hours for which an export of an account can be downloaded.',
    '24',
    count(1, 720),
  ),
  ACCOUNT_EXPORTS_PER_DAY: plain(
    'Accounts',
    'Exports one user may ask for in a day (UTC), finished or not; 0 is without limit.',
    '5',
    count(0, 1000),
  ),

  HIGH_PRIORITY_PER_USER: plain(
    'Documents',
    'Documents that one user may have under way at high priority; 0 leaves high priority to the product itself.',
    '10',
    count(0),
  ),
  UPLOAD_MAX_BYTES: plain('Documents', 'Largest accepted file, in bytes.', '10485760', count(1, 104857600)),
  CHUNK_SIZE_TOKENS: plain('Documents', 'Most tokens in a chunk.', '400', count(16, 8000)),
  CHUNK_OVERLAP_TOKENS: plain(
    'Documents',
    'Tokens of the preceding chunk repeated at the start of the next one.',
    '60',
    count(0, 4000),
  ),
  EXTRACT_TIMEOUT_MS: plain(
    'Documents',
    'Longest time the text of one PDF may take, in ms.',
    '120000',
    count(),
  ),
  EXTRACT_MEMORY_BYTES: plain(
    'Documents',
    'Most resident memory one extraction process may use, in bytes.',
    '1073741824',
    count(134217728),
  ),
  EXTRACT_MAX_PAGES: plain('Documents', 'Most pages one PDF may have.', '5000', count()),
  EXTRACT_MAX_CHARS: plain(
    'Documents',
    'Most characters (UTF-16 code units) of text taken from one document.',
    '20000000',
    count(),
  ),
  TEXT_SEARCH_LANGUAGE: plain(
    'Documents',
    'PostgreSQL text search configuration for new documents.',
    'english',
    Joi.string().pattern(/^[a-z_]{1,40}$/),
  ),

  CREDENTIAL_KEYS: {
    group: 'Integrations',
    description:
      'Keys that encrypt stored credentials, as id:key (32 bytes, base64url), separated by commas: the first encrypts, all decrypt.',
    schema: Joi.string()
      .pattern(/^[a-z0-9_-]{1,40}:[A-Za-z0-9_-]{43}(,[a-z0-9_-]{1,40}:[A-Za-z0-9_-]{43})*$/)
      .custom((value: string) => {
        const ids = value.split(',').map((key) => key.split(':')[0]);
        if (new Set(ids).size < ids.length) throw new Error('two keys have the same id');
        return value;
      }),
    source: 'encryption-key',
    secret: true,
  },
  PROVIDER_ALLOWED_HOSTS: plain(
    'Integrations',
    'Hosts (host or host:port, separated by commas) that users may name as a provider although they are not public or not https.',
    '',
    list(Joi.string().pattern(/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/)),
  ),
  PROVIDER_ALLOW_PRIVATE: plain(
    'Integrations',
    'true lets users name any host as a provider: your internal ones too. For networks without anything to protect.',
    'false',
    Joi.boolean(),
  ),

  EMBEDDING_PROVIDER: plain(
    'Embedding',
    'builtin (works offline) or openai (any OpenAI-compatible /v1/embeddings).',
    'builtin',
    Joi.valid('builtin', 'openai'),
  ),
  EMBEDDING_MODEL: optional(
    'Embedding',
    'Name of the model asked of an openai provider.',
    Joi.string().max(200),
  ),
  EMBEDDING_DIMENSIONS: optional('Embedding', 'Length of the vectors of an openai model.', count(1, 4000)),
  EMBEDDING_BASE_URL: plain(
    'Embedding',
    'Base URL of an openai provider, without /embeddings.',
    'https://api.openai.com/v1',
    Joi.string().uri({ scheme: ['http', 'https'] }),
  ),
  EMBEDDING_API_KEY: optional(
    'Embedding',
    'API key of an openai provider; empty for servers that need none.',
    Joi.string(),
    true,
  ),
  EMBEDDING_BATCH_SIZE: plain(
    'Embedding',
    'Chunks embedded by one job and one provider call.',
    '64',
    count(1, 512),
  ),
  EMBEDDING_TIMEOUT_MS: plain('Embedding', 'Longest time of one provider call, in ms.', '30000', count()),
  EMBEDDING_QUERY_TIMEOUT_MS: plain(
    'Embedding',
    'Longest time a search waits for its vector before it goes on with text alone, in ms.',
    '3000',
    count(),
  ),

  EMBEDDING_NEXT_BASE_URL: optional(
    'Embedding',
    'Base URL of the openai provider of another model, for a change of the model; see `npm run manage -- embedding-model`.',
    Joi.string().uri({ scheme: ['http', 'https'] }),
  ),
  EMBEDDING_NEXT_API_KEY: optional('Embedding', 'API key for EMBEDDING_NEXT_BASE_URL.', Joi.string(), true),
  EMBEDDING_BUILD_PER_MINUTE: plain(
    'Embedding',
    'Texts that the build of another model embeds in a minute, of all workers together; 0 is without limit.',
    '6000',
    count(0),
  ),

  COMPLETION_PROVIDER: plain(
    'Completion',
    'extractive (works offline: answers with quotations only) or openai (any OpenAI-compatible /v1/chat/completions).',
    'extractive',
    Joi.valid('extractive', 'openai'),
  ),
  COMPLETION_MODEL: optional(
    'Completion',
    'Name of the model asked of an openai provider; the preferred_model of an assistant goes before it.',
    Joi.string().max(200),
  ),
  COMPLETION_BASE_URL: plain(
    'Completion',
    'Base URL of an openai provider, without /chat/completions.',
    'https://api.openai.com/v1',
    Joi.string().uri({ scheme: ['http', 'https'] }),
  ),
  COMPLETION_API_KEY: optional(
    'Completion',
    'API key of an openai provider; empty for servers that need none.',
    Joi.string(),
    true,
  ),
  COMPLETION_MAX_TOKENS: plain('Completion', 'Most tokens of an answer.', '1024', count(16, 32_000)),
  COMPLETION_MAX_TOKENS_FIELD: plain(
    'Completion',
    'Name of that limit in requests: max_tokens, or max_completion_tokens where a model of OpenAI wants it.',
    'max_tokens',
    Joi.valid('max_tokens', 'max_completion_tokens'),
  ),
  COMPLETION_CONTEXT_TOKENS: plain(
    'Completion',
    'Most tokens of a prompt; with the answer it must fit into the context of the model.',
    '8000',
    count(1000, 1_000_000),
  ),
  COMPLETION_FIRST_BYTE_TIMEOUT_MS: plain(
    'Completion',
    'Longest time to the first piece of an answer, connecting included, in ms.',
    '30000',
    count(),
  ),
  COMPLETION_IDLE_TIMEOUT_MS: plain(
    'Completion',
    'Longest time between two pieces of an answer, in ms.',
    '20000',
    count(),
  ),
  COMPLETION_TIMEOUT_MS: plain('Completion', 'Longest time of one provider call, in ms.', '120000', count()),

  REPLY_PASSAGES: plain('Conversations', 'Passages of documents given to a reply.', '6', count(0, 50)),
  REPLY_MEMORIES: plain('Conversations', 'Memories given to a reply.', '6', count(0, 50)),
  REPLIES_PER_USER: plain(
    'Conversations',
    'Replies to one user that one API process makes at the same time.',
    '5',
    count(),
  ),
  CONVERSATION_ARCHIVE_AFTER_DAYS: plain(
    'Conversations',
    'Days without a message after which a conversation is archived; 0 is never.',
    '90',
    count(0, 3650),
  ),

  JOB_RETENTION_DAYS: plain(
    'Retention',
    'Days for which jobs are kept after their end; 0 is as long as the account. The last ingestion stays with its document.',
    '90',
    count(0, 3650),
  ),
  AUDIT_RETENTION_DAYS: plain(
    'Retention',
    'Days for which audit events are kept, at least 90; 0 is as long as the account, or forever where there is none.',
    '400',
    count(0, 3650),
  ),
  RETRIEVAL_RETENTION_DAYS: plain(
    'Retention',
    'Days for which the log of searches is kept; 0 is as long as the account. The last 50 of an assistant stay with it.',
    '90',
    count(0, 3650),
  ),

  SEARCH_VECTOR_WEIGHT: plain(
    'Search',
    'Share of the vector score in the score of a hybrid search, 0 to 1; more suits embedders that know meaning.',
    '0.25',
    Joi.number().min(0).max(1),
  ),
  SEARCH_FEEDBACK_WEIGHT: plain(
    'Search',
    'Weight of the words of the best passages in a second look at the text, 0 to 1; 0 looks only once.',
    '0.5',
    Joi.number().min(0).max(1),
  ),
  SEARCH_MIN_SCORE: plain(
    'Search',
    'Score from which the best hit counts as found, for assistants without a min_score of their own.',
    '0.2',
    Joi.number().min(0).max(1),
  ),

  MEMORY_SIMILARITY: plain(
    'Memories',
    'Similarity from which two memories are near-duplicates, 0.5 to 1: 1 only for the same words.',
    '0.85',
    Joi.number().min(0.5).max(1),
  ),
  MEMORY_RECALL_MINUTES: plain(
    'Memories',
    'Minutes for which what a search has returned is not taken in as a new memory; 0 takes everything in.',
    '30',
    count(0, 1440),
  ),

  CONCURRENCY_EXTRACTION: plain('Worker', 'Documents one worker chunks at the same time.', '2', count(1, 64)),
  CONCURRENCY_EMBEDDING: plain(
    'Worker',
    'Embedding batches one worker processes at the same time.',
    '4',
    count(1, 64),
  ),
  CONCURRENCY_INDEXING: plain(
    'Worker',
    'Documents one worker publishes to search, or gives another title, at the same time.',
    '2',
    count(1, 64),
  ),
  CONCURRENCY_MAINTENANCE: plain(
    'Worker',
    'Exports and purges of accounts one worker runs at the same time.',
    '1',
    count(1, 64),
  ),
  CONCURRENCY_WEBHOOK: plain(
    'Worker',
    'Messages to webhooks one worker delivers at the same time.',
    '4',
    count(1, 64),
  ),
  WORKER_NICE: plain(
    'Worker',
    'Niceness of a worker and of the processes that it starts, 0 to 19: where the processor is short, the API goes first.',
    '10',
    Joi.number().integer().min(0).max(19),
  ),
  WORKER_QUEUES: plain(
    'Worker',
    'Queues that this worker serves, by comma; between them, all workers must serve all.',
    queueNames.join(','),
    list(Joi.string().valid(...queueNames)),
  ),
  MAINTENANCE_INTERVAL_MS: plain(
    'Worker',
    'Pause between two rounds of clearing away what has expired, of all workers together, in ms.',
    '60000',
    count(50),
  ),
  CANARY_INTERVAL_MS: plain(
    'Worker',
    'Pause between two small documents that the product sends through itself and finds by search, in ms; 0 sends none.',
    '60000',
    count(0),
  ),
  CANARY_OVERDUE_MS: plain(
    'Worker',
    'Time after which such a document should have been found, in ms: readiness warns from then on.',
    '210000',
    count(1000),
  ),
  JOB_LEASE_MS: plain(
    'Worker',
    'How long a job belongs to a silent worker before another takes it, in ms.',
    '15000',
    count(1000),
  ),
  RELAY_INTERVAL_MS: plain(
    'Worker',
    'Pause between two looks for jobs that never reached the queue, in ms.',
    '1000',
    count(50),
  ),
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** What the settings say, each in the type that its schema makes; wrong and missing ones are left out. */
export type Values = Partial<Record<SettingName, unknown>>;
