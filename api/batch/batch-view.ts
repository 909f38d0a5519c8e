import type { OperationAnswer } from '#api/http/operations.ts';

/**
 * The answers of operations as clients see them. A body for which there is no room is left out, and the next ones get
 * what is left.
 *
 * @param maxBytes of all bodies together
 */
export function fitting(answers: readonly OperationAnswer[], maxBytes: number) {
  let left = maxBytes;
  return answers.map(({ status, headers, body }) => {
    const size = body === undefined ? 0 : Buffer.byteLength(JSON.stringify(body));
    const fits = size <= left;
    if (fits) left -= size;
    return { status, headers, body: fits ? (body ?? null) : null, body_omitted: !fits };
  });
}
