import { v7 as uuidv7 } from 'uuid';
import type { EffectKey } from '#api/http/endpoint.ts';
import { remember } from '#api/memories/remember.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import type { Persona } from '#db/queries/persona.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { Config } from '#shared/config/config.ts';
import { MOST_MESSAGES, titleOf } from '#shared/domain/conversation.ts';
import type { Feedback, Message } from '#shared/domain/conversation.ts';
import { memorable } from '#shared/domain/turn-memory.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import { clearSilentReplies, lockConversation, restoreMessages } from './conversation-rows.ts';
import { detachEvents } from './detach-events.ts';
import { repeatedMessage, repeatTurn } from './repeat-turn.ts';
import type { TurnPointer } from './repeat-turn.ts';
import { writeReply } from './write-reply.ts';
import type { PromptReport, ReplyEvent, Turn, WriteReplyDeps } from './write-reply.ts';

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
   * @param key makes it happen once, however often it is asked for
   * @throws AppError conversation.not_found, conversation.full, assistant.not_found, assistant.inactive
   */
  note(userId: string, conversationId: string, content: string, key?: EffectKey): Promise<Told<Message>>;
  /**
   * Stores a message and makes the reply as its events are read; when `signal` is aborted, or the events are not read to
   * their end, the reply is cancelled. Throws as `note` does, and conversation.busy, request.busy, quota.daily_exceeded.
   * With a key the reply is made to its end whoever listens, and asking again tells the same turn again.
   */
  ask(
    userId: string,
    conversationId: string,
    content: string,
    how: Asking,
  ): Promise<Told<AsyncGenerator<ReplyEvent, void, undefined>>>;
  /** Ends a reply that is being made, by whichever instance. @throws AppError message.not_found, message.not_pending */
  cancel(userId: string, id: string): Promise<Message>;
  /** Feedback is kept with the reply and changes nothing else. @throws AppError message.not_found, message.not_a_reply */
  giveFeedback(userId: string, id: string, feedback: Feedback, comment: string | null): Promise<Message>;
}

/** What was asked for, and whether it had been done before under the same key. */
export interface Told<T> {
  readonly isRepeated: boolean;
  readonly told: T;
}

export interface Asking {
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  readonly key?: EffectKey | undefined;
  /** Longest wait for the reply to an earlier request with the key, in ms; undefined waits for its end. */
  readonly waitMs?: number | undefined;
}

export interface MessageServiceOptions extends WriteReplyDeps {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
  readonly config: WriteReplyDeps['config'] & Pick<Config, 'memories' | 'quotas'>;
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
    note: (userId, conversationId, content, key) => {
      const work = (): Promise<Told<Message>> =>
        database.transaction(async (tx) => {
          const before = await claimed(tx, key);
          if (before !== undefined) {
            const of = { database: { ...database, read: tx.read }, userId };
            return { isRepeated: true, told: await repeatedMessage(of, before.message_id) };
          }
          const { message } = await say(options, tx, { userId, conversationId, content, messages: 1 });
          await key?.keep(tx, { message_id: message.id, reply_id: null } satisfies TurnPointer);
          return { isRepeated: false, told: message };
        });
      return key === undefined ? work() : key.alone(work);
    },
    ask: async (userId, conversationId, content, { signal, key, waitMs }) => {
      const repeat = async (pointer: TurnPointer): Promise<Told<AsyncGenerator<ReplyEvent>>> => {
        const message = await repeatedMessage({ database, userId }, pointer.message_id);
        const how = { database, userId, signal, waitMs };
        return { isRepeated: true, told: repeatTurn(how, message, pointer.reply_id ?? '') };
      };
      using stack = new DisposableStack();
      const begin = (): Promise<Turn | TurnPointer> =>
        database.transaction(async (tx) => {
          const before = await claimed(tx, key);
          // Whoever asks again needs no place of their own.
          if (before !== undefined) return before;
          stack.use(live.takePlace(userId));
          if (options.completer.usesModel)
            await tx.read.quotas.assertCompletions(userId, options.config.quotas);
          return beginTurn(options, tx, { userId, conversationId, content, key });
        });
      const turn = await (key === undefined ? begin() : key.alone(begin));
      if ('message_id' in turn) return await repeat(turn);
      const lone = new AbortController().signal;
      const events = holding(stack.move(), writeReply(options, turn, key === undefined ? signal : lone));
      if (key === undefined) return { isRepeated: false, told: events };
      const onFailure = (error: unknown): void =>
        options.logger.warn({ err: error, reply_id: turn.reply.id }, 'a reply could not be ended');
      return { isRepeated: false, told: detachEvents(events, onFailure) };
    },
    cancel: async (userId, id) => {
      const cancelled = await database.transaction((tx) => {
        tx.afterCommit(() => live.look());
        return tx.messages.cancel(userId, id);
      });
      if (cancelled !== undefined) return cancelled;
      await get(userId, id);
      throw new AppError('message.not_pending');
    },
    giveFeedback: async (userId, id, feedback, comment) => {
      const message = await database.transaction(async (tx) => {
        const rated = await tx.messages.setFeedback(userId, id, feedback, comment);
        const of = rated && (await tx.read.conversations.find(userId, rated.conversationId));
        if (of !== undefined) tx.metrics.touch(of.assistantId);
        return rated;
      });
      if (message !== undefined) return message;
      await get(userId, id);
      throw new AppError('message.not_a_reply');
    },
  };
}

const claimed = async (tx: Transaction, key: EffectKey | undefined): Promise<TurnPointer | undefined> =>
  (await key?.claim(tx)) as TurnPointer | undefined;

/** Stores a message with a pending reply, and under the key where they are found. */
async function beginTurn(
  options: MessageServiceOptions,
  tx: Transaction,
  { key, ...asked }: Omit<Saying, 'messages'> & Pick<Asking, 'key'>,
): Promise<Turn> {
  const said = await say(options, tx, { ...asked, messages: 2 });
  const reply = await tx.messages.insert({
    id: uuidv7(),
    userId: asked.userId,
    conversationId: asked.conversationId,
    role: 'assistant',
    status: 'pending',
    content: '',
    replyToId: said.message.id,
  });
  await key?.keep(tx, { message_id: said.message.id, reply_id: reply.id } satisfies TurnPointer);
  return { ...said, reply };
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
  options: MessageServiceOptions,
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
  await tx.conversations.addMessages(conversationId, messages, isFirst ? titleOf(content) : undefined);
  await keep(options, tx, persona, message);
  tx.metrics.touch(persona.id);
  return { message, persona };
}

/** Only what the user says is remembered: replies quote what is stored already. */
async function keep(
  options: MessageServiceOptions,
  tx: Transaction,
  { id: assistantId, memoryMode }: Persona,
  { id: messageId, userId, conversationId, content }: Message,
): Promise<void> {
  const event = memoryMode === 'none' ? undefined : memorable(content);
  if (event === undefined) return;
  const isOfSession = memoryMode === 'session';
  const input = { event, sourceRole: 'user', conversationId, messageId, isOfSession } as const;
  const { jobs } = await remember(tx, options, userId, assistantId, input);
  tx.afterCommit(() => options.producer.deliver(deliveriesOf(jobs)));
}

/** Keeps `held` until the events have been read or given up. */
async function* holding<T>(
  held: Disposable,
  events: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  using _held = held;
  yield* events;
}
