import type { Actor } from '#api/http/endpoint.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import type { RefusedText } from '#db/queries/refused-texts.ts';
import { buildJob } from '#db/plan-builds.ts';
import type { RegisteredModel } from '#db/stores/embedding-model-store.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { BuildProgress } from '#db/stores/vector-build-store.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { FieldError } from '#shared/errors/app-error.ts';
import type { Embedders, PlacedModel } from '#shared/embedding/create-embedder.ts';
import type { JobProducer } from '#shared/queue/producer.ts';

/** A model with how far its vectors are. */
export interface ShownModel {
  readonly model: RegisteredModel;
  readonly progress: BuildProgress;
}

/** The use cases of a change of the embedding model; each is written down in the audit log. */
export interface EmbeddingModelService {
  list(page: PageRequest): Promise<Page<ShownModel>>;
  /** @throws AppError embedding_model.not_found */
  get(id: number): Promise<ShownModel>;
  /**
   * Makes a model known after asking it for one vector. What is known already is left as it is.
   *
   * @throws AppError embedding.model_unavailable, and what the embedder throws
   */
  register(model: PlacedModel, actor: Actor, signal: AbortSignal): Promise<ShownModel>;
  /**
   * Has vectors made of everything that search reads, in the background, and of what comes in from now on. What the
   * provider refused before is tried again.
   *
   * @throws AppError embedding_model.not_found, embedding_model.dropping
   */
  build(id: number, actor: Actor): Promise<ShownModel>;
  /** What a model refuses of all that search reads. @throws AppError embedding_model.not_found */
  refused(id: number, page: PageRequest): Promise<Page<RefusedText>>;
  /**
   * Makes searches use this model, all at once. The one before is kept complete for a way back.
   *
   * @param acceptRefused also without vectors of what it refuses; their documents say so
   * @throws AppError embedding_model.not_found, embedding_model.dropping, embedding_model.incomplete
   */
  activate(id: number, acceptRefused: boolean, actor: Actor): Promise<ShownModel>;
  /** Goes back to the model before. @throws AppError embedding_model.no_previous, embedding_model.incomplete */
  rollback(acceptRefused: boolean, actor: Actor): Promise<ShownModel>;
  /** Removes the vectors of a model in the background. @throws AppError embedding_model.not_found, embedding_model.in_use */
  drop(id: number, actor: Actor): Promise<ShownModel>;
}

export interface EmbeddingModelServiceOptions {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
  readonly embedders: Embedders;
}

/** Whatever a model says to this shows that it is there and how long its vectors are. */
const PROBE = 'Donkeys dislike rain.';

