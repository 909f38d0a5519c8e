import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, id, pageOf, paragraphs } from '#api/http/schemas.ts';
import type { Feedback } from '#shared/domain/conversation.ts';
import {
  exampleMessage,
  examplePrompt,
  exampleReply,
  messageSchema,
  promptSchema,
} from './message-schemas.ts';

const params = Joi.object<{ id: string }>({ id: id().required() });
const ofConversation = { params: { id: exampleMessage.conversation_id } };
const ofReply = { params: { id: exampleReply.id } };

const explain = Joi.boolean()
  .default(false)
  .description('Shows what was sent to the model, and why it was that.');

export interface MessageQuery extends PageQuery {
  readonly order: 'oldest' | 'newest';
}

export const listMessages = defineEndpoint({
  method: 'GET',
  path: '/conversations/:id/messages',
  operationId: 'listMessages',
  summary: 'List the messages of a conversation',
  description:
    'In the order in which they were written, or the newest first. Of an archived conversation none are listed: restore it first.',
  tag: 'conversations',
  auth: 'user',
  scope: 'conversations:read',
  params,
  query: Joi.object<MessageQuery>({
    ...pageQuery,
    order: Joi.string().valid('oldest', 'newest').default('oldest').description('Which come first.'),
  }),
  responses: {
    200: {
      description: 'A page of messages.',
      schema: pageOf(messageSchema),
      example: { data: [exampleMessage, exampleReply], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['conversation.not_found', 'conversation.archived', 'page.cursor_invalid'],
  example: { ...ofConversation, query: { order: 'newest', limit: 20 } },
});

export interface PostMessageBody {
  readonly content: string;
  readonly reply: boolean;
  readonly stream?: boolean;
}

export const postMessage = defineEndpoint({
  method: 'POST',
  path: '/conversations/:id/messages',
  operationId: 'postMessage',
  summary: 'Say something, and get a reply',
  description:
    'The message is stored, and the reply made of the persona, the conversation, and what the documents and memories of the assistant say. It is answered when the reply is complete, or streamed: with `stream: true`, or with `Accept: text/event-stream`, as events `message` (both ids), `sources`, `delta` for each piece and at last `done` or `error` with the reply as it is stored. A reply that fails says so in its `error`; the message stays. When the client goes away the reply is cancelled. One conversation has one reply at a time; an archived one is restored. With an Idempotency-Key the reply is made to its end even when the client goes away, and the same request again gets the same message and reply: as a whole when it has ended, waiting up to 5 seconds for it, or as a stream that says the ids at once and the rest when it has ended.',
  // The reply takes as long as its provider does.
  streams: true,
  keyKeeping: 'own',
  tag: 'conversations',
  auth: 'user',
  scope: 'conversations:write',
  params,
  query: Joi.object<{ explain: boolean }>({ explain }),
  headers: Joi.object<{ accept?: string }>({
    accept: Joi.string().max(1000).description('text/event-stream asks for a stream.'),
  }),
  body: Joi.object<PostMessageBody>({
    content: paragraphs(20_000).required(),
    reply: Joi.boolean().default(true).description('false only stores the message.'),
    stream: Joi.boolean().description('Goes before the Accept header.'),
  }),
  responses: {
    200: {
      description: 'The reply as it comes.',
      contentType: 'text/event-stream',
      example: `event: delta\ndata: {"text":"They need"}\n\n`,
    },
    201: {
      description:
        'The message and the reply, whose status says how it ended; null where none was asked for.',
      schema: dataOf(
        Joi.object({
          message: messageSchema.required(),
          reply: messageSchema.allow(null).required(),
          prompt: promptSchema.allow(null).description('With explain only.'),
        }),
      ),
      example: { data: { message: exampleMessage, reply: exampleReply } },
    },
  },
  errors: [
    'conversation.not_found',
    'conversation.busy',
    'conversation.full',
    'assistant.not_found',
    'assistant.inactive',
    'request.busy',
    'quota.daily_exceeded',
  ],
  example: { ...ofConversation, body: { content: exampleMessage.content } },
});

const message = (description: string) => ({
  description,
  schema: dataOf(messageSchema),
  example: { data: exampleReply },
});

export const getMessage = defineEndpoint({
  method: 'GET',
  path: '/messages/:id',
  operationId: 'getMessage',
  summary: 'Read a message',
  description:
    'Of a reply with its sources and the tokens it took, and with explain=true the prompt that was sent.',
  tag: 'conversations',
  auth: 'user',
  scope: 'conversations:read',
  params,
  query: Joi.object<{ explain: boolean }>({ explain }),
  responses: {
    200: {
      ...message('The message.'),
      schema: dataOf(
        messageSchema.append({ prompt: promptSchema.allow(null).description('With explain only.') }),
      ),
      example: { data: { ...exampleReply, prompt: examplePrompt } },
    },
  },
  errors: ['message.not_found'],
  example: { ...ofReply, query: { explain: true } },
});

export const cancelMessage = defineEndpoint({
  method: 'POST',
  path: '/messages/:id/cancel',
  operationId: 'cancelMessage',
  summary: 'Cancel a reply that is being made',
  description:
    'The call of the provider ends within a second, whichever instance makes it; what it had written is kept.',
  tag: 'conversations',
  auth: 'user',
  scope: 'conversations:write',
  params,
  responses: { 200: message('The cancelled reply.') },
  errors: ['message.not_found', 'message.not_pending'],
  example: ofReply,
});

export interface FeedbackBody {
  readonly value: Feedback;
  readonly comment?: string | null;
}

export const giveFeedback = defineEndpoint({
  method: 'POST',
  path: '/messages/:id/feedback',
  operationId: 'giveFeedback',
  summary: 'Say whether a reply was good',
  description:
    'It is kept with the reply and counts in the metrics of the assistant; it changes neither prompt nor persona. Given again it replaces what was said before.',
  tag: 'conversations',
  auth: 'user',
  scope: 'conversations:write',
  params,
  body: Joi.object<FeedbackBody>({
    value: Joi.string().valid('positive', 'negative').required(),
    comment: paragraphs(2000).allow(null),
  }),
  responses: { 200: message('The reply with the feedback.') },
  errors: ['message.not_found', 'message.not_a_reply'],
  example: { ...ofReply, body: { value: 'negative', comment: 'The page is wrong.' } },
});
