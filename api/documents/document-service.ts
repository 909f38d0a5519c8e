import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import { startIngest } from '#db/start-ingest.ts';
import type { IngestWishes } from '#db/start-ingest.ts';
import type { DocumentChanges, DocumentFilters } from '#db/stores/document-store.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { Cache, CachePlan } from '#shared/cache/cache.ts';
import type { Config } from '#shared/config/config.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Document, DocumentChunk, DocumentRevision, Job, Priority } from '#shared/domain/types.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import type { Actor } from '#api/http/endpoint.ts';
import { showJobs } from '#api/jobs/show-jobs.ts';
import type { ShownJob } from '#api/jobs/job-view.ts';
import type { WebhookService } from '#api/webhooks/webhook-service.ts';
import { titleOf } from './file-name.ts';
import { canRetry } from './document-policy.ts';
import { embedAnew } from './embed-anew.ts';
import { prepareFile } from './prepare-file.ts';
import { replaceContent } from './replace-content.ts';
import { restartIngest } from './restart-ingest.ts';

export interface NewFile extends IngestWishes {
  readonly assistantId: string;
  readonly bytes: Buffer;
  readonly filename: string;
  readonly title?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** A document with the job that takes it in, and whether there is anything to wait for. */
export interface Ingestion {
  readonly document: Document;
  readonly job: ShownJob | null;
  /** The revision that is being made, or was last. */
  readonly revision: DocumentRevision | undefined;
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
  /**
   * Takes in a new version of a document beside the live one, which goes on serving until the new one is complete. The
   * live bytes themselves give up whatever was to replace them.
   *
   * @throws AppError quota.exceeded, document.bytes_taken, precondition.failed, job.priority_limit, the codes of
   * `WebhookService.admit` and the document.* codes of `detectFileKind`
   */
  replace(
    userId: string,
    id: string,
    file: IngestWishes & { readonly bytes: Buffer; readonly filename?: string },
    expectedVersion: number | null,
    actor: Actor,
  ): Promise<Ingestion>;
  /**
   * Makes the vectors of a document anew; see `embedAnew`. While it is being taken in, that goes on and is told of.
   *
   * @throws AppError job.priority_limit
   */
  embed(userId: string, id: string, actor: Actor): Promise<Ingestion>;
  progress(userId: string, id: string): Promise<Ingestion>;
  /** In reading order. */
  chunks(userId: string, id: string, page: PageRequest): Promise<Page<DocumentChunk>>;
  /** The file of the live revision. */
  content(userId: string, id: string): Promise<{ filename: string; bytes: Buffer }>;
  /** @throws AppError document.not_ready before the text has been extracted */
  text(userId: string, id: string): Promise<string>;
}

export interface DocumentServiceOptions {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
  readonly webhooks: Pick<WebhookService, 'admit'>;
  readonly cache: Cache;
  readonly config: Pick<Config, 'limits' | 'quotas' | 'textSearchLanguage' | 'cache'>;
}

const chunksPlan = (ttlMs: number): CachePlan<Page<DocumentChunk>> => ({
  kind: 'document',
  ttlMs,
  revive: (stored) => stored as Page<DocumentChunk>,
});

export function createDocumentService(options: DocumentServiceOptions): DocumentService {
  const { database, producer } = options;
  const highLimit = options.config.limits.highPriorityPerUser;
  const { read } = database;
  const get = async (userId: string, id: string): Promise<Document> => {
    const document = await read.documents.find(userId, id);
    if (document === undefined) throw new AppError('document.not_found');
    return document;
  };
  const ingestionOf = async (document: Document, accepted: boolean): Promise<Ingestion> => {
    const job = await read.jobs.latestIngest(document.id);
    const [shown] = job === undefined ? [] : await showJobs(read, [job]);
    const revision = await read.revisions.find(document.id, document.revision);
    return { document, job: shown ?? null, revision, accepted };
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
      const jobs = await restartIngest(tx, userId, id, priority);
      await limitHigh(tx, userId, priority, highLimit);
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
      const prepared = await prepareFile(file, options.config);
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
          title: file.title ?? titleOf(prepared.filename),
          language: options.config.textSearchLanguage,
          tags: file.tags ?? [],
        });
        if (made === undefined) return undefined;
        deliverLater(tx, await startIngest(tx, made, file));
        await limitHigh(tx, userId, file.priority, highLimit);
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
        if (changes.title !== undefined)
          deliverLater(
            tx,
            await tx.jobs.insert([{ type: 'document.reindex', userId, payload: { document_id: id } }]),
          );
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
    replace: async (userId, id, file, expectedVersion, actor) => {
      const before = await get(userId, id);
      if (file.webhookUrl !== undefined) await options.webhooks.admit(userId, file.webhookUrl);
      const prepared = await prepareFile({ filename: `${before.title}.txt`, ...file }, options.config);
      const { isKnown, accepted } = await database.transaction(async (tx) => {
        const replaced = await replaceContent(tx, { userId, id, expectedVersion }, prepared, file);
        deliverLater(tx, replaced.jobs);
        if (replaced.jobs.length > 0) await limitHigh(tx, userId, file.priority, highLimit);
        if (!replaced.isKnown) {
          const details = { source_type: prepared.sourceType, size: prepared.content.length };
          await note(tx, userId, id, 'replace', actor, details);
          await limitHigh(tx, userId, file.priority, options.config.limits.highPriorityPerUser);
          await tx.quotas.settleDocument(userId, options.config.quotas);
        }
        return { isKnown: replaced.isKnown, accepted: replaced.jobs.length > 0 };
      });
      const document = await get(userId, id);
      return isKnown && document.error !== null && canRetry(document)
        ? retry(userId, id, file.priority, actor)
        : ingestionOf(document, accepted);
    },
    embed: async (userId, id, actor) => {
      await database.transaction(async (tx) => {
        const jobs = await embedAnew(tx, userId, id);
        if (jobs.length === 0) return;
        await limitHigh(tx, userId, 'high', highLimit);
        await note(tx, userId, id, 'embed', actor);
        deliverLater(tx, jobs);
      });
      return ingestionOf(await get(userId, id), true);
    },
    progress: async (userId, id) => ingestionOf(await get(userId, id), false),
    chunks: (userId, id, page) =>
      options.cache.getOrLoad(
        chunksPlan(options.config.cache.chunksTtlMs),
        { userId, id },
        `chunks ${page.limit} ${page.after ?? ''}`,
        async () => {
          const document = await get(userId, id);
          return read.chunks.list(id, document.liveRevision ?? document.revision, page);
        },
      ),
    content: async (userId, id) => {
      const document = await get(userId, id);
      const file = await read.documentFiles.find(id, document.liveRevision ?? document.revision);
      if (file === undefined) throw new AppError('document.not_found');
      return { filename: file.filename, bytes: file.content };
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
