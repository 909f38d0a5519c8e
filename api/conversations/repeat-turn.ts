import { setTimeout as sleep } from 'node:timers/promises';
import { inProgress } from '#api/http/idempotency.ts';
import type { Database } from '#db/database.ts';
import type { Message } from '#shared/domain/conversation.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { clearSilentReplies } from './conversation-rows.ts';
import type { PromptReport, ReplyEvent } from './write-reply.ts';

/** What is kept under the Idempotency-Key of a message: where its answer is found. */
export interface TurnPointer {
  readonly message_id: string;
  /** Null where no reply was asked for. */
  readonly reply_id: string | null;
}

/** How often a reply that somebody else is making is looked at, in ms. */
const LOOK_MS = 200;

export interface RepeatTurnOptions {
  readonly database: Pick<Database, 'read' | 'transaction'>;
  readonly userId: string;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** Longest wait for a reply that is being made, in ms; undefined waits for its end. */
  readonly waitMs: number | undefined;
}

/** @throws AppError idempotency.answer_lost when the message was deleted since */
export async function repeatedMessage(
  { database, userId }: Pick<RepeatTurnOptions, 'database' | 'userId'>,
  id: string,
): Promise<Message> {
  const message = await database.read.messages.find(userId, id);
  if (message === undefined) throw new AppError('idempotency.answer_lost');
  return message;
}

/**
 * Tells a turn again that was made, or is being made, under the same Idempotency-Key: the events of the first time, with
 * the whole text as one piece.
 *
 * @throws AppError idempotency.in_progress when the reply has not ended within `waitMs`, idempotency.answer_lost
 */
export async function* repeatTurn(
  options: RepeatTurnOptions,
  message: Message,
  replyId: string,
): AsyncGenerator<ReplyEvent, void, undefined> {
  const { database, userId } = options;
  const reply = await repeatedMessage(options, replyId);
  yield { type: 'begin', message, reply };
  const ended = reply.status === 'pending' ? await endOf(options, reply) : reply;
  const prompt = (await database.read.messages.prompt(userId, replyId)) as PromptReport | null | undefined;
  // Of the sources only those are kept that the text cites.
  if (prompt !== null && prompt !== undefined) yield { type: 'prompt', prompt, sources: ended.sources };
  if (ended.content !== '') yield { type: 'delta', text: ended.content };
  yield { type: 'end', reply: ended };
}

async function endOf(
  { database, userId, signal, waitMs }: RepeatTurnOptions,
  reply: Message,
): Promise<Message> {
  // One whose process is dead would be waited for in vain.
  await database.transaction((tx) => clearSilentReplies(tx, reply.conversationId));
  const deadline = performance.now() + (waitMs ?? Infinity);
  for (;;) {
    const now = await repeatedMessage({ database, userId }, reply.id);
    if (now.status !== 'pending') return now;
    if (performance.now() > deadline) throw inProgress();
    await sleep(LOOK_MS, undefined, { signal });
  }
}
