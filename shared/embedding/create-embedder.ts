import type { Config } from '../config/config.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createBuiltinEmbedder } from './builtin-embedder.ts';
import type { BreakerSetup } from '../net/circuit-breaker.ts';
import type { ProviderGuard } from '../net/provider-guard.ts';
import type { Embedder } from './embedder.ts';
import { createOpenAiEmbedder } from './openai-embedder.ts';

/** Makes the embedder that the settings name; `guard` is for addresses that users give. */
export function createEmbedder(
  config: Config['embedding'],
  options: {
    readonly logger: Logger;
    readonly metrics: Metrics;
    readonly guard?: ProviderGuard;
  } & BreakerSetup,
): Embedder {
  if (config.provider === 'builtin') return createBuiltinEmbedder(options);
  const { model, dimensions } = config;
  if (model === undefined || dimensions === undefined)
    throw new RangeError('an openai embedder needs a model and its dimensions');
  return createOpenAiEmbedder({ ...config, model, dimensions }, options);
}
