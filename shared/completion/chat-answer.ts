import Joi from 'joi';
import { AppError } from '../errors/app-error.ts';
import type { TokenUsage } from './completer.ts';

/** What of an answer of `/chat/completions`, or of a piece of it, is of interest. */
export interface ChatAnswer {
  readonly text: string;
  readonly model: string | undefined;
  readonly finishReason: string | undefined;
  readonly usage: TokenUsage | undefined;
}

interface Choice {
  readonly message?: { readonly content?: string | null };
  readonly delta?: { readonly content?: string | null };
  readonly finish_reason?: string | null;
}
interface Answer {
  readonly model?: string;
  readonly choices?: readonly Choice[] | null;
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
}

const words = Joi.object({ content: Joi.string().allow('', null) }).unknown();
const tokens = Joi.number().integer().min(0).max(2_000_000_000).required();

const schema = Joi.object<Answer>({
  model: Joi.string().allow('').max(500),
  choices: Joi.array()
    .items(
      Joi.object({
        message: words,
        delta: words.allow(null),
        finish_reason: Joi.string().allow('', null),
      }).unknown(),
    )
    .allow(null),
  usage: Joi.object({ prompt_tokens: tokens, completion_tokens: tokens }).unknown().allow(null),
}).unknown();

/**
 * Reads an answer, or a piece of a streamed one, in the format of OpenAI's API reference ("Chat Completions").
 *
 * @throws AppError completion.rejected when it does not fit, completion.unavailable when it reports an error
 */
export function readChatAnswer(json: string): ChatAnswer {
  const answer = parse(json);
  const choice = answer.choices?.[0];
  return {
    text: choice?.delta?.content ?? choice?.message?.content ?? '',
    model: answer.model === '' ? undefined : answer.model,
    finishReason: choice?.finish_reason ?? undefined,
    usage: answer.usage
      ? {
          promptTokens: answer.usage.prompt_tokens,
          completionTokens: answer.usage.completion_tokens,
          estimated: false,
        }
      : undefined,
  };
}

function parse(json: string): Answer {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw unusable(error);
  }
  // Its words stay out of it: they may repeat the texts.
  if (typeof value === 'object' && value !== null && 'error' in value && value.error !== null)
    throw new AppError('completion.unavailable', {
      detail: 'The completion provider reported an error in the middle of its answer.',
    });
  const checked = schema.validate(value, { convert: false });
  if (checked.error !== undefined) throw unusable(checked.error);
  return checked.value;
}

export const unusable = (cause?: unknown): AppError =>
  new AppError('completion.rejected', {
    detail: 'The answer of the completion provider is not one of /chat/completions.',
    cause,
  });
