import type { LogLevelName } from '../logging/log-level.ts';
import { diagnosticsConfig } from './diagnostics-config.ts';
import type { DiagnosticsConfig } from './diagnostics-config.ts';
import { completionConfig, conversationConfig } from './completion-config.ts';
import { allowedOrigins } from './allowed-origins.ts';
import { ConfigError } from './config-error.ts';
import { graphqlConfig } from './graphql-config.ts';
import type { GraphqlConfig } from './graphql-config.ts';
import type { CompletionConfig, ConversationConfig } from './completion-config.ts';
import { databaseConfig } from './database-config.ts';
import type { DatabaseConfig } from './database-config.ts';
import { retentionConfig } from './retention-config.ts';
import type { RetentionConfig } from './retention-config.ts';
import { cacheConfig } from './cache-config.ts';
import type { CacheConfig } from './cache-config.ts';
import type { Quotas } from '../domain/quotas.ts';
import { crossFieldFaults } from './cross-field-faults.ts';
import type { QueueName } from '../queue/catalog.ts';
import { settings } from './settings.ts';
import type { SettingName, Values } from './settings.ts';
import type { Env } from './env.ts';
import type { KeyEncryptionKey } from '../crypto/envelope.ts';

/** The settings, checked, typed and grouped by what they configure. */
export interface Config {
  readonly environment: 'development' | 'test' | 'production';
  readonly logLevel: LogLevelName;
  readonly diagnostics: DiagnosticsConfig;
  readonly shutdownTimeoutMs: number;
  readonly breakerPauseMs: number;
  readonly api: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string;
    readonly allowedOrigins: readonly string[];
    readonly trustProxy: readonly string[];
    readonly securityContact: string | undefined;
    readonly metricsPort: number;
    readonly secureCookies: boolean;
    readonly eventStreamsPerUser: number;
    readonly shutdownNoticeMs: number;
  };
  readonly graphql: GraphqlConfig;
  readonly metricsHost: string;
  readonly database: DatabaseConfig;
  readonly redis: { readonly queueUrl: string; readonly cacheUrl: string; readonly keyPrefix: string };
  readonly cache: CacheConfig;
  readonly auth: {
    readonly signingKeys: readonly string[];
    readonly csrfSecret: string;
    readonly accessTtlSeconds: number;
    readonly sessionIdleSeconds: number;
    readonly sessionTtlSeconds: number;
    readonly signUp: 'open' | 'invitation' | 'closed';
    readonly passwordResetTtlMinutes: number;
    readonly passwordResetUrl: string | undefined;
    readonly admin:
      { readonly username: string; readonly email: string; readonly password: string } | undefined;
  };
  readonly limits: {
    readonly authAttemptsPer15Min: number;
    readonly requestsPerMinute: number;
    readonly uploadsPerMinute: number;
    readonly uploadFailuresPerMinute: number;
    readonly uploadsInFlight: number;
    readonly uploadMaxBytes: number;
    readonly highPriorityPerUser: number;
    readonly batchesPerUser: number;
    readonly batchTimeoutMs: number;
    readonly batchResponseMaxBytes: number;
  };
  readonly mail: { readonly smtpUrl: string | undefined; readonly from: string };
  readonly quotas: Quotas;
  readonly account: {
    readonly deletionGraceDays: number;
    readonly exportTtlHours: number;
    readonly exportsPerDay: number;
  };
  readonly chunking: { readonly sizeTokens: number; readonly overlapTokens: number };
  readonly extraction: {
    readonly timeoutMs: number;
    readonly memoryBytes: number;
    readonly maxPages: number;
    readonly maxChars: number;
  };
  readonly textSearchLanguage: string;
  readonly embedding: {
    readonly provider: 'builtin' | 'openai';
    readonly model: string | undefined;
    readonly dimensions: number | undefined;
    readonly baseUrl: string;
    readonly apiKey: string | undefined;
    readonly batchSize: number;
    readonly timeoutMs: number;
    readonly queryTimeoutMs: number;
    /** A second provider, for the model that is to follow. */
    readonly next: { readonly baseUrl: string | undefined; readonly apiKey: string | undefined };
    /** Texts a minute that a build in the background embeds; 0 is without limit. */
    readonly buildPerMinute: number;
  };
  readonly completion: CompletionConfig;
  readonly conversations: ConversationConfig;
  readonly retention: RetentionConfig;
  readonly integrations: {
    /** The first encrypts, all decrypt. */
    readonly keys: readonly KeyEncryptionKey[];
    readonly allowedHosts: readonly string[];
    readonly allowPrivate: boolean;
  };
  readonly search: {
    readonly vectorWeight: number;
    readonly feedbackWeight: number;
    readonly minScore: number;
  };
  readonly canary: {
    /** 0 sends none. */
    readonly intervalMs: number;
    readonly overdueMs: number;
  };
  readonly memories: { readonly similarity: number; readonly recallMinutes: number };
  readonly worker: {
    readonly port: number;
    readonly concurrency: {
      readonly extraction: number;
      readonly embedding: number;
      readonly indexing: number;
      readonly maintenance: number;
      readonly webhook: number;
    };
    /** What requests wait for goes before what jobs do. */
    readonly nice: number;
    /** Those of the queues that this process serves. */
    readonly queues: readonly QueueName[];
    readonly leaseMs: number;
    readonly relayIntervalMs: number;
    readonly maintenanceIntervalMs: number;
  };
}