export function createEmbeddingModelService(options: EmbeddingModelServiceOptions): EmbeddingModelService {
  const { database } = options;
  const { read } = database;
  const show = async (models: readonly RegisteredModel[]): Promise<ShownModel[]> => {
    const progress = await read.vectorBuilds.progress(models.map(({ id }) => id));
    const none = { total: 0, embedded: 0, failed: 0 };
    return models.map((model) => ({ model, progress: progress.get(model.id) ?? none }));
  };
  const get = async (id: number): Promise<ShownModel> => {
    const [shown] = await show([await found(read, id)]);
    if (shown === undefined) throw new AppError('embedding_model.not_found');
    return shown;
  };
  const activate = async (id: number, { action, acceptRefused, actor }: Switch): Promise<ShownModel> => {
    // Looked at without a lock first: a count that fails keeps nobody from publishing.
    await assertComplete(read, id, acceptRefused);
    await database.transaction(async (tx) => {
      await tx.vectorBuilds.lockRefused(id);
      await tx.embeddingModels.lock();
      const model = await found(tx.read, id);
      if (model.state === 'active') return;
      const refused = await assertComplete(tx.read, id, acceptRefused);
      await tx.embeddingModels.activate(id);
      const documents = await tx.vectorBuilds.reviewRefused(id);
      await note(tx, model, action, actor, refused === 0 ? {} : { refused, documents });
    });
    return get(id);
  };
  return {
    list: async (page) => {
      const { items, nextAfter } = await read.embeddingModels.list(page);
      return { items: await show(items), nextAfter };
    },
    get,
    register: async (model, actor, signal) => {
      await probe(options.embedders, model, signal);
      const added = await database.transaction(async (tx) => {
        const registered = await tx.embeddingModels.add(model);
        await note(tx, registered, 'register', actor);
        return registered;
      });
      return get(added.id);
    },
    build: async (id, actor) => {
      await database.transaction(async (tx) => {
        await tx.embeddingModels.lock();
        const model = await found(tx.read, id);
        if (model.state === 'dropping') throw new AppError('embedding_model.dropping');
        if (model.state === 'registered' || model.state === 'dropped')
          await tx.embeddingModels.setState(id, 'building');
        await tx.vectorBuilds.forgetRefused(id);
        await note(tx, model, 'build', actor);
        if (await tx.read.jobs.isBusyWith('embedding.build', id, 0)) return;
        const jobs = await tx.jobs.insert([buildJob(await tx.systemUser.id(), id, null)]);
        tx.afterCommit(() => options.producer.deliver(deliveriesOf(jobs)));
      });
      return get(id);
    },
    refused: async (id, page) => {
      await found(read, id);
      return read.vectorBuilds.refused(id, page);
    },
    activate: (id, acceptRefused, actor) => activate(id, { action: 'activate', acceptRefused, actor }),
    rollback: async (acceptRefused, actor) => {
      const previous = await read.embeddingModels.previous();
      if (previous === undefined) throw new AppError('embedding_model.no_previous');
      return activate(previous.id, { action: 'rollback', acceptRefused, actor });
    },
    drop: async (id, actor) => {
      await database.transaction(async (tx) => {
        await tx.embeddingModels.lock();
        const model = await found(tx.read, id);
        if (model.state === 'active') throw new AppError('embedding_model.in_use');
        if (model.state === 'dropping' || model.state === 'dropped') return;
        await tx.embeddingModels.setState(id, 'dropping');
        await note(tx, model, 'drop', actor);
        const userId = await tx.systemUser.id();
        const jobs = await tx.jobs.insert([
          { type: 'embedding.drop', userId, payload: { model_id: id }, dedupeKey: `embedding.drop:${id}` },
        ]);
        tx.afterCommit(() => options.producer.deliver(deliveriesOf(jobs)));
      });
      return get(id);
    },
  };
}

async function found(read: Database['read'], id: number): Promise<RegisteredModel> {
  const model = await read.embeddingModels.get(id);
  if (model === undefined) throw new AppError('embedding_model.not_found');
  return model;
}

/** How a model is put in use, and by whom. */
interface Switch {
  readonly action: 'activate' | 'rollback';
  readonly acceptRefused: boolean;
  readonly actor: Actor;
}

/**
 * Everything that is found by a vector now would be found by one of this model, except for what it refuses if that is accepted.
 *
 * @returns how much it refuses
 */
async function assertComplete(read: Database['read'], id: number, acceptRefused: boolean): Promise<number> {
  const model = await found(read, id);
  if (model.state === 'dropping' || model.state === 'dropped') throw new AppError('embedding_model.dropping');
  const active = await read.embeddingModels.active();
  if (active === undefined || active.id === id) return 0;
  const missing = await read.vectorBuilds.lost(active.id, id, 'missing');
  const refused = await read.vectorBuilds.lost(active.id, id, 'refused');
  if (missing === 0 && (refused === 0 || acceptRefused)) return refused;
  throw new AppError('embedding_model.incomplete', {
    detail: `Of the passages and memories that have a vector of the model in use, ${missing} have none of this one yet, and it refuses ${refused}.`,
  });
}

async function probe(embedders: Embedders, model: PlacedModel, signal: AbortSignal): Promise<void> {
  try {
    await embedders.of(model).embedQuery(PROBE, { signal });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'embedding.model_unavailable') throw error;
    const pointer = model.provider === 'openai' ? '/body/base_url' : '/body/name';
    const errors: FieldError[] = [{ pointer, code: 'model.unavailable', message: error.detail }];
    throw new AppError('embedding.model_unavailable', { detail: error.detail, errors, cause: error });
  }
}

/** Of nobody's account: it is about the installation. */
const note = (
  tx: Transaction,
  model: RegisteredModel,
  verb: string,
  actor: Actor,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> =>
  tx.audit.record({
    ...actor,
    userId: null,
    action: `embedding_model.${verb}`,
    targetType: 'embedding_model',
    targetId: String(model.id),
    details: { provider: model.provider, name: model.name, dimensions: model.dimensions, ...more },
  });
