import Joi from 'joi';
import { id, time } from '#api/http/schemas.ts';

const page = (): Joi.NumberSchema => Joi.number().integer().min(1).allow(null).required();
const offset = (): Joi.NumberSchema => Joi.number().integer().min(0).allow(null).required();
const count = (): Joi.NumberSchema => Joi.number().integer().min(0).required();

export const sourceSchema = Joi.object({
  n: Joi.number().integer().min(1).required().description('What the text cites as [n].'),
  kind: Joi.string().valid('document', 'memory').required(),
  document_id: id().allow(null).required(),
  chunk_id: id().allow(null).required(),
  memory_id: id().allow(null).required(),
  title: Joi.string().allow('').required(),
  page_from: page(),
  page_to: page(),
  char_start: offset().description('Of the quote in the text of the document, in UTF-16 code units.'),
  char_end: offset(),
  score: Joi.number().min(0).max(1).required(),
  quote: Joi.string().required().description('As it stands in the document or memory.'),
});

const usage = Joi.object({
  prompt_tokens: count(),
  completion_tokens: count(),
  estimated: Joi.boolean()
    .required()
    .description('True when the provider did not say, and it was counted here.'),
});

const error = Joi.object({
  code: Joi.string().required(),
  message: Joi.string().required(),
  remedy: Joi.string().required(),
  retryable: Joi.boolean().required(),
});

const feedback = Joi.object({
  value: Joi.string().valid('positive', 'negative').required(),
  comment: Joi.string().allow(null).required(),
  given_at: time().allow(null).required(),
});

export const messageSchema = Joi.object({
  id: id().required(),
  conversation_id: id().required(),
  reply_to_id: id().allow(null).required().description('The message that a reply answers.'),
  role: Joi.string().valid('user', 'assistant', 'system').required(),
  status: Joi.string().valid('pending', 'completed', 'failed', 'cancelled').required(),
  content: Joi.string().allow('').required(),
  sources: Joi.array().items(sourceSchema.optional()).required().description('Those that the text cites.'),
  provider: Joi.string().allow(null).required(),
  model: Joi.string().allow(null).required(),
  usage: usage.allow(null).required(),
  took_ms: count().allow(null),
  error: error.allow(null).required().description('Why a reply failed or was broken off.'),
  feedback: feedback.allow(null).required(),
  created_at: time().required(),
  updated_at: time().required(),
});

export const promptSchema = Joi.object({
  messages: Joi.array()
    .items(
      Joi.object({
        role: Joi.string().valid('system', 'user', 'assistant').required(),
        content: Joi.string().allow('').required(),
      }).optional(),
    )
    .required()
    .description('Exactly what was sent.'),
  budget: Joi.object({
    limit: count(),
    persona: count(),
    message: count(),
    sources: count(),
    history: count(),
  })
    .required()
    .description('Tokens, and where they went.'),
  dropped: Joi.object({
    messages: count().description('Older messages that had no room.'),
    sources: Joi.array().items(count().optional()).required().description('Sources that had no room.'),
  }).required(),
  retrieval: Joi.object({
    mode: Joi.string().valid('hybrid', 'text').required(),
    degraded: Joi.boolean().required(),
    threshold: Joi.number().required(),
    took_ms: Joi.number().min(0).required(),
    hits: Joi.array()
      .items(
        Joi.object({
          kind: Joi.string().valid('document', 'memory').required(),
          id: Joi.string().allow('').required(),
          title: Joi.string().allow('').required(),
          score: Joi.number().required(),
          passed: Joi.boolean().required(),
        }).optional(),
      )
      .required(),
  }).required(),
});

export const examplePrompt = {
  messages: [
    { role: 'system', content: 'You are the librarian of a donkey sanctuary.' },
    { role: 'user', content: 'Where do donkeys go when it rains?' },
  ],
  budget: { limit: 8192, persona: 12, message: 9, sources: 64, history: 0 },
  dropped: { messages: 0, sources: [] },
  retrieval: {
    mode: 'hybrid',
    degraded: false,
    threshold: 0.2,
    took_ms: 12.5,
    hits: [
      {
        kind: 'document',
        id: '01980f61-0a1b-7c2d-8e3f-4a5b6c7d8e9f',
        title: 'Handbook',
        score: 0.61,
        passed: true,
      },
    ],
  },
};

export const exampleMessage = {
  id: '01980f70-2a3b-7c4d-8e5f-6a7b8c9d0e1f',
  conversation_id: '01980f70-1c2d-7e3f-8a4b-5c6d7e8f9a0b',
  reply_to_id: null,
  role: 'user',
  status: 'completed',
  content: 'Where do donkeys go when it rains?',
  sources: [],
  provider: null,
  model: null,
  usage: null,
  took_ms: null,
  error: null,
  feedback: null,
  created_at: '2026-01-15T10:00:03.000Z',
  updated_at: '2026-01-15T10:00:03.000Z',
};

export const exampleReply = {
  ...exampleMessage,
  id: '01980f70-2a3c-7d4e-8f50-6b7c8d9e0f1a',
  reply_to_id: exampleMessage.id,
  role: 'assistant',
  content: 'They need a dry shelter [1].',
  sources: [
    {
      n: 1,
      kind: 'document',
      document_id: '01980f5f-7a10-7c44-8f02-1b2c3d4e5f60',
      chunk_id: '01980f60-0a1b-7c2d-8e3f-4a5b6c7d8e9f',
      memory_id: null,
      title: 'Handbook',
      page_from: 3,
      page_to: 3,
      char_start: 5120,
      char_end: 5164,
      score: 0.412345,
      quote: 'Donkeys dislike rain and need a dry shelter.',
    },
  ],
  provider: 'openai',
  model: 'gpt-5-mini',
  usage: { prompt_tokens: 411, completion_tokens: 9, estimated: false },
  took_ms: 1240,
};
