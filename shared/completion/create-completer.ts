import type { CompletionConfig } from '../config/completion-config.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { BreakerSetup } from '../net/circuit-breaker.ts';
import type { ProviderGuard } from '../net/provider-guard.ts';
import type { Completer } from './completer.ts';
import { createExtractiveCompleter } from './extractive-completer.ts';
import { createOpenAiCompleter } from './openai-completer.ts';

/** Makes the completer that the settings name; `guard` is for addresses that users give. */
export function createCompleter(
  config: CompletionConfig,
  options: {
    readonly logger: Logger;
    readonly metrics: Metrics;
    readonly guard?: ProviderGuard;
  } & BreakerSetup,
): Completer {
  if (config.provider === 'extractive') return createExtractiveCompleter(options);
  const { model } = config;
  if (model === undefined) throw new RangeError('an openai completer needs a model');
  return createOpenAiCompleter({ ...config, model }, options);
}
