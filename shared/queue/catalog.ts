import Joi from 'joi';
import type { JobStatus, Priority } from '../domain/types.ts';

export const queueNames = ['extraction', 'embedding', 'indexing', 'maintenance', 'webhook'] as const;
export type QueueName = (typeof queueNames)[number];

/** What each kind of job is asked to do: ids and positions, never contents. */
export interface JobPayloads {
  /** Groups the jobs that take one document in; it is shown to the client and never run itself. */
  'document.ingest': { readonly document_id: string; readonly revision: number };
  'document.chunk': { readonly document_id: string; readonly revision: number };
  /** Embeds the chunks at positions `from` (inclusive) to `to` (exclusive). */
  'document.embed': {
    readonly document_id: string;
    readonly revision: number;
    readonly model_id: number;
    readonly from: number;
    readonly to: number;
  };
  /** Publishes a revision, all embedded by the model, if search then finds it. */
  'document.verify': {
    readonly document_id: string;
    readonly revision: number;
    readonly model_id: number;
  };
  /** Brings what text search knows of a document in line with its title. */
  'document.reindex': { readonly document_id: string };
  /** Makes vectors of a model for what search reads, for a while, from after the row of this id on. */
  'embedding.build': {
    readonly model_id: number;
    readonly table: string;
    readonly after: string | null;
  };
  /** Removes the vectors of a model and their index. */
  'embedding.drop': { readonly model_id: number };
  /** Writes a reflection that is pending. */
  'reflection.write': { readonly reflection_id: string };
  /** Makes the vectors of a memory: of the model that searches use, or of this one, which is built or kept beside it. */
  'memory.embed': { readonly memory_id: string; readonly model_id?: number };
  /** Makes an automatic chain hold what its filters take. */
  'chain.rebuild': { readonly chain_id: string };
  /** Sums a chain up. */
  'chain.summarise': { readonly chain_id: string };
  /** Makes an assistant's metrics from the other tables. */
  'assistant.measure': { readonly assistant_id: string };
  /** Puts all that belongs to the job's owner into a zip. */
  'account.export': { readonly export_id: string };
  /** Removes the job's owner and all that belongs to it. */
  'account.purge': Readonly<Record<string, never>>;
  /** Archives the idle conversations of the job's owner. */
  'conversation.archive': Readonly<Record<string, never>>;
  /** Tells the webhook of a job how that job ended: as it was then, for it may have been started anew since. */
  'webhook.deliver': {
    readonly job_id: string;
    readonly status: JobStatus;
    readonly code: string | null;
    readonly ended_at: string;
  };
}

export type JobType = keyof JobPayloads;
/** The kinds that a worker runs. */
export type RunnableJobType = Exclude<JobType, 'document.ingest'>;

/** One kind of job: the producer and the consumer read the same entry. */
export interface JobKind<T extends JobType = JobType> {
  /** Null for jobs that only group others. */
  readonly queue: QueueName | null;
  readonly priority: Priority;
  /** What a caller may ask for in its place; nothing unless it is said. Parts take the priority of their group. */
  readonly callerPriorities?: readonly Priority[];
  /** Failed attempts after which the job is dead. */
  readonly maxFailures: number;
  /** Delay before retry n (from 1) is `baseMs * 2^(n-1)`, at most `maxMs`, of which half is random. */
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
  /** Longest time of one attempt. */
  readonly timeoutMs: number;
  readonly payload: Joi.ObjectSchema<JobPayloads[T]>;
  /** Housekeeping that no client asked for: it is not listed. */
  readonly internal?: boolean;
  /** Where a failure happened that does not say so itself, before the handler has reported a stage. */
  readonly stage?: string;
  /**
   * Turns a payload of the version before into one of now; others are returned as they are. Fields that are merely new
   * and optional need none: workers leave out what they do not know.
   */
  readonly upgrade?: (payload: unknown) => unknown;
}

const revisionOfDocument = {
  document_id: Joi.string().guid().required(),
  revision: Joi.number().integer().min(1).required(),
};
const backoff = { baseMs: 2_000, maxMs: 300_000 };

