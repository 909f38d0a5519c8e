import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import { toFailure } from '#shared/queue/retry.ts';
import type { DocumentStatus, JobFailure, JobStatus } from '#shared/domain/types.ts';
import type { RevisionCounts } from './describe-document.ts';

/** One of the jobs that an ingestion is made of. */
export interface Part {
  readonly id: string;
  readonly type: string;
  readonly status: JobStatus;
  readonly error: JobFailure | null;
  readonly payload: { readonly model_id?: number };
}

/** The rows that are brought in line. */
export interface SettledIngest {
  readonly ingestId: string;
  readonly documentId: string;
  readonly revision: number;
  /** The model that searches use. */
  readonly modelId: number | null;
}

export interface Outcome {
  readonly document: DocumentStatus;
  readonly job: JobStatus;
  readonly error: JobFailure | null;
  /** What is to be done next: vectors of the model that is searched are missing, or all is there to be looked for. */
  readonly next?: 'embed' | 'verify';
}

export const ENDED: readonly JobStatus[] = ['succeeded', 'failed', 'cancelled', 'dead'];

/**
 * Decides what the parts of an ingestion make of it (pure). Its last part, `document.verify`, comes into being when the
 * others have ended: without it no document is complete.
 *
 * @param parts all parts, or one of each type, model, status and with or without an error
 * @param modelId the model that searches use; what fails for others, that are being built, harms no document
 * @param counts what the tables hold of the revision
 * @returns 'count' when it depends on the counts and they were not given
 */
export function judgeIngest(
  parts: readonly Part[],
  modelId: number | null,
  counts?: RevisionCounts,
): Outcome | 'count' {
  const chunk = parts.find((part) => part.type === 'document.chunk');
  if (chunk?.status === 'failed' || chunk?.status === 'dead')
    return { document: 'failed', job: chunk.status, error: chunk.error };
  const work = parts.filter((part) => part.type !== 'document.verify');
  const open = work.filter((part) => !ENDED.includes(part.status) && !isSideFailure(part, modelId));
  if (open.length > 0) return judgeUnfinished(work, open);
  if (counts === undefined) return 'count';
  return judgeFinished(parts, work, modelId, counts);
}

const isOfAnother = ({ payload }: Part, modelId: number | null): boolean =>
  payload.model_id !== undefined && payload.model_id !== modelId;

/** A part that fails for a model that nobody searches yet is not waited for: what is missing is made good later. */
const isSideFailure = (part: Part, modelId: number | null): boolean =>
  part.error !== null && isOfAnother(part, modelId);

function judgeUnfinished(parts: readonly Part[], open: readonly Part[]): Outcome {
  if (parts.every((part) => part.status === 'queued' && part.error === null))
    return { document: 'queued', job: 'queued', error: null };
  const running = open.some((part) => part.status === 'running');
  const waiting = !running && open.some((part) => part.error !== null);
  return { document: 'processing', job: waiting ? 'queued' : 'running', error: null };
}

function judgeFinished(
  parts: readonly Part[],
  work: readonly Part[],
  modelId: number | null,
  counts: RevisionCounts,
): Outcome {
  const own = work.filter((part) => !isOfAnother(part, modelId));
  const lost = own.find((part) => part.status === 'failed' || part.status === 'dead');
  const complete = counts.embedded_count === counts.chunk_count;
  // The model was changed while the chunks were being embedded for the one before.
  if (!complete && !own.some((part) => part.payload.model_id === modelId))
    return { document: 'processing', job: 'running', error: null, next: 'embed' };
  if (lost !== undefined && counts.embedded_count === 0)
    return { document: 'failed', job: lost.status, error: lost.error };
  return judgeVerified(parts, whatIsMissing(lost, complete, counts));
}

function whatIsMissing(lost: Part | undefined, complete: boolean, counts: RevisionCounts): Outcome {
  if (lost !== undefined || !complete)
    return {
      document: 'partial',
      job: 'succeeded',
      error: lost?.error ?? ended('document.chunks_failed', 'embed'),
    };
  if (counts.pages_failed.length > 0)
    return { document: 'partial', job: 'succeeded', error: ended('document.pages_failed', 'extract') };
  return { document: 'completed', job: 'succeeded', error: null };
}

/** @param verified what the ingestion has come to if search finds the document */
function judgeVerified(parts: readonly Part[], verified: Outcome): Outcome {
  const verify = parts.find((part) => part.type === 'document.verify');
  const processing = { document: 'processing', error: null } as const;
  if (verify === undefined || verify.status === 'cancelled')
    return { ...processing, job: 'running', next: 'verify' };
  if (verify.status === 'succeeded') return verified;
  if (ENDED.includes(verify.status)) return { document: 'failed', job: verify.status, error: verify.error };
  return { ...processing, job: verify.status === 'queued' && verify.error !== null ? 'queued' : 'running' };
}

const ended = (code: ErrorCode, stage: string): JobFailure => ({
  ...toFailure(new AppError(code, { stage })),
  nextRetryAt: null,
});
