import Joi from 'joi';
import { AppError } from '../errors/app-error.ts';
import type { PostOptions } from '../net/guarded-fetch.ts';
import { readRetryAfter } from '../net/retry-after.ts';

export interface EmbeddingsRequest {
  readonly model: string;
  readonly dimensions: number;
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly timeoutMs: number;
  /** The key is a user's own, so a refusal is for its owner to mend. */
  readonly ownCredential?: boolean;
  /** Sends the request; `fetch` by default. */
  readonly post?: ((url: string, options: PostOptions) => Promise<Response>) | undefined;
}

interface EmbeddingsAnswer {
  readonly data: readonly { readonly index: number; readonly embedding: readonly number[] }[];
}

const answerSchema = Joi.object<EmbeddingsAnswer>({
  data: Joi.array()
    .required()
    .items(
      Joi.object({
        index: Joi.number().integer().min(0).required(),
        // Each number is looked at below; joi would take many times as long.
        embedding: Joi.array().required(),
      }).unknown(),
    ),
}).unknown();

/**
 * Calls `POST {baseUrl}/embeddings` once, in the format of OpenAI's API reference ("Create embeddings").
 *
 * @returns one vector for each text, in the order of the texts
 * @throws AppError embedding.throttled (429), embedding.rejected (other 4xx, redirects, answers that do not fit),
 *   embedding.dimension_mismatch, embedding.unavailable (5xx, network, timeout), credential.rejected (401 and 403 to a user's
 *   own key); the signal's reason when it is aborted
 */
export async function requestEmbeddings(
  request: EmbeddingsRequest,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Float32Array[]> {
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(request.timeoutMs);
  try {
    const response = await (request.post ?? fetchPost)(`${request.baseUrl}/embeddings`, {
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(request.apiKey === undefined ? {} : { authorization: `Bearer ${request.apiKey}` }),
      },
      body: JSON.stringify({ model: request.model, input: texts, encoding_format: 'float' }),
      signal: AbortSignal.any([signal, timeout]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw refusal(response, request.ownCredential === true);
    }
    const body = await readBounded(response, largestAnswer(texts.length, request.dimensions));
    return readVectors(body, texts.length, request.dimensions);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError) throw error;
    const detail = timeout.aborted
      ? `The embedding provider took longer than ${request.timeoutMs} ms.`
      : undefined;
    throw new AppError('embedding.unavailable', {
      ...(detail === undefined ? {} : { detail }),
      cause: error,
    });
  }
}

/** A redirect would carry the texts, and the key, to a server that nobody configured. */
const fetchPost = (url: string, options: PostOptions): Promise<Response> =>
  fetch(url, { method: 'POST', redirect: 'manual', ...options });

/** The provider's own words stay out of it: they may repeat the key or the texts. */
function refusal(response: Response, ownCredential: boolean): AppError {
  const detail = `The embedding provider answered ${response.status}.`;
  const seconds = readRetryAfter(response.headers.get('retry-after'));
  const more = seconds === undefined ? { detail } : { detail, retryAfterSeconds: seconds };
  if (response.status === 429) return new AppError('embedding.throttled', more);
  if (response.status >= 500 || response.status === 408) return new AppError('embedding.unavailable', more);
  if (ownCredential && (response.status === 401 || response.status === 403))
    return new AppError('credential.rejected', { detail });
  return new AppError('embedding.rejected', { detail });
}

/** 32 bytes are room for one number, written out in full and indented. */
const largestAnswer = (texts: number, dimensions: number): number =>
  65_536 + texts * (1024 + dimensions * 32);

async function readBounded(response: Response, limit: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > limit)
      throw new AppError('embedding.rejected', {
        detail: 'The answer of the embedding provider is too large.',
      });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function readVectors(body: string, count: number, dimensions: number): Float32Array[] {
  const checked = answerSchema.validate(JSON.parse(body), { convert: false });
  if (checked.error !== undefined) throw unusable();
  const vectors: (Float32Array | undefined)[] = Array.from({ length: count });
  for (const { index, embedding } of checked.value.data) {
    if (index >= count || vectors[index] !== undefined) throw unusable();
    if (embedding.length !== dimensions)
      throw new AppError('embedding.dimension_mismatch', {
        detail: `The embedding provider gave ${embedding.length} dimensions instead of ${dimensions}.`,
      });
    vectors[index] = toVector(embedding);
  }
  return vectors.map((vector) => {
    if (vector === undefined) throw unusable();
    return vector;
  });
}

/** A vector without direction has no cosine with any other. */
function toVector(embedding: readonly unknown[]): Float32Array {
  if (!embedding.every((value) => typeof value === 'number')) throw unusable();
  const vector = Float32Array.from(embedding);
  if (!vector.every(Number.isFinite) || vector.every((value) => value === 0)) throw unusable();
  return vector;
}

const unusable = (): AppError =>
  new AppError('embedding.rejected', {
    detail: 'The answer of the embedding provider does not hold one vector for each text.',
  });
