import type { SettingName, Values } from './settings.ts';

/** How answers are made. */
export interface CompletionConfig {
  readonly provider: 'extractive' | 'openai';
  readonly model: string | undefined;
  /** Without `/chat/completions` and without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Most tokens of an answer. */
  readonly maxTokens: number;
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** Most tokens of a prompt. */
  readonly contextTokens: number;
  /** Longest time to the first piece of an answer, in ms. */
  readonly firstByteTimeoutMs: number;
  /** Longest time between two pieces, in ms. */
  readonly idleTimeoutMs: number;
  /** Longest time of a whole call, in ms. */
  readonly timeoutMs: number;
}

/** How conversations are held. */
export interface ConversationConfig {
  /** Replies of one user that one API process makes at the same time. */
  readonly repliesPerUser: number;
  /** Passages of documents given to a reply. */
  readonly passages: number;
  /** Memories given to a reply. */
  readonly memories: number;
  /** Days without a message after which a conversation is archived; 0 never. */
  readonly archiveAfterDays: number;
}

type Get = <T>(name: SettingName) => T;

export const completionConfig = (get: Get): CompletionConfig => ({
  provider: get('COMPLETION_PROVIDER'),
  model: get('COMPLETION_MODEL'),
  baseUrl: get<string>('COMPLETION_BASE_URL').replace(/\/+$/, ''),
  apiKey: get('COMPLETION_API_KEY'),
  maxTokens: get('COMPLETION_MAX_TOKENS'),
  maxTokensField: get('COMPLETION_MAX_TOKENS_FIELD'),
  contextTokens: get('COMPLETION_CONTEXT_TOKENS'),
  firstByteTimeoutMs: get('COMPLETION_FIRST_BYTE_TIMEOUT_MS'),
  idleTimeoutMs: get('COMPLETION_IDLE_TIMEOUT_MS'),
  timeoutMs: get('COMPLETION_TIMEOUT_MS'),
});

export const conversationConfig = (get: Get): ConversationConfig => ({
  repliesPerUser: get('REPLIES_PER_USER'),
  passages: get('REPLY_PASSAGES'),
  memories: get('REPLY_MEMORIES'),
  archiveAfterDays: get('CONVERSATION_ARCHIVE_AFTER_DAYS'),
});

/** Settings of answers that do not go together. */
export function completionFaults(values: Values): string[] {
  return values.COMPLETION_PROVIDER === 'openai' && values.COMPLETION_MODEL === undefined
    ? ['COMPLETION_MODEL is missing: COMPLETION_PROVIDER=openai needs it']
    : [];
}
