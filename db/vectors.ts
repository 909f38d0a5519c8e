import type { EmbeddingModel } from '#shared/domain/types.ts';

/** pgvector indexes `halfvec` up to so many dimensions, and `vector` up to half of them. */
const MOST_DIMENSIONS = 4000;

/** SQL with which a model's vectors are indexed and searched; both must use the very same text. */
export interface VectorSql {
  readonly column: string;
  /** Type of the query vector. */
  readonly type: string;
  readonly operators: string;
}

/**
 * Names the expression that a model's partial index is over: its vectors in half precision, which makes the index half as large
 * and faster to read. What the index finds is compared again as it is stored. Numbers stand in the SQL itself, because the planner uses
 * an index over an expression only for the same constant; they are checked to be whole numbers here.
 *
 * @throws RangeError for anything but whole numbers in range
 */
export function indexedVector(model: Pick<EmbeddingModel, 'id' | 'dimensions'>, column: string): VectorSql {
  const { id, dimensions } = model;
  if (
    !Number.isInteger(id) ||
    id < 1 ||
    !Number.isInteger(dimensions) ||
    dimensions < 1 ||
    dimensions > MOST_DIMENSIONS
  )
    throw new RangeError(`no model has id ${id} and ${dimensions} dimensions`);
  const type = `halfvec(${dimensions})`;
  return { column: `${column}::${type}`, type, operators: 'halfvec_cosine_ops' };
}
