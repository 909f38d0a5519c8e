import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import type { DocumentChanges, DocumentFilters } from '#db/stores/document-store.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { Config } from '#shared/config/config.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type {
  Document,
  DocumentChunk,
  EmbeddingModel,
  Job,
  Priority,
  SourceType,
} from '#shared/domain/types.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import type { Actor } from '#api/http/endpoint.ts';
import { showJobs } from '#api/jobs/show-jobs.ts';
import type { ShownJob } from '#api/jobs/job-view.ts';
import type { WebhookService } from '#api/webhooks/webhook-service.ts';
import { cleanFileName, titleOf } from './file-name.ts';
import { detectFileKind } from './file-kind.ts';
import { canRetry } from './document-policy.ts';

export interface NewFile {
  readonly assistantId: string;
  readonly bytes: Buffer;
  readonly filename: string;
  readonly title?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly priority?: Priority | undefined;
  /** Where the end of its job is told. */
  readonly webhookUrl?: string | undefined;
}

/** A document with the job that takes it in, and whether there is anything to wait for. */
export interface Ingestion {
  readonly document: Document;
  readonly job: ShownJob | null;
  readonly accepted: boolean;
}

export interface DocumentService {
  /**
   * Takes a file in: its type is read from the bytes. The bytes an assistant already has are not taken in twice: the
   * document that has them is returned, and tried again if it had failed.
   *
   * @throws AppError assistant.not_found, quota.exceeded, job.priority_limit, the codes of `WebhookService.admit` and
   * the document.* codes of `detectFileKind`
   */
  upload(userId: string, file: NewFile, actor: Actor): Promise<Ingestion>;
  get(userId: string, id: string): Promise<Document>;
  /** @param filters.assistant id or slug */
  list(
    userId: string,
    filters: Pick<DocumentFilters, 'status'> & { readonly assistant?: string },
    page: PageRequest,
  ): Promise<Page<Document>>;
  /** @throws AppError assistant.not_found */
  listOf(
    userId: string,
    assistantIdOrSlug: string,
    filters: Pick<DocumentFilters, 'status'>,
    page: PageRequest,
  ): Promise<Page<Document>>;
  update(
    userId: string,
    id: string,
    changes: DocumentChanges,
    expectedVersion: number | null,
    actor: Actor,
  ): Promise<Document>;
  /** Stops whatever is being done for it and removes all that was made of it. */
  remove(userId: string, id: string, expectedVersion: number | null, actor: Actor): Promise<void>;
  /**
   * @param priority in place of the one it had
   * @throws AppError document.not_retryable, job.priority_limit
   */
  retry(userId: string, id: string, priority: Priority | undefined, actor: Actor): Promise<Ingestion>;
  progress(userId: string, id: string): Promise<Ingestion>;
  /** In reading order. */
  chunks(userId: string, id: string, page: PageRequest): Promise<Page<DocumentChunk>>;
  content(userId: string, id: string): Promise<{ document: Document; bytes: Buffer }>;
  /** @throws AppError document.not_ready before the text has been extracted */
  text(userId: string, id: string): Promise<string>;
}

export interface DocumentServiceOptions {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
  readonly model: EmbeddingModel;
  readonly webhooks: Pick<WebhookService, 'admit'>;
  readonly config: Pick<Config, 'limits' | 'quotas' | 'textSearchLanguage'>;
}

