import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import type { AnyEndpoint, Endpoint } from '#api/http/endpoint.ts';
import { dataOf } from '#api/http/schemas.ts';
import { errorCatalog } from '#shared/errors/error-catalog.ts';
import type { Scope } from '#shared/domain/scopes.ts';

/** One operation on one thing: `op`, the parameters of the path, `version`, and the fields of the body. */
export type BulkOperation = Readonly<Record<string, unknown>> & {
  readonly op: string;
  readonly version?: number;
};

export interface BulkBody {
  readonly operations: readonly BulkOperation[];
  readonly atomic: boolean;
}

interface BulkQuery {
  readonly deletes: boolean;
}

/** Many operations on things of one kind in one request. */
export interface Bulk {
  readonly endpoint: Endpoint<'user', unknown, BulkQuery, unknown, BulkBody>;
  /** By the name of the operation: the endpoint that each stands for. */
  readonly actions: Readonly<Record<string, AnyEndpoint>>;
}

export interface BulkDefinition {
  /** Below `/api/v1`, such as `/prompts`. */
  readonly path: string;
  readonly operationId: string;
  /** As the docs finish the sentence "Create, change and delete ...". */
  readonly summary: string;
  readonly tag: string;
  readonly scope: Scope;
  readonly actions: Readonly<Record<string, AnyEndpoint>>;
  readonly example: { readonly operations: readonly BulkOperation[]; readonly answer: unknown };
}

const MOST = 100;

const result = Joi.object({
  index: Joi.number().integer().min(0).required().description('Place of the operation in the request.'),
  status: Joi.number().integer().required().description('The status that the operation would have alone.'),
  data: Joi.object().unknown().allow(null).required().description('What the operation would answer alone.'),
  error: Joi.object({
    code: Joi.string()
      .valid(...Object.keys(errorCatalog))
      .required(),
    message: Joi.string().required(),
    remedy: Joi.string().required(),
  })
    .allow(null)
    .required(),
});

/** Names of the parameters in the path of an endpoint. */
export const paramsOf = ({ path }: AnyEndpoint): string[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);

/** Whether an endpoint looks at the version that its caller expects. */
export const takesVersion = ({ precondition }: AnyEndpoint): boolean => precondition;

function operationSchema(op: string, endpoint: AnyEndpoint): Joi.ObjectSchema {
  const version = Joi.number()
    .integer()
    .min(1)
    .max(2_147_483_647)
    .description('The version that is expected; what has changed since is not touched.');
  const own = Joi.object({
    op: Joi.string().valid(op).required(),
    ...(takesVersion(endpoint) ? { version } : {}),
  });
  const addressed = endpoint.params === undefined ? own : own.concat(endpoint.params);
  return endpoint.body === undefined ? addressed : addressed.concat(endpoint.body);
}

/** Makes the endpoint for many operations on one kind of thing out of those for one. */
export function defineBulk({ path, actions, example, summary, ...definition }: BulkDefinition): Bulk {
  for (const { operationId, scope, sensitive, proofCondition } of Object.values(actions))
    if (scope !== definition.scope || (sensitive && proofCondition === undefined))
      throw new Error(`${operationId} asks for more than ${definition.operationId} does`);
  const names = Object.keys(actions);
  const operation = Joi.alternatives().conditional('.op', {
    switch: Object.entries(actions).map(([op, endpoint]) => ({
      is: op,
      then: operationSchema(op, endpoint),
    })),
    otherwise: Joi.object({
      op: Joi.string()
        .valid(...names)
        .required(),
    }).unknown(),
  });
  const endpoint = defineEndpoint({
    ...definition,
    method: 'POST',
    path: `${path}/batch`,
    summary,
    description: `Up to ${MOST} operations (${names.join(', ')}), one after the other, each with a result of its own: one that fails undoes none of the others, unless \`atomic\` is true: then all are done or none, and the others of one that failed have \`batch.rolled_back\`. What changes or deletes something says which \`version\` of it is meant (\`precondition.required\`, \`precondition.failed\`). Operations that delete are taken only with deletes=true.`,
    auth: 'user',
    isBatch: true,
    keyKeeping: 'transaction',
    bodyLimit: 4 * 1024 * 1024,
    query: Joi.object<BulkQuery>({
      deletes: Joi.boolean().default(false).description('Whether operations may delete.'),
    }),
    sensitive: { when: 'with deletes=true', applies: ({ deletes }) => deletes },
    body: Joi.object<BulkBody>({
      operations: Joi.array().items(operation).min(1).max(MOST).required(),
      atomic: Joi.boolean().default(false).description('All of them or none.'),
    }),
    responses: {
      200: {
        description: 'What became of each operation, in their order.',
        schema: dataOf(
          Joi.array().items(result).required(),
          Joi.object({
            succeeded: Joi.number().integer().min(0).required(),
            failed: Joi.number().integer().min(0).required(),
            rolled_back: Joi.boolean().required().description('Nothing has happened.'),
          }),
        ),
        example: {
          data: [{ index: 0, status: 201, data: example.answer, error: null }],
          meta: { succeeded: 1, failed: 0, rolled_back: false },
        },
      },
    },
    errors: ['request.busy'],
    example: { query: { deletes: false }, body: { operations: example.operations, atomic: false } },
  });
  return { endpoint, actions };
}
