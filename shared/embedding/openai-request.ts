import Joi from 'joi';
import { AppError } from '../errors/app-error.ts';
import { fetchPost, readBounded, refusal } from '../net/provider-request.ts';
import type { Post } from '../net/provider-request.ts';

export interface EmbeddingsRequest {
  readonly model: string;
  readonly dimensions: number;
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly timeoutMs: number;
  /** The key is a user's own, so a refusal is for its owner to mend. */
  readonly ownCredential?: boolean;
  /** Sends the request; `fetch` by default. */
  readonly post?: Post | undefined;
}

/** What a call gave: one vector for each text, in the order of the texts. */
export interface Embeddings {
  readonly vectors: Float32Array[];
  /** Tokens that the provider says it took; undefined where it does not say. */
  readonly tokens: number | undefined;
}

interface EmbeddingsAnswer {
  readonly usage?: unknown;
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
 * @throws AppError embedding.throttled (429), embedding.rejected (other 4xx, redirects, answers that do not fit),
 *   embedding.dimension_mismatch, embedding.unavailable (5xx, network, timeout), credential.rejected (401 and 403 to a user's
 *   own key); the signal's reason when it is aborted
 */
export async function requestEmbeddings(
  request: EmbeddingsRequest,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Embeddings> {
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
      throw refusal('embedding', response, request.ownCredential === true);
    }
    const body = await readBounded('embedding', response, largestAnswer(texts.length, request.dimensions));
    return readEmbeddings(body, texts.length, request.dimensions);
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

/** 32 bytes are room for one number, written out in full and indented. */
const largestAnswer = (texts: number, dimensions: number): number =>
  65_536 + texts * (1024 + dimensions * 32);

function readEmbeddings(body: string, count: number, dimensions: number): Embeddings {
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
  return {
    vectors: vectors.map((vector) => {
      if (vector === undefined) throw unusable();
      return vector;
    }),
    tokens: tokensOf(checked.value),
  };
}

/** Nothing depends on it but a figure, so that whatever else stands there is let be. */
function tokensOf({ usage }: EmbeddingsAnswer): number | undefined {
  const total = (usage as { total_tokens?: unknown } | null | undefined)?.total_tokens;
  return Number.isSafeInteger(total) && (total as number) >= 0 ? (total as number) : undefined;
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
