import { AppError } from '../errors/app-error.ts';
import { fetchPost, readBounded, refusal } from '../net/provider-request.ts';
import type { Post } from '../net/provider-request.ts';
import { readChatAnswer, unusable } from './chat-answer.ts';
import type { ChatAnswer } from './chat-answer.ts';
import type { ChatMessage } from './completer.ts';
import { readEventData, StreamError } from './event-stream.ts';

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number;
  /** Name of the limit in the request: newer models of OpenAI want `max_completion_tokens`, most servers `max_tokens`. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Longest time to the first piece of an answer, connecting included, in ms. */
  readonly firstByteTimeoutMs: number;
  /** Longest time between two pieces, in ms. */
  readonly idleTimeoutMs: number;
  /** Longest time of a whole call, in ms. */
  readonly timeoutMs: number;
  /** The key is a user's own, so a refusal is for its owner to mend. */
  readonly ownCredential?: boolean;
  /** Sends the request; `fetch` by default. */
  readonly post?: Post | undefined;
}

/** A streamed answer of which the first piece is there. */
export interface OpenChat extends AsyncDisposable {
  /** Throws as `openChat` does; `completion.unavailable` also when the stream ends before the answer. */
  readonly pieces: AsyncIterable<ChatAnswer>;
}

/**
 * Begins `POST {baseUrl}/chat/completions` with `stream: true` and waits for the first piece of the answer, after which
 * nothing may be repeated.
 *
 * @throws AppError completion.throttled (429), completion.rejected (other 4xx, redirects, answers that do not fit or are
 *   too large), completion.unavailable (5xx, network, timeouts), credential.rejected (401 and 403 to a user's own key);
 *   the signal's reason when it is aborted
 */
export async function openChat(request: ChatRequest, signal: AbortSignal): Promise<OpenChat> {
  const watch = startWatch(request, signal);
  try {
    const response = await send(
      request,
      { stream: true, stream_options: { include_usage: true } },
      watch.signal,
    );
    const events = readEventData(bounded(response, request.maxTokens, () => watch.touch()))[
      Symbol.asyncIterator
    ]();
    const first = await events.next();
    if (first.done === true) throw brokenOff();
    const pieces = watched(readPieces(first.value, events), watch, signal);
    return {
      pieces,
      [Symbol.asyncDispose]: () => {
        watch.stop();
        return Promise.resolve();
      },
    };
  } catch (error) {
    watch.stop();
    throw translate(error, watch, signal);
  }
}

/** The same without streaming: one request, one answer. Throws as `openChat` does. */
export async function requestChat(request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer> {
  // Nothing comes before everything does, so only the limit of the whole applies.
  const watch = startWatch({ ...request, firstByteTimeoutMs: request.timeoutMs }, signal);
  try {
    const response = await send(request, { stream: false }, watch.signal);
    const answer = readChatAnswer(
      await readBounded('completion', response, largestAnswer(request.maxTokens)),
    );
    if (answer.finishReason === undefined && answer.text === '') throw unusable();
    return answer;
  } catch (error) {
    throw translate(error, watch, signal);
  } finally {
    watch.stop();
  }
}

/** Room for a token with all that a server may say about it, such as log probabilities. */
const largestAnswer = (maxTokens: number): number => 262_144 + maxTokens * 2_048;

async function send(request: ChatRequest, more: object, signal: AbortSignal): Promise<Response> {
  signal.throwIfAborted();
  const response = await (request.post ?? fetchPost)(`${request.baseUrl}/chat/completions`, {
    headers: {
      'content-type': 'application/json',
      accept: 'stream_options' in more ? 'text/event-stream' : 'application/json',
      ...(request.apiKey === undefined ? {} : { authorization: `Bearer ${request.apiKey}` }),
    },
    body: JSON.stringify({
      model: request.model,
      messages: request.messages,
      [request.maxTokensField]: request.maxTokens,
      ...more,
    }),
    signal,
  });
  if (response.ok) return response;
  await response.body?.cancel();
  throw refusal('completion', response, request.ownCredential === true);
}

async function* bounded(
  response: Response,
  maxTokens: number,
  touch: () => void,
): AsyncGenerator<Uint8Array> {
  const limit = largestAnswer(maxTokens);
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    touch();
    size += part.byteLength;
    if (size > limit)
      throw new AppError('completion.rejected', {
        detail: 'The answer of the completion provider is too large.',
      });
    yield part;
  }
}

/** Ends with `[DONE]`; some servers leave it out, and then the reason of the end must have been given. */
async function* readPieces(first: string, events: AsyncIterator<string>): AsyncGenerator<ChatAnswer> {
  let finished = false;
  try {
    for (let data = first; data !== '[DONE]';) {
      const piece = readChatAnswer(data);
      finished ||= piece.finishReason !== undefined;
      yield piece;
      const next = await events.next();
      if (next.done === true) break;
      data = next.value;
      finished ||= data === '[DONE]';
    }
    finished ||= first === '[DONE]';
    if (!finished) throw brokenOff();
  } finally {
    await events.return?.();
  }
}

async function* watched(
  pieces: AsyncIterable<ChatAnswer>,
  watch: Watch,
  signal: AbortSignal,
): AsyncGenerator<ChatAnswer> {
  try {
    yield* pieces;
  } catch (error) {
    throw translate(error, watch, signal);
  } finally {
    watch.stop();
  }
}

const brokenOff = (): AppError =>
  new AppError('completion.unavailable', { detail: 'The completion provider broke off its answer.' });

interface Watch {
  /** Aborted by the caller, by a limit that has run out, or by `stop`. */
  readonly signal: AbortSignal;
  /** What ran out, in words. */
  readonly expired: string | undefined;
  /** Says that something has come. */
  touch(): void;
  /** Ends the call, if it still goes on, and the limits. */
  stop(): void;
}

function startWatch(request: ChatRequest, signal: AbortSignal): Watch {
  const abort = new AbortController();
  let expired: string | undefined;
  const after = (ms: number, words: string): NodeJS.Timeout =>
    setTimeout(() => {
      expired = `${words} ${ms} ms.`;
      abort.abort(new Error(expired));
    }, ms);
  const total = after(request.timeoutMs, 'The completion provider took longer than');
  let idle = after(request.firstByteTimeoutMs, 'The completion provider said nothing for');
  return {
    signal: AbortSignal.any([signal, abort.signal]),
    get expired() {
      return expired;
    },
    touch: () => {
      clearTimeout(idle);
      idle = after(request.idleTimeoutMs, 'The completion provider paused for more than');
    },
    stop: () => {
      clearTimeout(total);
      clearTimeout(idle);
      abort.abort();
    },
  };
}

function translate(error: unknown, watch: Watch, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof AppError) return error;
  if (error instanceof StreamError) return unusable(error);
  return new AppError('completion.unavailable', {
    ...(watch.expired === undefined ? {} : { detail: watch.expired }),
    cause: error,
  });
}