export function createDocumentService(options: DocumentServiceOptions): DocumentService {
  const { database, producer } = options;
  const { read } = database;
  const get = async (userId: string, id: string): Promise<Document> => {
    const document = await read.documents.find(userId, id);
    if (document === undefined) throw new AppError('document.not_found');
    return document;
  };
  const ingestionOf = async (document: Document, accepted: boolean): Promise<Ingestion> => {
    const job = await read.jobs.latestIngest(document.id);
    const [shown] = job === undefined ? [] : await showJobs(read, [job]);
    return { document, job: shown ?? null, accepted };
  };
  const deliverLater = (tx: Transaction, jobs: readonly Job[]): void => {
    tx.afterCommit(() => producer.deliver(deliveriesOf(jobs)));
  };
  const retry = async (
    userId: string,
    id: string,
    priority: Priority | undefined,
    actor: Actor,
  ): Promise<Ingestion> => {
    await database.transaction(async (tx) => {
      const jobs = await restart(tx, userId, id, priority);
      await limitHigh(tx, userId, priority, options.config.limits.highPriorityPerUser);
      if (jobs.length > 0) await note(tx, userId, id, 'retry', actor);
      deliverLater(tx, jobs);
    });
    return ingestionOf(await get(userId, id), true);
  };

  return {
    upload: async (userId, file, actor) => {
      const assistant = await read.assistants.find(userId, file.assistantId);
      if (assistant === undefined) throw new AppError('assistant.not_found');
      if (file.webhookUrl !== undefined) await options.webhooks.admit(userId, file.webhookUrl);
      const prepared = await prepare(file, options.config);
      const { quotas } = options.config;
      // Bytes that are there already need no room; to others the limit is told before they are stored.
      if ((await read.documents.findBySha256(assistant.id, prepared.sha256)) === undefined)
        await read.quotas.assertRoom(userId, prepared.content.length, quotas);
      const document = await database.transaction(async (tx) => {
        // It may be deleted while the file is being looked at.
        if ((await tx.assistants.hold(userId, assistant.id)) === undefined)
          throw new AppError('assistant.not_found');
        const made = await tx.documents.insert({
          ...prepared,
          id: uuidv7(),
          userId,
          assistantId: assistant.id,
        });
        if (made === undefined) return undefined;
        deliverLater(tx, await startIngest(tx, made, file));
        await limitHigh(tx, userId, file.priority, options.config.limits.highPriorityPerUser);
        const { size, sourceType, assistantId } = made;
        const details = { assistant_id: assistantId, source_type: sourceType, size };
        await note(tx, userId, made.id, 'upload', actor, details);
        await tx.quotas.settleDocument(userId, quotas);
        tx.metrics.touch(made.assistantId);
        return made;
      });
      if (document !== undefined) return ingestionOf(document, true);
      const existing = await read.documents.findBySha256(assistant.id, prepared.sha256);
      if (existing === undefined) throw new AppError('request.busy', { retryAfterSeconds: 1 });
      return existing.status === 'failed'
        ? retry(userId, existing.id, file.priority, actor)
        : ingestionOf(existing, false);
    },
    get,
    list: async (userId, { assistant: idOrSlug, ...filters }, page) => {
      if (idOrSlug === undefined) return read.documents.list(userId, filters, page);
      const assistant = await read.assistants.find(userId, idOrSlug);
      // As with any other filter, what nothing fits finds nothing.
      if (assistant === undefined) return { items: [], nextAfter: null };
      return read.documents.list(userId, { ...filters, assistantId: assistant.id }, page);
    },
    listOf: async (userId, assistantIdOrSlug, filters, page) => {
      const assistant = await read.assistants.find(userId, assistantIdOrSlug);
      if (assistant === undefined) throw new AppError('assistant.not_found');
      return read.documents.list(userId, { ...filters, assistantId: assistant.id }, page);
    },
    update: (userId, id, changes, expectedVersion, actor) =>
      database.transaction(async (tx) => {
        const document = await tx.documents.update(userId, id, changes, expectedVersion);
        await note(tx, userId, id, 'update', actor, { fields: Object.keys(changes) });
        return document;
      }),
    remove: async (userId, id, expectedVersion, actor) => {
      await database.transaction(async (tx) => {
        // Jobs before the document: the order in which every writer locks.
        await tx.jobs.lockOfDocument(id);
        const document = await tx.documents.lock(userId, id);
        if (document === undefined) throw new AppError('document.not_found');
        if (expectedVersion !== null && document.version !== expectedVersion)
          throw new AppError('precondition.failed');
        await tx.jobs.cancelOfDocument(id);
        await tx.documents.erase(id);
        tx.metrics.touch(document.assistantId);
        await note(tx, userId, id, 'delete', actor);
      });
    },
    retry: async (userId, id, priority, actor) => {
      const document = await get(userId, id);
      if (!canRetry(document)) throw new AppError('document.not_retryable');
      return retry(userId, id, priority, actor);
    },
    progress: async (userId, id) => ingestionOf(await get(userId, id), false),
    chunks: async (userId, id, page) => {
      const document = await get(userId, id);
      return read.chunks.list(id, document.liveRevision ?? document.revision, options.model.id, page);
    },
    content: async (userId, id) => {
      const document = await get(userId, id);
      const bytes = await read.documents.content(id);
      if (bytes === undefined) throw new AppError('document.not_found');
      return { document, bytes };
    },
    text: async (userId, id) => {
      const document = await get(userId, id);
      const text = await read.documents.text(id, document.liveRevision ?? document.revision);
      if (text === undefined) throw new AppError('document.not_ready');
      return text;
    },
  };
}

