import { countTokens } from '../domain/token-counter.ts';
import type { ChatMessage, TokenUsage } from './completer.ts';

/** Tokens that the frame of a message takes (OpenAI's cookbook, "How to count tokens with tiktoken"). */
const TOKENS_A_MESSAGE = 4;

/** Tokens of a message as part of a prompt; other models than OpenAI's count a little differently. */
export const messageTokens = ({ content }: Pick<ChatMessage, 'content'>): number =>
  countTokens(content) + TOKENS_A_MESSAGE;

/** What a call has used, for providers that do not say. */
export const estimatedUsage = (messages: readonly ChatMessage[], answer: string): TokenUsage => ({
  promptTokens: messages.reduce((sum, message) => sum + messageTokens(message), 0),
  completionTokens: countTokens(answer),
  estimated: true,
});
