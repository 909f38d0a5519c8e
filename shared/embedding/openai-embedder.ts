import { AppError } from '../errors/app-error.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { breakersByAddress } from '../net/circuit-breaker.ts';
import type { BreakerSetup, CircuitBreaker } from '../net/circuit-breaker.ts';
import type { ProviderGuard } from '../net/provider-guard.ts';
import { postOf } from '../net/provider-request.ts';
import { repeat } from '../net/repeat.ts';
import type { RetryOptions } from '../net/repeat.ts';
import type { EmbedOptions, Embedder } from './embedder.ts';
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

export interface OpenAiEmbedderOptions extends BreakerSetup {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly retry?: RetryOptions;
  readonly breaker?: CircuitBreaker;
  /** Sends requests to addresses that users give; without it such addresses are refused. */
  readonly guard?: ProviderGuard;
}

const RETRY: RetryOptions = { attempts: 4, baseMs: 250, maxMs: 8_000 };

/**
 * Makes an embedder over any server with OpenAI's `/v1/embeddings`. Calls that embed documents are repeated after
 * network errors, timeouts, 5xx and 429; a question is asked once, because a search can do without its vector.
 */
export function createOpenAiEmbedder(config: OpenAiEmbedderConfig, options: OpenAiEmbedderOptions): Embedder {
  const model = { provider: 'openai', name: config.model, dimensions: config.dimensions };
  const breakerOf = breakersByAddress(config.baseUrl, { ...options, service: 'embedding' });
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
    const { provider } = model;
    const stopTimer = options.metrics.embedderDuration.startTimer({ provider });
    const count = (outcome: string): void => {
      stopTimer({ outcome });
      options.metrics.embedderCalls.inc({ provider, outcome });
    };
    try {
      const { vectors, tokens } = await breakerOf(baseUrl).run(() =>
        requestEmbeddings(request, texts, signal),
      );
      count('ok');
      options.metrics.embedderTexts.inc({ provider }, texts.length);
      if (tokens !== undefined) options.metrics.embedderTokens.inc({ provider }, tokens);
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
