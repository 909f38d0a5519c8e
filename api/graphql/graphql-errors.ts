import { GraphQLError } from 'graphql';
import { recognise } from '#api/http/error-handler.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { currentCorrelationId } from '#shared/logging/correlation.ts';

/** Says by which code an error of the GraphQL library is to be known. */
export const coded = (code: ErrorCode, error: GraphQLError): GraphQLError =>
  placed(error, new AppError(code, { detail: error.message }));

/** An error of ours at the place of another, where it has one. */
export const placed = (at: GraphQLError | undefined, error: AppError): GraphQLError =>
  new GraphQLError(error.detail, {
    ...(at && { nodes: at.nodes, source: at.source, positions: at.positions, path: at.path }),
    cause: error,
  });

/**
 * Makes what clients see of an error: the message, where it happened, and in `extensions` what a problem of REST says. Each
 * is logged and counted here, once.
 */
export function createErrorFormatter({
  logger,
  metrics,
}: {
  readonly logger: Logger;
  readonly metrics: Metrics;
}) {
  return (thrown: Readonly<Error>): GraphQLError => {
    const at = thrown instanceof GraphQLError ? thrown : new GraphQLError(thrown.message);
    const error = recognise(at.cause ?? thrown);
    metrics.errors.inc({ code: error.code });
    const fields = { code: error.code, path: at.path?.map(String) };
    if (error.reportable) logger.error({ ...fields, err: error }, error.message);
    else logger.info(fields, `graphql: ${error.code}`);
    const { nodes, source, positions, path } = at;
    return new GraphQLError(error.detail, {
      nodes,
      source,
      positions,
      path,
      extensions: extensionsOf(error),
    });
  };
}

const extensionsOf = (error: AppError) => ({
  code: error.code,
  status: error.status,
  correlation_id: currentCorrelationId() ?? null,
  ...(error.errors.length === 0 ? {} : { errors: error.errors }),
  ...(error.retryAfterSeconds === undefined ? {} : { retry_after_seconds: error.retryAfterSeconds }),
});