const note = (
  tx: Transaction,
  userId: string,
  documentId: string,
  verb: string,
  actor: Actor,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  const target = { targetType: 'document', targetId: documentId };
  return tx.audit.record({ ...actor, ...target, userId, action: `document.${verb}`, details });
};

async function prepare(file: NewFile, config: DocumentServiceOptions['config']) {
  if (file.bytes.length > config.limits.uploadMaxBytes)
    throw new AppError('document.too_large', {
      detail: `The file is larger than ${config.limits.uploadMaxBytes} bytes.`,
    });
  const filename = cleanFileName(file.filename);
  const { kind, mimeType } = await detectFileKind(file.bytes, filename);
  return {
    title: file.title ?? titleOf(filename),
    sourceType: kind satisfies SourceType,
    filename,
    mimeType,
    sha256: createHash('sha256').update(file.bytes).digest(),
    language: config.textSearchLanguage,
    tags: file.tags ?? [],
    content: file.bytes,
  };
}

/** Makes the job that groups a document's ingestion, and the first of its parts. */
async function startIngest(
  tx: Transaction,
  document: Document,
  { priority, webhookUrl }: Pick<NewFile, 'priority' | 'webhookUrl'>,
): Promise<Job[]> {
  const payload = { document_id: document.id, revision: document.revision };
  const how = priority === undefined ? {} : { priority };
  const common = { ...how, userId: document.userId, documentId: document.id, payload };
  const announced = webhookUrl === undefined ? {} : { webhookUrl };
  const [ingest] = await tx.jobs.insert([{ ...common, ...announced, type: 'document.ingest' }]);
  if (ingest === undefined) return [];
  return tx.jobs.insert([{ ...common, type: 'document.chunk', parentId: ingest.id }]);
}

/** Keeps high priority something special: whoever asks for it has a limited number of documents under way with it. */
async function limitHigh(
  tx: Transaction,
  userId: string,
  priority: Priority | undefined,
  limit: number,
): Promise<void> {
  if (priority !== 'high' || (await tx.jobs.lockAndCountHigh(userId)) <= limit) return;
  throw new AppError('job.priority_limit', { detail: `The limit is ${limit} documents at a time.` });
}

/** Starts what failed of the latest ingestion anew; what had succeeded stays. Nothing where nothing can be started. */
export async function restart(
  tx: Transaction,
  userId: string,
  id: string,
  priority?: Priority,
): Promise<Job[]> {
  const jobs = await tx.jobs.lockOfDocument(id);
  const document = await tx.documents.lock(userId, id);
  if (document === undefined) throw new AppError('document.not_found');
  const ingest = jobs.filter((job) => job.type === 'document.ingest').at(-1);
  // Somebody else may have started it a moment ago.
  if (ingest === undefined || !canRetry(document) || ingest.finishedAt === null) return [];
  const parts = jobs.filter((job) => job.parentId === ingest.id);
  const ended = parts.filter((job) => job.status !== 'succeeded');
  await tx.jobs.requeue([ingest.id], undefined, priority);
  if (ended.length > 0) {
    await tx.documents.markQueued(id, document.revision);
    return tx.jobs.requeue(
      ended.map((job) => job.id),
      undefined,
      priority,
    );
  }
  // All parts did what they could but pages were lost: read the file again, as a new revision beside the live one.
  const chunk = parts.filter((job) => job.type === 'document.chunk');
  await tx.documents.markQueued(id, document.revision + 1);
  return tx.jobs.requeue(
    chunk.map((job) => job.id),
    { document_id: id, revision: document.revision + 1 },
    priority,
  );
}
