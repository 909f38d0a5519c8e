import type { Database, Transaction } from '#db/database.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { ChunkSample } from '#db/stores/chunk-store.ts';
import type { Config } from '#shared/config/config.ts';
import type { Document, EmbeddingModel } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { JobPayloads } from '#shared/queue/catalog.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';
import type { Claim } from '#shared/queue/job-ledger.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import type { Turns } from '#worker/turns.ts';

export interface VerifyDocumentDeps {
  readonly database: Pick<Database, 'transaction'>;
  readonly producer: Pick<JobProducer, 'deliver'>;
  /** For what keeps the database busy, the indexing of words and vectors: one at a time leaves room for searches. */
  readonly indexing: Turns;
  readonly config: Pick<Config, 'search'>;
}

/** Longest question that search takes, in UTF-16 code units. */
const LONGEST_QUERY = 2_000;
const HITS = 50;
/** Vectors of a text and of itself differ by rounding alone. */
const SAME = 0.999;

/**
 * `document.verify`: publishes a revision and asks for its own text as a user would, in one transaction. Search sees the
 * revision when it has been found there, and the one before until then.
 */
export function verifyDocument(deps: VerifyDocumentDeps): JobHandler<'document.verify'> {
  return async (payload, { claim, signal }) => {
    const { userId, id } = claim.job;
    await deps.indexing
      .transaction(signal, async (tx) => {
        await tx.jobs.assertClaimed(claim);
        const document = await tx.documents.lock(userId, payload.document_id);
        if (document === undefined) throw new AppError('document.not_found', { stage: 'verify' });
        const model = await tx.embeddingModels.holdActive();
        if (model?.id === payload.model_id) {
          const revision = { ...document, revision: payload.revision };
          await tx.documents.publish(document.id, payload.revision);
          await assertFound(tx, revision, model, deps.config.search);
          await tx.revisions.noteVerified(revision);
          await tx.jobs.succeed(claim, { revision: payload.revision });
        }
        // The model that searches use was changed meanwhile: this runs again when the document has its vectors.
        else await tx.jobs.park([id]);
        const due = await tx.settleIngest(claim.job.parentId);
        tx.afterCommit(() => deps.producer.deliver(deliveriesOf(due)));
      })
      .catch(async (error: unknown) => {
        // What was published is undone; whoever asks why sees which stage had begun.
        if (isNotFindable(error)) await noteBegun(deps, claim, payload);
        throw error;
      });
  };
}

const isNotFindable = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'document.not_findable';

async function noteBegun(
  { database }: VerifyDocumentDeps,
  claim: Claim,
  payload: JobPayloads['document.verify'],
): Promise<void> {
  const { userId, startedAt } = claim.job;
  await database.transaction(async (tx) => {
    await tx.jobs.assertClaimed(claim);
    const revision = { id: payload.document_id, userId, revision: payload.revision };
    await tx.revisions.beginVerify(revision, startedAt ?? new Date());
  });
}

/** @throws AppError document.not_findable when a passage is not found by its own words */
async function assertFound(
  tx: Transaction,
  document: Document,
  model: EmbeddingModel,
  { vectorWeight }: Config['search'],
): Promise<void> {
  const samples = await tx.read.chunks.samples(document.id, document.revision, model.id);
  for (const sample of samples) {
    const hits = await tx.read.search.chunks({
      userId: document.userId,
      documentIds: [document.id],
      mode: 'hybrid',
      query: sample.text.slice(0, LONGEST_QUERY),
      // The vector of a text is what a search for it is given by the same model.
      vector: { model, values: sample.vector },
      vectorWeight,
      feedbackWeight: 0,
      limit: HITS,
      groupBy: 'chunk',
    });
    if (!hits.some((hit) => isSample(hit, sample)))
      throw new AppError('document.not_findable', { stage: 'verify' });
  }
  if (samples.length === 0) throw new AppError('document.not_findable', { stage: 'verify' });
}

/** The same words may stand in a document more than once. */
const isSample = (
  hit: { readonly chunkId: string; readonly text: string; readonly vectorScore: number | null },
  sample: ChunkSample,
): boolean => hit.chunkId === sample.id || hit.text === sample.text || (hit.vectorScore ?? 0) >= SAME;
