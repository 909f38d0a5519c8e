import type { Failure } from './types.ts';

export type ConversationStatus = 'active' | 'archived';

export interface Conversation {
  readonly id: string;
  readonly userId: string;
  readonly assistantId: string;
  readonly title: string;
  /** False while the title is made from the first message. */
  readonly hasOwnTitle: boolean;
  readonly status: ConversationStatus;
  readonly messageCount: number;
  readonly lastMessageAt: Date;
  readonly archivedAt: Date | null;
  readonly version: number;
  readonly state: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type MessageRole = 'user' | 'assistant' | 'system';
export type MessageStatus = 'pending' | 'completed' | 'failed' | 'cancelled';
export type Feedback = 'positive' | 'negative';

/** Where a statement of a reply comes from; the text cites it as `[n]`. */
export interface MessageSource {
  readonly n: number;
  readonly kind: 'document' | 'memory';
  readonly documentId: string | null;
  readonly chunkId: string | null;
  readonly memoryId: string | null;
  readonly title: string;
  readonly pageFrom: number | null;
  readonly pageTo: number | null;
  /** Offsets of the quote in the document's text, in UTF-16 code units; null for memories. */
  readonly charStart: number | null;
  readonly charEnd: number | null;
  readonly score: number;
  readonly quote: string;
}

export interface Message {
  readonly id: string;
  readonly userId: string;
  readonly conversationId: string;
  /** The message that a reply answers. */
  readonly replyToId: string | null;
  readonly role: MessageRole;
  readonly status: MessageStatus;
  readonly content: string;
  readonly sources: readonly MessageSource[];
  readonly provider: string | null;
  readonly model: string | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly tokensEstimated: boolean;
  readonly tookMs: number | null;
  readonly error: Failure | null;
  readonly feedback: Feedback | null;
  readonly feedbackComment: string | null;
  readonly feedbackAt: Date | null;
  readonly state: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Messages that a conversation may have; an archive holds all of them. */
export const MOST_MESSAGES = 5_000;

/** A reply whose process has not been heard of for this long is dead. */
export const REPLY_LEASE_SECONDS = 30;

export const DEFAULT_TITLE = 'New conversation';

const TITLE_LENGTH = 80;

/** The title that a message gives to its conversation: the beginning of its first line. */
export function titleOf(content: string): string {
  const line = content.trim().split(/\s*\n/u)[0] ?? '';
  const letters = Array.from(line.replace(/\s+/gu, ' '));
  if (letters.length <= TITLE_LENGTH) return letters.join('') || DEFAULT_TITLE;
  const cut = letters.slice(0, TITLE_LENGTH - 1).join('');
  return `${cut.replace(/\s+\S*$/u, '') || cut}…`;
}