export { ConfigError };

/**
 * Checks the raw settings and groups them.
 *
 * @throws ConfigError listing all faults at once, by setting name; secret values are not repeated.
 */
export function createConfig(env: Env): Config {
  const faults: string[] = [];
  const values = parse(env, faults);
  faults.push(...crossFieldFaults(values));
  if (faults.length > 0) throw new ConfigError(faults);
  return group(values);
}

function parse(env: Env, faults: string[]): Values {
  const values: Values = {};
  for (const [name, setting] of Object.entries(settings) as [SettingName, (typeof settings)[SettingName]][]) {
    const raw = env[name] ?? ('fallback' in setting ? setting.fallback : undefined);
    if (raw === undefined) {
      if (setting.source !== 'optional' && setting.source !== 'password')
        faults.push(`${name} is missing: ${setting.description}`);
      continue;
    }
    const checked = setting.schema.validate(raw, { convert: true });
    if (checked.error) faults.push(`${name} is not valid: ${reason(checked.error.message, setting)}`);
    else values[name] = checked.value as unknown;
  }
  return values;
}

const reason = (message: string, setting: { secret?: boolean; description: string }): string =>
  setting.secret === true ? setting.description : message.replace('"value" ', '');

function group(values: Values): Config {
  // The schema of each setting has produced the type asked for here.
  const get = <T>(name: SettingName): T => values[name] as T;
  const host = get<string>('HOST');
  const port = get<number>('PORT');
  const authority = host.includes(':') ? `[${host}]` : host;
  const publicUrl = (get<string | undefined>('PUBLIC_URL') ?? `http://${authority}:${port}`).replace(
    /\/+$/,
    '',
  );
  const environment = get<Config['environment']>('NODE_ENV');
  const username = get<string | undefined>('ADMIN_USERNAME');
  return {
    environment,
    logLevel: get('LOG_LEVEL'),
    diagnostics: diagnosticsConfig(get),
    shutdownTimeoutMs: get('SHUTDOWN_TIMEOUT_MS'),
    breakerPauseMs: get('BREAKER_PAUSE_MS'),
    api: {
      host,
      port,
      publicUrl,
      allowedOrigins: allowedOrigins(publicUrl, get('ALLOWED_ORIGINS'), environment),
      trustProxy: get('TRUST_PROXY'),
      securityContact: get('SECURITY_CONTACT'),
      metricsPort: get('API_METRICS_PORT'),
      secureCookies: new URL(publicUrl).protocol === 'https:',
      shutdownNoticeMs: get('SHUTDOWN_NOTICE_MS'),
      eventStreamsPerUser: get('EVENT_STREAMS_PER_USER'),
    },
    graphql: graphqlConfig(get, environment),
    metricsHost: get('METRICS_HOST'),
    database: databaseConfig(get),
    redis: {
      queueUrl: get('REDIS_URL'),
      cacheUrl: get<string | undefined>('REDIS_CACHE_URL') ?? get('REDIS_URL'),
      keyPrefix: get('REDIS_KEY_PREFIX'),
    },
    cache: cacheConfig(get),
    auth: {
      signingKeys: get<string>('AUTH_SIGNING_KEYS').split(','),
      csrfSecret: get('CSRF_SECRET'),
      accessTtlSeconds: get('ACCESS_TOKEN_TTL_SECONDS'),
      sessionIdleSeconds: get('SESSION_IDLE_SECONDS'),
      sessionTtlSeconds: get('SESSION_TTL_SECONDS'),
      signUp: get('SIGN_UP'),
      passwordResetTtlMinutes: get('PASSWORD_RESET_TTL_MINUTES'),
      passwordResetUrl: get('PASSWORD_RESET_URL'),
      admin:
        username === undefined
          ? undefined
          : { username, email: get('ADMIN_EMAIL'), password: get('ADMIN_PASSWORD') },
    },
    limits: {
      authAttemptsPer15Min: get('AUTH_ATTEMPTS_PER_15_MIN'),
      requestsPerMinute: get('REQUESTS_PER_MINUTE'),
      uploadsPerMinute: get('UPLOADS_PER_MINUTE'),
      uploadFailuresPerMinute: get('UPLOAD_FAILURES_PER_MINUTE'),
      uploadsInFlight: get('UPLOADS_IN_FLIGHT'),
      uploadMaxBytes: get('UPLOAD_MAX_BYTES'),
      highPriorityPerUser: get('HIGH_PRIORITY_PER_USER'),
      batchesPerUser: get('BATCHES_PER_USER'),
      batchTimeoutMs: get('BATCH_TIMEOUT_MS'),
      batchResponseMaxBytes: get('BATCH_RESPONSE_MAX_BYTES'),
    },
    mail: { smtpUrl: get('SMTP_URL'), from: get('MAIL_FROM') },
    quotas: {
      documents: get('QUOTA_DOCUMENTS'),
      bytes: get('QUOTA_BYTES'),
      embeddingTokensPerDay: get('QUOTA_EMBEDDING_TOKENS_PER_DAY'),
      completionTokensPerDay: get('QUOTA_COMPLETION_TOKENS_PER_DAY'),
    },
    account: {
      deletionGraceDays: get('ACCOUNT_DELETION_GRACE_DAYS'),
      exportTtlHours: get('ACCOUNT_EXPORT_TTL_HOURS'),
      exportsPerDay: get('ACCOUNT_EXPORTS_PER_DAY'),
    },
    chunking: { sizeTokens: get('CHUNK_SIZE_TOKENS'), overlapTokens: get('CHUNK_OVERLAP_TOKENS') },
    extraction: {
      timeoutMs: get('EXTRACT_TIMEOUT_MS'),
      memoryBytes: get('EXTRACT_MEMORY_BYTES'),
      maxPages: get('EXTRACT_MAX_PAGES'),
      maxChars: get('EXTRACT_MAX_CHARS'),
    },
    textSearchLanguage: get('TEXT_SEARCH_LANGUAGE'),
    embedding: {
      provider: get('EMBEDDING_PROVIDER'),
      model: get('EMBEDDING_MODEL'),
      dimensions: get('EMBEDDING_DIMENSIONS'),
      baseUrl: get<string>('EMBEDDING_BASE_URL').replace(/\/+$/, ''),
      apiKey: get('EMBEDDING_API_KEY'),
      batchSize: get('EMBEDDING_BATCH_SIZE'),
      timeoutMs: get('EMBEDDING_TIMEOUT_MS'),
      queryTimeoutMs: get('EMBEDDING_QUERY_TIMEOUT_MS'),
      next: {
        baseUrl: get<string | undefined>('EMBEDDING_NEXT_BASE_URL')?.replace(/\/+$/, ''),
        apiKey: get('EMBEDDING_NEXT_API_KEY'),
      },
      buildPerMinute: get('EMBEDDING_BUILD_PER_MINUTE'),
    },
    completion: completionConfig(get),
    conversations: conversationConfig(get),
    retention: retentionConfig(get),
    integrations: {
      keys: get<string>('CREDENTIAL_KEYS')
        .split(',')
        .map((key) => key.split(':'))
        .map(([id = '', key = '']) => ({ id, bytes: Buffer.from(key, 'base64url') })),
      allowedHosts: get('PROVIDER_ALLOWED_HOSTS'),
      allowPrivate: get('PROVIDER_ALLOW_PRIVATE'),
    },
    search: {
      vectorWeight: get('SEARCH_VECTOR_WEIGHT'),
      feedbackWeight: get('SEARCH_FEEDBACK_WEIGHT'),
      minScore: get('SEARCH_MIN_SCORE'),
    },
    canary: { intervalMs: get('CANARY_INTERVAL_MS'), overdueMs: get('CANARY_OVERDUE_MS') },
    memories: { similarity: get('MEMORY_SIMILARITY'), recallMinutes: get('MEMORY_RECALL_MINUTES') },
    worker: {
      port: get('WORKER_PORT'),
      concurrency: {
        extraction: get('CONCURRENCY_EXTRACTION'),
        embedding: get('CONCURRENCY_EMBEDDING'),
        indexing: get('CONCURRENCY_INDEXING'),
        maintenance: get('CONCURRENCY_MAINTENANCE'),
        webhook: get('CONCURRENCY_WEBHOOK'),
      },
      nice: get('WORKER_NICE'),
      queues: [...new Set(get<QueueName[]>('WORKER_QUEUES'))],
      leaseMs: get('JOB_LEASE_MS'),
      relayIntervalMs: get('RELAY_INTERVAL_MS'),
      maintenanceIntervalMs: get('MAINTENANCE_INTERVAL_MS'),
    },
  };
}
