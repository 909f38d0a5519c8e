import { ConfigError } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../errors/app-error.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createCircuitBreaker } from '../net/circuit-breaker.ts';
import type { BreakerSetup } from '../net/circuit-breaker.ts';
import type { ProviderGuard } from '../net/provider-guard.ts';
import { createBuiltinEmbedder } from './builtin-embedder.ts';
import type { Embedder, EmbedderModel } from './embedder.ts';
import { createOpenAiEmbedder } from './openai-embedder.ts';

/** A model, and where it is asked for: null for the address of the settings. */
export interface PlacedModel extends EmbedderModel {
  readonly baseUrl: string | null;
}

/** The embedders of one process, one for each model. */
export interface Embedders {
  /** The model that the settings name. */
  readonly configured: EmbedderModel;
  /** @throws AppError embedding.model_unavailable when nothing here can make vectors of this model */
  of(model: PlacedModel): Embedder;
  /** @throws ConfigError when the settings do not allow for the model that stored vectors were made by */
  assertUsable(model: PlacedModel): void;
}

export interface EmbedderParts extends BreakerSetup {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** For addresses that users give. */
  readonly guard?: ProviderGuard;
}

/** Makes embedders of whichever models are asked for. A key is sent to the address that it is set for and to no other. */
export function createEmbedders(config: Config['embedding'], parts: EmbedderParts): Embedders {
  const builtin = createBuiltinEmbedder(parts);
  const made = new Map<string, Embedder>();
  const make = (model: PlacedModel): Embedder => {
    if (model.provider === 'builtin' && isSame(builtin.model, model)) return builtin;
    if (model.provider !== 'openai')
      throw unavailable(`There is no embedder of ${model.provider} ${model.name} here.`);
    // Each has a breaker of its own: a model that fails says nothing of the others at the same address.
    const of = model.name === config.model ? undefined : model.name;
    return createOpenAiEmbedder(
      { ...config, ...placeOf(config, model.baseUrl), model: model.name, dimensions: model.dimensions },
      { ...parts, breaker: createCircuitBreaker({ ...parts, service: 'embedding', of }) },
    );
  };
  const of = (model: PlacedModel): Embedder => {
    const key = JSON.stringify([model.provider, model.name, model.dimensions, model.baseUrl]);
    const embedder = made.get(key) ?? make(model);
    made.set(key, embedder);
    return embedder;
  };
  return {
    configured: config.provider === 'builtin' ? builtin.model : configuredModel(config),
    of,
    assertUsable: (model) => {
      try {
        of(model);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const { provider, name, dimensions } = model;
        throw new ConfigError([
          `EMBEDDING_*: the stored vectors were made by ${provider} ${name} (${dimensions} dimensions). ${error.detail} Restore the former settings, and change the model by "npm run manage -- embedding-model".`,
        ]);
      }
    },
  };
}

function configuredModel({ provider, model, dimensions }: Config['embedding']): EmbedderModel {
  if (model === undefined || dimensions === undefined)
    throw new RangeError('an openai embedder needs a model and its dimensions');
  return { provider, name: model, dimensions };
}

/** Which of the two addresses of the settings it is, with its key; where no provider is set up, nobody is called. */
function placeOf(config: Config['embedding'], baseUrl: string | null) {
  const { next } = config;
  if (baseUrl !== null && baseUrl === next.baseUrl) return { baseUrl, apiKey: next.apiKey };
  if (config.provider === 'openai' && (baseUrl === null || baseUrl === config.baseUrl))
    return { baseUrl: config.baseUrl, apiKey: config.apiKey };
  throw unavailable(
    'Its address is neither EMBEDDING_BASE_URL, with EMBEDDING_PROVIDER=openai, nor EMBEDDING_NEXT_BASE_URL.',
  );
}

const unavailable = (detail: string): AppError =>
  new AppError('embedding.model_unavailable', { detail, stage: 'embed' });

const isSame = (a: EmbedderModel, b: EmbedderModel): boolean =>
  a.name === b.name && a.dimensions === b.dimensions;
