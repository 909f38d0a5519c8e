import type { CompletionConfig } from '../config/completion-config.ts';
import { AppError } from '../errors/app-error.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { breakersByAddress } from '../net/circuit-breaker.ts';
import type { BreakerSetup, CircuitBreaker } from '../net/circuit-breaker.ts';
import type { ProviderGuard } from '../net/provider-guard.ts';
import { postOf } from '../net/provider-request.ts';
import { repeat } from '../net/repeat.ts';
import type { RetryOptions } from '../net/repeat.ts';
import type { ChatAnswer } from './chat-answer.ts';
import type { CompleteOptions, Completer, CompletionEnd, CompletionRequest } from './completer.ts';
import { openChat, requestChat } from './openai-chat.ts';
import type { ChatRequest } from './openai-chat.ts';
import { estimatedUsage } from './token-usage.ts';

export interface OpenAiCompleterOptions extends BreakerSetup {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly retry?: RetryOptions;
  readonly breaker?: CircuitBreaker;
  /** Sends requests to addresses that users give; without it such addresses are refused. */
  readonly guard?: ProviderGuard;
}

/** Somebody waits, so there is time for few attempts only. */
const RETRY: RetryOptions = { attempts: 3, baseMs: 250, maxMs: 2_000 };

/** Most characters of an answer: what a stored message may have. */
export const LONGEST_ANSWER = 100_000;

const provider = 'openai';

/**
 * Makes a completer over any server with OpenAI's `/v1/chat/completions`. A call is repeated after network errors,
 * timeouts, 5xx and 429, but never once a piece of the answer has come.
 */
export function createOpenAiCompleter(
  config: CompletionConfig & { readonly model: string },
  options: OpenAiCompleterOptions,
): Completer {
  const breakerOf = breakersByAddress(config.baseUrl, { ...options, service: 'completion' });
  const begin = <T>(
    request: ChatRequest,
    signal: AbortSignal,
    call: (request: ChatRequest, signal: AbortSignal) => Promise<T>,
  ): Promise<T> =>
    repeat(() => breakerOf(request.baseUrl).run(() => call(request, signal)), options.retry ?? RETRY, signal);
  const prepare = (request: CompletionRequest, complete: CompleteOptions): ChatRequest =>
    chatRequest(config, request, complete, options.guard);
  return {
    provider,
    usesModel: true,
    stream: (request, complete) =>
      counted(options.metrics, async function* () {
        const chat = prepare(request, complete);
        await using opened = await begin(chat, complete.signal, openChat);
        const end = yield* textOf(opened.pieces, chat);
        return end;
      }),
    complete: async (request, complete) => {
      const whole = counted(options.metrics, async function* () {
        const chat = prepare(request, complete);
        return yield* textOf([await begin(chat, complete.signal, requestChat)], chat);
      });
      let text = '';
      for (;;) {
        const { done, value } = await whole.next();
        if (done === true) return { ...value, text };
        text += value;
      }
    },
  };
}

function chatRequest(
  config: CompletionConfig & { readonly model: string },
  request: CompletionRequest,
  { model, credential }: CompleteOptions,
  guard: ProviderGuard | undefined,
): ChatRequest {
  return {
    ...config,
    messages: request.messages,
    model: model ?? config.model,
    maxTokens: Math.min(request.maxTokens ?? config.maxTokens, config.maxTokens),
    baseUrl: credential?.baseUrl ?? config.baseUrl,
    ...(credential === undefined
      ? {}
      : {
          apiKey: credential.apiKey,
          ownCredential: true,
          post: postOf(credential.baseUrl, guard),
        }),
  };
}

/** Passes the text on and puts together what the pieces say about the whole. */
async function* textOf(
  pieces: AsyncIterable<ChatAnswer> | Iterable<ChatAnswer>,
  { model, messages }: ChatRequest,
): AsyncGenerator<string, CompletionEnd, undefined> {
  let text = '';
  let last: { model?: string; usage?: CompletionEnd['usage']; finishReason?: string } = {};
  for await (const piece of pieces) {
    last = {
      ...last,
      ...Object.fromEntries(Object.entries(piece).filter(([, value]) => value !== undefined)),
    };
    if (piece.text === '') continue;
    text += piece.text;
    if (text.length > LONGEST_ANSWER)
      throw new AppError('completion.rejected', {
        detail: `The completion provider wrote more than ${LONGEST_ANSWER} characters.`,
      });
    yield piece.text;
  }
  return {
    provider,
    model: last.model ?? model,
    usage: last.usage ?? estimatedUsage(messages, text),
    finish: last.finishReason === 'length' ? 'length' : 'stop',
  };
}

async function* counted(
  metrics: Metrics,
  source: () => AsyncGenerator<string, CompletionEnd, undefined>,
): AsyncGenerator<string, CompletionEnd, undefined> {
  let outcome = 'cancelled';
  const stopTimer = metrics.completerDuration.startTimer({ provider });
  try {
    const end = yield* source();
    outcome = 'ok';
    metrics.completerTokens.inc({ provider, kind: 'prompt' }, end.usage.promptTokens);
    metrics.completerTokens.inc({ provider, kind: 'completion' }, end.usage.completionTokens);
    return end;
  } catch (error) {
    if (error instanceof AppError) outcome = error.code.replace('completion.', '');
    throw error;
  } finally {
    stopTimer({ outcome });
    metrics.completerCalls.inc({ provider, outcome });
  }
}
