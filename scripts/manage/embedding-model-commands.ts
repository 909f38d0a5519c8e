import { createEmbeddingModelService } from '#api/embedding-models/embedding-model-service.ts';
import type { EmbeddingModelService, ShownModel } from '#api/embedding-models/embedding-model-service.ts';
import { createEmbedders } from '#shared/embedding/create-embedder.ts';
import { createJobProducer } from '#shared/queue/producer.ts';
import type { OperatorContext } from './operator-context.ts';

export interface NewModelOptions {
  readonly provider: string;
  readonly name: string;
  readonly dimensions: number;
  readonly baseUrl?: string;
}

/** Nobody has logged in: whoever has the settings is the operator. */
const ACTOR = { actorId: null, apiKeyId: undefined };

/** Shows all models, with how far their vectors are. */
export const listModels = (context: OperatorContext): Promise<void> =>
  withModels(context, async (models) => {
    for (let after: string | null = null; ;) {
      const page = await models.list({ limit: 100, after });
      for (const shown of page.items) context.say(lineOf(shown));
      after = page.nextAfter;
      if (after === null) return;
    }
  });

/** Makes a model known; it is asked for one vector first. */
export const registerModel = (context: OperatorContext, options: NewModelOptions): Promise<void> =>
  withModels(context, async (models) => {
    const baseUrl = options.baseUrl?.replace(/\/+$/, '') ?? null;
    const signal = AbortSignal.timeout(context.config.embedding.timeoutMs);
    context.say(lineOf(await models.register({ ...options, baseUrl }, ACTOR, signal)));
  });

export const buildModel = (context: OperatorContext, id: number): Promise<void> =>
  withModels(context, async (models) => {
    context.say(lineOf(await models.build(id, ACTOR)));
    context.say('The workers build it in the background; "embedding-model list" shows how far they are.');
  });

/** Shows what a model refuses, and why. */
export const listRefused = (context: OperatorContext, id: number): Promise<void> =>
  withModels(context, async (models) => {
    for (let after: string | null = null; ;) {
      const page = await models.refused(id, { limit: 100, after });
      for (const text of page.items) {
        const place = text.documentId === null ? '' : ` of document ${text.documentId}, at ${text.position}`;
        context.say(`${text.kind} ${text.id}${place}: ${text.error?.message ?? 'no reason was noted'}`);
      }
      after = page.nextAfter;
      if (after === null) return;
    }
  });

/** What somebody who puts a model in use may decide. */
export interface SwitchOptions {
  readonly acceptRefused?: boolean;
}

export const activateModel = (
  context: OperatorContext,
  id: number,
  { acceptRefused = false }: SwitchOptions = {},
): Promise<void> =>
  withModels(context, async (models) => {
    context.say(lineOf(await models.activate(id, acceptRefused, ACTOR)));
    context.say('Searches use it from now on. Name it in the EMBEDDING_* settings when it is to stay.');
  });

export const rollbackModel = (
  context: OperatorContext,
  { acceptRefused = false }: SwitchOptions = {},
): Promise<void> =>
  withModels(context, async (models) => context.say(lineOf(await models.rollback(acceptRefused, ACTOR))));

export const dropModel = (context: OperatorContext, id: number): Promise<void> =>
  withModels(context, async (models) => context.say(lineOf(await models.drop(id, ACTOR))));

/** Opens the queue as well: what it cannot be told now, the workers find by themselves. */
async function withModels(
  { config, database, logger, metrics }: OperatorContext,
  work: (models: EmbeddingModelService) => Promise<void>,
): Promise<void> {
  const { queueUrl: url, keyPrefix: prefix } = config.redis;
  await using producer = createJobProducer({ url, prefix, ledger: database.ledger, logger });
  const embedders = createEmbedders(config.embedding, { logger, metrics });
  await work(createEmbeddingModelService({ database, producer, embedders }));
}

function lineOf({ model, progress }: ShownModel): string {
  const { total, embedded, failed } = progress;
  const place = model.baseUrl === null ? '' : ` at ${model.baseUrl}`;
  const refused = failed === 0 ? '' : `, ${failed} refused`;
  return `${model.id}  ${model.state.padEnd(10)}  ${embedded} of ${total}${refused}  ${model.provider} ${model.name}, ${model.dimensions} dimensions${place}`;
}
