import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import type { Persona } from '#db/queries/persona.ts';
import { MOST_MESSAGES, titleOf } from '#shared/domain/conversation.ts';
import type { Conversation, Feedback, Message } from '#shared/domain/conversation.ts';
import { memorable } from '#shared/domain/turn-memory.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { clearSilentReplies, lockConversation, restoreMessages } from './conversation-rows.ts';
import { writeReply } from './write-reply.ts';
import type { PromptReport, ReplyEvent, WriteReplyDeps } from './write-reply.ts';

/** The use cases of messages. Those of other users do not exist here. */
export interface MessageService {
  /** @throws AppError conversation.not_found, conversation.archived */
  list(
    userId: string,
    conversationId: string,
    order: 'oldest' | 'newest',
    page: PageRequest,
  ): Promise<Page<Message>>;
  /** @throws AppError message.not_found */
  get(userId: string, id: string): Promise<Message>;
  /** What was sent for a reply, as it was stored; null when nothing was. @throws AppError message.not_found */
  prompt(userId: string, id: string): Promise<PromptReport | null>;
  /**
   * Stores a message without a reply. An archived conversation is restored.
   *
   * @throws AppError conversation.not_found, conversation.full, assistant.not_found, assistant.inactive
   */
  note(userId: string, conversationId: string, content: string): Promise<Message>;
  /**
   * Stores a message and makes the reply as its events are read; when `signal` is aborted, or the events are not read to
   * their end, the reply is cancelled. Throws as `note` does, and conversation.busy, request.busy.
   */
  ask(
    userId: string,
    conversationId: string,
    content: string,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<ReplyEvent, void, undefined>>;
  /** Ends a reply that is being made, by whichever instance. @throws AppError message.not_found, message.not_pending */
  cancel(userId: string, id: string): Promise<Message>;
  /** Feedback is kept with the reply and changes nothing else. @throws AppError message.not_found, message.not_a_reply */
  giveFeedback(userId: string, id: string, feedback: Feedback, comment: string | null): Promise<Message>;
}

export interface MessageServiceOptions extends WriteReplyDeps {
  readonly database: Database;
}

export function createMessageService(options: MessageServiceOptions): MessageService {
  const { database, live } = options;
  const { read } = database;
  const get = async (userId: string, id: string): Promise<Message> => {
    const message = await read.messages.find(userId, id);
    if (message === undefined) throw new AppError('message.not_found');
    return message;
  };
  return {
    get,
    list: async (userId, conversationId, order, page) => {
      const conversation = await read.conversations.find(userId, conversationId);
      if (conversation === undefined) throw new AppError('conversation.not_found');
      if (conversation.status === 'archived') throw new AppError('conversation.archived');
      return read.messages.list(userId, conversationId, order, page);
    },
    prompt: async (userId, id) => {
      const prompt = await read.messages.prompt(userId, id);
      if (prompt === undefined) throw new AppError('message.not_found');
      return prompt as PromptReport | null;
    },
    note: async (userId, conversationId, content) => {
      const { message } = await database.transaction((tx) =>
        say(options, tx, { userId, conversationId, content, messages: 1 }),
      );
      return message;
    },
    ask: async (userId, conversationId, content, signal) => {
      using stack = new DisposableStack();
      stack.use(live.takePlace(userId));
      const turn = await database.transaction(async (tx) => {
        const said = await say(options, tx, { userId, conversationId, content, messages: 2 });
        const reply = await tx.messages.insert({
          id: uuidv7(),
          userId,
          conversationId,
          role: 'assistant',
          status: 'pending',
          content: '',
          replyToId: said.message.id,
        });
        return { ...said, reply };
      });
      return holding(stack.move(), writeReply(options, turn, signal));
    },
    cancel: async (userId, id) => {
      const cancelled = await database.transaction((tx) => tx.messages.cancel(userId, id));
      if (cancelled !== undefined) {
        live.look();
        return cancelled;
      }
      await get(userId, id);
      throw new AppError('message.not_pending');
    },
    giveFeedback: async (userId, id, feedback, comment) => {
      const message = await database.transaction(async (tx) => {
        const given = await tx.messages.setFeedback(userId, id, feedback, comment);
        if (given !== undefined) await tx.metrics.touchConversation(given.conversationId);
        return given;
      });
      if (message !== undefined) return message;
      await get(userId, id);
      throw new AppError('message.not_a_reply');
    },
  };
}

interface Saying {
  readonly userId: string;
  readonly conversationId: string;
  readonly content: string;
  /** Messages that the turn adds. */
  readonly messages: 1 | 2;
}

/** Stores what the user says, with what is to be remembered of it. */
async function say(
  { config }: MessageServiceOptions,
  tx: Transaction,
  { userId, conversationId, content, messages }: Saying,
): Promise<{ message: Message; persona: Persona }> {
  const conversation = await restoreMessages(tx, await lockConversation(tx, userId, conversationId));
  const persona = await tx.read.personas.find(userId, conversation.assistantId);
  if (persona === undefined) throw new AppError('assistant.not_found');
  if (!persona.isActive) throw new AppError('assistant.inactive');
  if (conversation.messageCount + messages > MOST_MESSAGES) throw new AppError('conversation.full');
  if (messages === 2) {
    await clearSilentReplies(tx, conversationId);
    if (await tx.messages.hasPending(conversationId)) throw new AppError('conversation.busy');
  }
  const message = await tx.messages.insert({
    id: uuidv7(),
    userId,
    conversationId,
    role: 'user',
    status: 'completed',
    content,
  });
  const isFirst = conversation.messageCount === 0 && !conversation.hasOwnTitle;
  tx.metrics.touch(conversation.assistantId);
  await tx.conversations.addMessages(conversationId, messages, isFirst ? titleOf(content) : undefined);
  await remember(tx, persona, conversation, message, config.textSearchLanguage);
  return { message, persona };
}

/** Only what the user says is remembered: replies quote what is stored already. */
async function remember(
  tx: Transaction,
  { memoryMode }: Persona,
  { assistantId }: Conversation,
  { id, userId, conversationId, content }: Message,
  language: string,
): Promise<void> {
  const turn = memoryMode === 'none' ? undefined : memorable(content);
  if (turn === undefined) return;
  await tx.turnMemories.write({
    id: uuidv7(),
    userId,
    assistantId,
    conversationId,
    messageId: id,
    ...turn,
    language,
    isOfSession: memoryMode === 'session',
  });
}

/** Keeps `held` until the events have been read or given up. */
async function* holding<T>(
  held: Disposable,
  events: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  using _held = held;
  yield* events;
}
