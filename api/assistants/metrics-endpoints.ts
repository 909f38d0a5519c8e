import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { dataOf, id, idOrSlug, time } from '#api/http/schemas.ts';

const count = Joi.number().integer().min(0).required();
const number = Joi.number().required();
const share = Joi.number().min(0).max(1).required();

const trustComponents = Joi.object({
  grounding_pct: Joi.number()
    .min(0)
    .max(100)
    .required()
    .description('Share of the last 50 searches whose best hit reached the threshold.'),
  retrievals: count.description('Searches looked at.'),
  badges: count.description('Skills with a confidence of at least 0.8.'),
  reflections_7_days: count.description('Completed ones, but for negative feedback.'),
  negative_feedback_7_days: count,
  failed_reflections_7_days: count,
  points: Joi.object({
    grounding: number,
    badges: number,
    reflections: number,
    corrections: number,
  })
    .required()
    .description('What each adds to the score, before it is rounded and kept within 0 and 100.'),
});

const growthComponents = Joi.object({
  fallback_rate: share.description('Share of the last 50 searches without a good hit; 1 without searches.'),
  embedded_share: share.description(
    'Share of chunks and memories that have a vector; 0 where there are none.',
  ),
  points: Joi.object({ trust: number, grounding: number, embedded: number }).required(),
});

const metrics = Joi.object({
  assistant_id: id().required(),
  trust_score: Joi.number().integer().min(0).max(100).required(),
  trust_level: Joi.string().valid('ready', 'training', 'needs_attention').required(),
  trust_components: trustComponents.allow(null).required().description('Null until it is measured first.'),
  growth_level: Joi.number().integer().min(0).max(2).required().description('Never falls.'),
  growth_points: Joi.number().integer().min(0).max(20).required(),
  growth_components: growthComponents.allow(null).required(),
  memory_count: count,
  document_count: count,
  reflection_count: count,
  message_count: count,
  child_count: count,
  avg_response_ms: Joi.number().min(0).allow(null).required().description('Of the last 50 replies.'),
  success_rate: share.allow(null).description('Share of the last 50 replies that did not fail.'),
  last_active_at: time().allow(null).required(),
  computed_at: time().allow(null).required(),
});

const example = {
  assistant_id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  trust_score: 53,
  trust_level: 'training',
  trust_components: {
    grounding_pct: 90,
    retrievals: 20,
    badges: 3,
    reflections_7_days: 3,
    negative_feedback_7_days: 2,
    failed_reflections_7_days: 0,
    points: { grounding: 36, badges: 9, reflections: 12, corrections: -4 },
  },
  growth_level: 1,
  growth_points: 14,
  growth_components: {
    fallback_rate: 0.1,
    embedded_share: 1,
    points: { trust: 5, grounding: 4, embedded: 5 },
  },
  memory_count: 12,
  document_count: 2,
  reflection_count: 3,
  message_count: 40,
  child_count: 1,
  avg_response_ms: 41.5,
  success_rate: 1,
  last_active_at: '2026-01-15T09:30:00.000Z',
  computed_at: '2026-01-15T09:30:02.000Z',
};

export const getAssistantMetrics = defineEndpoint({
  method: 'GET',
  path: '/assistants/:id/metrics',
  operationId: 'getAssistantMetrics',
  summary: 'Read how an assistant is doing',
  description:
    'Made from everything else that is stored of it, by a job some seconds after a change. The formulas are in docs/formulas.md.',
  tag: 'assistants',
  auth: 'user',
  scope: 'assistants:read',
  params: Joi.object<{ id: string }>({ id: idOrSlug().required() }),
  responses: { 200: { description: 'The metrics.', schema: dataOf(metrics), example: { data: example } } },
  errors: ['assistant.not_found'],
  example: { params: { id: 'librarian' } },
});
