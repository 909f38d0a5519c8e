import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors/app-error.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { Embedder } from './embedder.ts';
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
  const breaker = options.breaker ?? createCircuitBreaker(options);
  const call = async (texts: readonly string[], timeoutMs: number, signal: AbortSignal) => {
    const count = (outcome: string): void =>
      options.metrics.embedderCalls.inc({ provider: model.provider, outcome });
    try {
      const vectors = await breaker.run(() => requestEmbeddings({ ...config, timeoutMs }, texts, signal));
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
    embedDocuments: async (texts, { signal }) => {
      const vectors: Float32Array[] = [];
      for (let start = 0; start < texts.length; start += config.batchSize) {
        const batch = texts.slice(start, start + config.batchSize);
        const retry = options.retry ?? RETRY;
        vectors.push(...(await repeat(() => call(batch, config.timeoutMs, signal), retry, signal)));
      }
      return vectors;
    },
    embedQuery: async (text, { signal }) => {
      const [vector] = await call([text], config.queryTimeoutMs, signal);
      return vector as Float32Array;
    },
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
