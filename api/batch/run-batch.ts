import type { Operation, OperationAnswer, OperationContext } from '#api/http/operations.ts';
import { problemAnswer } from '#api/http/operations.ts';
import type { Database } from '#db/database.ts';
import type { Config } from '#shared/config/config.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { currentCorrelationId } from '#shared/logging/correlation.ts';

/** One of the operations that are carried out together. */
export interface Step extends Pick<Operation, 'target'> {
  readonly perform: (context: OperationContext) => Promise<OperationAnswer>;
}

export interface BatchOutcome {
  /** One for each operation, in their order. */
  readonly answers: readonly OperationAnswer[];
  /** Whether an atomic batch was undone, or none of the operations succeeded. */
  readonly isWithoutEffect: boolean;
}

/**
 * Carries operations out one after the other: each by itself, or all of them in one transaction that the first failure
 * undoes. When the client goes away, no further operation begins.
 *
 * @throws AppError request.busy when the user has as many batches as there may be at once
 */
export type RunBatch = (
  caller: OperationContext['caller'],
  steps: readonly Step[],
  isAtomic: boolean,
) => Promise<BatchOutcome>;

export interface RunBatchOptions {
  readonly database: Pick<Database, 'unitOfWork' | 'isolate'>;
  readonly config: Pick<Config, 'api' | 'limits'>;
}

/** Undoes the transaction of an atomic batch; caught by whoever opened it. */
class RolledBack extends Error {
  override readonly name = 'RolledBack';
  readonly index: number;
  readonly answer: OperationAnswer;
  constructor(index: number, answer: OperationAnswer) {
    super(`operation ${index} of an atomic batch failed`);
    this.index = index;
    this.answer = answer;
  }
}

export function createRunBatch({ database, config }: RunBatchOptions): RunBatch {
  const { batchesPerUser, batchTimeoutMs } = config.limits;
  const { publicUrl } = config.api;
  const places = createPlaces(batchesPerUser);
  return async (caller, steps, isAtomic) => {
    using _place = places.take(caller.user.id);
    const deadline = performance.now() + batchTimeoutMs;
    const carryOut = async (around: OperationContext['around'], onFailure: OnFailure) => {
      const answers: OperationAnswer[] = [];
      for (const [index, step] of steps.entries()) {
        caller.signal.throwIfAborted();
        const answer =
          performance.now() < deadline
            ? await step.perform({ caller, index, around })
            : refusal(publicUrl, step, index, 'batch.timed_out');
        if (answer.error !== undefined) onFailure(index, answer);
        answers.push(answer);
      }
      // Whoever has gone does not learn that it was done, so it is not done.
      if (isAtomic) caller.signal.throwIfAborted();
      return answers;
    };
    if (!isAtomic) {
      const answers = await carryOut(
        (work) => database.isolate(work),
        () => undefined,
      );
      return { answers, isWithoutEffect: answers.every(({ error }) => error !== undefined) };
    }
    try {
      const undo: OnFailure = (index, answer) => {
        throw new RolledBack(index, answer);
      };
      const answers = await database.unitOfWork(() => carryOut((work) => work(), undo));
      return { answers, isWithoutEffect: false };
    } catch (error) {
      if (!(error instanceof RolledBack)) throw error;
      const answers = steps.map((step, index) =>
        index === error.index ? error.answer : refusal(publicUrl, step, index, 'batch.rolled_back'),
      );
      return { answers, isWithoutEffect: true };
    }
  };
}

type OnFailure = (index: number, answer: OperationAnswer) => void;

const refusal = (
  publicUrl: string,
  { target }: Step,
  index: number,
  code: 'batch.timed_out' | 'batch.rolled_back',
): OperationAnswer => {
  const [path = ''] = target.split('?', 1);
  const correlationId = `${currentCorrelationId() ?? 'none'}.${index}`;
  const error = new AppError(code, code === 'batch.timed_out' ? { retryAfterSeconds: 1 } : {});
  return problemAnswer(error, publicUrl, { path, correlationId });
};

/** Counts what each user has under way. */
function createPlaces(perUser: number) {
  const taken = new Map<string, number>();
  return {
    /** @throws AppError request.busy */
    take: (userId: string): Disposable => {
      const before = taken.get(userId) ?? 0;
      if (before >= perUser) throw new AppError('request.busy', { retryAfterSeconds: 1 });
      taken.set(userId, before + 1);
      return {
        [Symbol.dispose]: () => {
          const left = (taken.get(userId) ?? 1) - 1;
          if (left === 0) taken.delete(userId);
          else taken.set(userId, left);
        },
      };
    },
  };
}
