import type { EmbeddingModel } from '#shared/domain/types.ts';

/** pgvector indexes `vector` up to 2,000 dimensions and `halfvec`, of half the precision, up to 4,000. */
const MOST_VECTOR_DIMENSIONS = 2000;

/** SQL with which a model's vectors are indexed and searched; both must use the very same text. */
export interface VectorSql {
  readonly column: string;
  /** Type of the query vector. */
  readonly type: string;
  readonly operators: string;
}

/**
 * Names the expression that a model's partial index is over. Numbers stand in the SQL itself, because the planner uses
 * an index over an expression only for the same constant; they are checked to be whole numbers here.
 *
 * @throws RangeError for anything but whole numbers in range
 */
export function indexedVector(model: Pick<EmbeddingModel, 'id' | 'dimensions'>, column: string): VectorSql {
  const { id, dimensions } = model;
  if (!Number.isInteger(id) || id < 1 || !Number.isInteger(dimensions) || dimensions < 1 || dimensions > 4000)
    throw new RangeError(`no model has id ${id} and ${dimensions} dimensions`);
  const kind = dimensions <= MOST_VECTOR_DIMENSIONS ? 'vector' : 'halfvec';
  const type = `${kind}(${dimensions})`;
  return { column: `${column}::${type}`, type, operators: `${kind}_cosine_ops` };
}
