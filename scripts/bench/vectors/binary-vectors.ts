/** Bytes of the head of a one-dimensional array, and of its one bound. */
const ARRAY_HEAD = 20;
/** Length of an element, and the head of a vector. */
const ELEMENT_HEAD = 8;

/**
 * Writes vectors of one length as PostgreSQL's binary form of `vector[]`: as text they would be three times as long, and parsing
 * it would take longer than storing it.
 *
 * @param type the oid of the type `vector` in this database
 */
export function binaryVectors(vectors: readonly Float32Array[], type: number): Buffer {
  const dimensions = vectors[0]?.length ?? 0;
  const size = ELEMENT_HEAD + 4 * dimensions;
  const bytes = Buffer.alloc(ARRAY_HEAD + vectors.length * size);
  // Dimensions of the array, whether there are nulls, type of the elements; then its length and lower bound.
  for (const [index, value] of [1, 0, type, vectors.length, 1].entries())
    bytes.writeInt32BE(value, 4 * index);
  for (const [index, vector] of vectors.entries()) {
    const start = ARRAY_HEAD + index * size;
    bytes.writeInt32BE(size - 4, start);
    bytes.writeInt16BE(dimensions, start + 4);
    for (let at = 0; at < dimensions; at++)
      bytes.writeFloatBE(vector[at] ?? 0, start + ELEMENT_HEAD + 4 * at);
  }
  return bytes;
}