export const jobCatalog: { readonly [T in JobType]: JobKind<T> } = {
  'document.ingest': {
    queue: null,
    priority: 'medium',
    callerPriorities: ['high', 'medium', 'low'],
    maxFailures: 1,
    backoff,
    timeoutMs: 0,
    payload: Joi.object<JobPayloads['document.ingest']>(revisionOfDocument),
  },
  'document.chunk': {
    queue: 'extraction',
    priority: 'medium',
    maxFailures: 8,
    backoff,
    timeoutMs: 300_000,
    stage: 'extract',
    payload: Joi.object<JobPayloads['document.chunk']>(revisionOfDocument),
  },
  'document.embed': {
    queue: 'embedding',
    priority: 'medium',
    maxFailures: 12,
    backoff,
    timeoutMs: 120_000,
    stage: 'embed',
    payload: Joi.object<JobPayloads['document.embed']>({
      ...revisionOfDocument,
      model_id: Joi.number().integer().min(1).required(),
      from: Joi.number().integer().min(0).required(),
      to: Joi.number().integer().min(1).required(),
    }),
  },
  'document.verify': {
    queue: 'indexing',
    priority: 'medium',
    maxFailures: 4,
    backoff,
    timeoutMs: 60_000,
    payload: Joi.object<JobPayloads['document.verify']>({
      ...revisionOfDocument,
      model_id: Joi.number().integer().min(1).required(),
    }),
  },
  'document.reindex': {
    queue: 'indexing',
    // After what people wait for: until it is through, the old title is found.
    priority: 'low',
    maxFailures: 8,
    backoff,
    timeoutMs: 300_000,
    payload: Joi.object<JobPayloads['document.reindex']>({ document_id: Joi.string().guid().required() }),
  },
  'embedding.build': {
    queue: 'embedding',
    priority: 'low',
    maxFailures: 12,
    backoff,
    timeoutMs: 3_600_000,
    payload: Joi.object<JobPayloads['embedding.build']>({
      model_id: Joi.number().integer().min(1).required(),
      table: Joi.string().required(),
      after: Joi.string().guid().allow(null).required(),
    }),
  },
  'embedding.drop': {
    queue: 'maintenance',
    priority: 'low',
    maxFailures: 8,
    backoff,
    timeoutMs: 3_600_000,
    payload: Joi.object<JobPayloads['embedding.drop']>({
      model_id: Joi.number().integer().min(1).required(),
    }),
  },
  'reflection.write': {
    queue: 'embedding',
    priority: 'high',
    maxFailures: 8,
    backoff,
    timeoutMs: 300_000,
    payload: Joi.object<JobPayloads['reflection.write']>({ reflection_id: Joi.string().guid().required() }),
  },
  'assistant.measure': {
    queue: 'maintenance',
    priority: 'low',
    maxFailures: 8,
    backoff,
    timeoutMs: 60_000,
    internal: true,
    payload: Joi.object<JobPayloads['assistant.measure']>({ assistant_id: Joi.string().guid().required() }),
  },
  'memory.embed': {
    queue: 'embedding',
    priority: 'medium',
    maxFailures: 12,
    backoff,
    timeoutMs: 120_000,
    payload: Joi.object<JobPayloads['memory.embed']>({
      memory_id: Joi.string().guid().required(),
      model_id: Joi.number().integer().min(1),
    }),
  },
  'chain.rebuild': {
    queue: 'maintenance',
    priority: 'low',
    maxFailures: 8,
    backoff,
    timeoutMs: 300_000,
    payload: Joi.object<JobPayloads['chain.rebuild']>({ chain_id: Joi.string().guid().required() }),
  },
  'chain.summarise': {
    queue: 'maintenance',
    priority: 'low',
    maxFailures: 8,
    backoff,
    timeoutMs: 300_000,
    payload: Joi.object<JobPayloads['chain.summarise']>({ chain_id: Joi.string().guid().required() }),
  },
  'account.export': {
    queue: 'maintenance',
    priority: 'low',
    maxFailures: 5,
    backoff,
    timeoutMs: 3_600_000,
    payload: Joi.object<JobPayloads['account.export']>({ export_id: Joi.string().guid().required() }),
  },
  'account.purge': {
    queue: 'maintenance',
    // Before exports: deletions have a date, and one slot may be all that there is.
    priority: 'medium',
    maxFailures: 8,
    backoff,
    timeoutMs: 3_600_000,
    payload: Joi.object<JobPayloads['account.purge']>({}),
  },
  'conversation.archive': {
    queue: 'maintenance',
    priority: 'low',
    maxFailures: 5,
    backoff,
    timeoutMs: 600_000,
    payload: Joi.object<JobPayloads['conversation.archive']>({}),
  },
  'webhook.deliver': {
    queue: 'webhook',
    priority: 'medium',
    // Some seven hours: long enough for a receiver that is repaired in a working day.
    maxFailures: 16,
    backoff: { baseMs: 5_000, maxMs: 3_600_000 },
    timeoutMs: 30_000,
    stage: 'deliver',
    payload: Joi.object<JobPayloads['webhook.deliver']>({
      job_id: Joi.string().guid().required(),
      status: Joi.string().valid('succeeded', 'failed', 'cancelled', 'dead').required(),
      code: Joi.string().allow(null).required(),
      ended_at: Joi.string().isoDate().required(),
    }),
  },
};

/** The kind of a type; undefined for one that only another version knows. */
export const findJobKind = (type: string, catalog: typeof jobCatalog = jobCatalog): JobKind | undefined =>
  Object.hasOwn(catalog, type) ? catalog[type as JobType] : undefined;

/** Workers found dead on one job after which it is not tried again. */
export const MAX_LOST_WORKERS = 5;
