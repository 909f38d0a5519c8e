import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { problemAnswer } from '#api/http/operations.ts';
import type { OperationAnswer, OperationContext, Operations } from '#api/http/operations.ts';
import type { Mount } from '#api/http/routes.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { errorEntry } from '#shared/errors/error-catalog.ts';
import { currentCorrelationId } from '#shared/logging/correlation.ts';
import { paramsOf, takesVersion } from './define-bulk.ts';
import type { Bulk, BulkOperation } from './define-bulk.ts';
import type { RunBatch, Step } from './run-batch.ts';

export interface BulkRouterOptions {
  readonly operations: Operations;
  readonly runBatch: RunBatch;
  readonly publicUrl: string;
}

/** Has every operation answered by the endpoint that it stands for, so that both follow the same rules. */
export function mountBulk(mount: Mount, { endpoint, actions }: Bulk, options: BulkRouterOptions): void {
  mount(endpoint, async ({ body, query, ...caller }) => {
    if (!query.deletes) refuseDeletes(body.operations, actions);
    const steps = body.operations.map((operation) => stepOf(operation, actions, options));
    const { answers, isWithoutEffect } = await options.runBatch(caller, steps, body.atomic);
    const failed = answers.filter(({ error }) => error !== undefined).length;
    return {
      status: 200,
      isWithoutEffect,
      body: {
        data: answers.map(resultView),
        meta: {
          succeeded: answers.length - failed,
          failed,
          rolled_back: body.atomic && isWithoutEffect,
        },
      },
    };
  });
}

/** Whatever deletes, by any name, is done only by whoever has said so and proved to be who they are. */
function refuseDeletes(operations: readonly BulkOperation[], actions: Bulk['actions']): void {
  const errors = operations.flatMap(({ op }, index) =>
    actions[op]?.method === 'DELETE'
      ? [
          {
            pointer: `/body/operations/${index}/op`,
            code: 'batch.deletes',
            message: 'operations that delete need deletes=true in the query',
          },
        ]
      : [],
  );
  if (errors.length > 0) throw new AppError('request.invalid', { errors });
}

function stepOf(
  { op, version, ...fields }: BulkOperation,
  actions: Bulk['actions'],
  { operations, publicUrl }: BulkRouterOptions,
): Step {
  const endpoint = actions[op] as AnyEndpoint;
  const names = paramsOf(endpoint);
  const isParam = ([name]: [string, unknown]): boolean => names.includes(name);
  const params = Object.fromEntries(Object.entries(fields).filter(isParam));
  const body = Object.fromEntries(Object.entries(fields).filter((field) => !isParam(field)));
  const path = endpoint.fullPath.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const perform = (context: OperationContext): Promise<OperationAnswer> => {
    if (takesVersion(endpoint) && version === undefined) {
      const correlationId = `${currentCorrelationId() ?? 'none'}.${context.index}`;
      const error = new AppError('precondition.required');
      return Promise.resolve(problemAnswer(error, publicUrl, { path, correlationId }));
    }
    // Only the first part of a tag, the version, is compared.
    const headers = version === undefined ? {} : { 'if-match': `"${version}.0"` };
    return operations.call(endpoint, { params, headers, body }, context);
  };
  return { target: path, perform };
}

const resultView = ({ status, body, error }: OperationAnswer, index: number) => ({
  index,
  status,
  data: error === undefined ? ((body as { data?: unknown } | undefined)?.data ?? null) : null,
  error:
    error === undefined
      ? null
      : { code: error.code, message: error.detail, remedy: errorEntry(error.code).remedy },
});
