import type { Operations, OperationAnswer } from '#api/http/operations.ts';
import type { Mount } from '#api/http/routes.ts';
import { runOperations } from './batch-endpoints.ts';
import type { BatchOperation } from './batch-endpoints.ts';
import { assertBatchable } from './batch-policy.ts';
import { fitting } from './batch-view.ts';
import type { RunBatch } from './run-batch.ts';

export interface BatchRouterOptions {
  readonly operations: Operations;
  readonly runBatch: RunBatch;
  /** Most bytes of all bodies in one answer. */
  readonly responseMaxBytes: number;
}

export function mountBatch(
  mount: Mount,
  { operations, runBatch, responseMaxBytes }: BatchRouterOptions,
): void {
  mount(runOperations, async ({ body, ...caller }) => {
    const { atomic } = body;
    const steps = body.operations.map(({ method, path, headers = {}, body: sent }: BatchOperation) => ({
      target: path,
      perform: (context: Parameters<Operations['perform']>[1]): Promise<OperationAnswer> =>
        operations.perform({ method, target: path, headers, body: sent }, context, (endpoint, query) =>
          assertBatchable(endpoint, query, atomic),
        ),
    }));
    const { answers, isWithoutEffect } = await runBatch(caller, steps, atomic);
    const failed = answers.filter(({ error }) => error !== undefined).length;
    const views = fitting(answers, responseMaxBytes);
    return {
      status: 200,
      isWithoutEffect,
      body: {
        data: views.map((view, index) => ({ id: body.operations[index]?.id ?? null, ...view })),
        meta: { succeeded: answers.length - failed, failed, rolled_back: atomic && isWithoutEffect },
      },
    };
  });
}
