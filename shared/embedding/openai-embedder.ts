import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors/app-error.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { EmbedOptions, Embedder } from './embedder.ts';
import type { ProviderGuard } from '../net/provider-guard.ts';
import { requestEmbeddings } from './openai-request.ts';

export interface OpenAiEmbedderConfig {
  readonly model: string;
  readonly dimensions: number;
  /** Without `/embeddings` and without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Texts of one call. */
  readonly batchSize: number;
  /** Longest time of one call that embeds documents, in ms. */
  readonly timeoutMs: number;
  /** Longest time of a call that embeds a question, for which somebody waits, in ms. */
  readonly queryTimeoutMs: number;
}

export interface OpenAiEmbedderOptions {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly retry?: RetryOptions;
  readonly breaker?: CircuitBreaker;
  /** Sends requests to addresses that users give; without it such addresses are refused. */
  readonly guard?: ProviderGuard;
}

export interface RetryOptions {
  /** Calls in all. */
  readonly attempts: number;
  readonly baseMs: number;
  /** Longest pause; a provider that asks for a longer one is left to the caller's own retry. */
  readonly maxMs: number;
  readonly random?: () => number;
}

const RETRY: RetryOptions = { attempts: 4, baseMs: 250, maxMs: 8_000 };

/**
 * Makes an embedder over any server with OpenAI's `/v1/embeddings`. Calls that embed documents are repeated after
 * network errors, timeouts, 5xx and 429; a question is asked once, because a search can do without its vector.
 */
export function createOpenAiEmbedder(config: OpenAiEmbedderConfig, options: OpenAiEmbedderOptions): Embedder {
  const model = { provider: 'openai', name: config.model, dimensions: config.dimensions };
  const breakerOf = breakersByAddress(config.baseUrl, options);
  const call = async (texts: readonly string[], timeoutMs: number, { signal, credential }: EmbedOptions) => {
    const baseUrl = credential?.baseUrl ?? config.baseUrl;
    const request = {
      ...config,
      timeoutMs,
      baseUrl,
      ...(credential === undefined
        ? {}
        : {
            apiKey: credential.apiKey,
            ownCredential: true,
            post: postOf(credential.baseUrl, options.guard),
          }),
    };
    const count = (outcome: string): void =>
      options.metrics.embedderCalls.inc({ provider: model.provider, outcome });
    try {
      const vectors = await breakerOf(baseUrl).run(() => requestEmbeddings(request, texts, signal));
      count('ok');
      options.metrics.embedderTexts.inc({ provider: model.provider }, texts.length);
      return vectors;
    } catch (error) {
      count(error instanceof AppError ? error.code.replace('embedding.', '') : 'cancelled');
      throw error;
    }
  };
  return {
    model,
    embedDocuments: async (texts, embed) => {
      const vectors: Float32Array[] = [];
      for (let start = 0; start < texts.length; start += config.batchSize) {
        const batch = texts.slice(start, start + config.batchSize);
        const retry = options.retry ?? RETRY;
        vectors.push(...(await repeat(() => call(batch, config.timeoutMs, embed), retry, embed.signal)));
      }
      return vectors;
    },
    embedQuery: async (text, embed) => {
      const [vector] = await call([text], config.queryTimeoutMs, embed);
      return vector as Float32Array;
    },
  };
}

/** What a request to a user's own address goes through; undefined for the operator's, which is trusted. */
function postOf(baseUrl: string | null, guard: ProviderGuard | undefined): ProviderGuard['post'] | undefined {
  if (baseUrl === null) return undefined;
  if (guard === undefined) throw new AppError('credential.base_url_forbidden');
  return (url, post) => guard.post(url, post);
}

/** Addresses of users that are remembered as down at the same time; more would be somebody's attack on memory. */
const MOST_BREAKERS = 200;

/** One breaker an address, so that one user's broken server is not taken for an outage of everybody's. */
function breakersByAddress(own: string, options: OpenAiEmbedderOptions): (baseUrl: string) => CircuitBreaker {
  const main = options.breaker ?? createCircuitBreaker(options);
  const others = new Map<string, CircuitBreaker>();
  return (baseUrl) => {
    if (baseUrl === own) return main;
    const breaker = others.get(baseUrl) ?? createCircuitBreaker({ ...options, service: undefined });
    // The map keeps the order of insertion: what was used last goes to its end, and the first is dropped.
    others.delete(baseUrl);
    others.set(baseUrl, breaker);
    const [oldest] = others.keys();
    if (others.size > MOST_BREAKERS && oldest !== undefined) others.delete(oldest);
    return breaker;
  };
}

async function repeat<T>(call: () => Promise<T>, retry: RetryOptions, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable || attempt >= retry.attempts) throw error;
      const pause = pauseBefore(attempt, error.retryAfterSeconds, retry);
      if (pause === undefined) throw error;
      await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

/**
 * Pause after a failed attempt, in ms: exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter",
 * 2015), but no less than the provider asks for.
 *
 * @param attempt number of the failed attempt, from 1
 * @returns undefined when the provider asks for more than the longest pause
 */
export function pauseBefore(
  attempt: number,
  retryAfterSeconds: number | undefined,
  retry: RetryOptions,
): number | undefined {
  const asked = (retryAfterSeconds ?? 0) * 1000;
  if (asked > retry.maxMs) return undefined;
  const jitter = (retry.random ?? Math.random)() * Math.min(retry.maxMs, retry.baseMs * 2 ** (attempt - 1));
  return Math.max(asked, jitter);
}
