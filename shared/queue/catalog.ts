import Joi from 'joi';
import type { Priority } from '../domain/types.ts';

export const queueNames = ['extraction', 'embedding', 'indexing', 'maintenance'] as const;
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
  /** Puts all that belongs to the job's owner into a zip. */
  'account.export': { readonly export_id: string };
  /** Removes the job's owner and all that belongs to it. */
  'account.purge': Readonly<Record<string, never>>;
}

export type JobType = keyof JobPayloads;
/** The kinds that a worker runs. */
export type RunnableJobType = Exclude<JobType, 'document.ingest'>;

/** One kind of job: the producer and the consumer read the same entry. */
export interface JobKind<T extends JobType = JobType> {
  /** Null for jobs that only group others. */
  readonly queue: QueueName | null;
  readonly priority: Priority;
  /** Failed attempts after which the job is dead. */
  readonly maxFailures: number;
  /** Delay before retry n (from 1) is `baseMs * 2^(n-1)`, at most `maxMs`, of which half is random. */
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
  /** Longest time of one attempt. */
  readonly timeoutMs: number;
  readonly payload: Joi.ObjectSchema<JobPayloads[T]>;
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
    payload: Joi.object<JobPayloads['document.chunk']>(revisionOfDocument),
  },
  'document.embed': {
    queue: 'embedding',
    priority: 'medium',
    maxFailures: 12,
    backoff,
    timeoutMs: 120_000,
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
};

/** BullMQ serves lower numbers first, and jobs without a priority before all others, so every job gets one. */
export const priorityNumbers: Readonly<Record<Priority, number>> = { high: 1, medium: 10, low: 100 };

/** Workers found dead on one job after which it is not tried again. */
export const MAX_LOST_WORKERS = 5;
