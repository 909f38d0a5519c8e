import Joi from 'joi';
import { id, time } from '#api/http/schemas.ts';
import { statuses } from '#api/documents/document-schemas.ts';
import { promptSchema } from '#api/prompts/prompt-schemas.ts';
import { relativeSchema } from './assistant-schemas.ts';
import { capabilitiesSchema, profileSchema } from './part-schemas.ts';

export const INCLUDES = [
  'system_prompt',
  'parent',
  'children',
  'documents',
  'memories',
  'profile',
  'capabilities',
  'metrics',
] as const;

export type Include = (typeof INCLUDES)[number];

const split: Joi.CustomValidator<string, readonly string[]> = (value, helpers) => {
  const names = [...new Set(value.split(',').map((name) => name.trim()))];
  const known: readonly string[] = INCLUDES;
  return names.every((name) => known.includes(name))
    ? names
    : helpers.error('any.only', { valids: INCLUDES });
};

/** Query parameter of what shows assistants. */
export const includeQuery = Joi.string()
  .max(200)
  .custom(split)
  .description(`What to show beside each, with commas: ${INCLUDES.join(', ')}.`);

const count = Joi.number().integer().min(0).required();

const excerptOf = (item: Joi.Schema): Joi.ObjectSchema =>
  Joi.object({
    items: Joi.array().items(item.optional()).required().description('The newest, ten at most.'),
    has_more: Joi.boolean().required(),
  });

/** Each is there only when it is asked for. */
export const includedFields = {
  system_prompt: promptSchema.allow(null).optional(),
  parent: relativeSchema.allow(null),
  children: excerptOf(relativeSchema),
  documents: excerptOf(
    Joi.object({
      id: id().required(),
      title: Joi.string().required(),
      status: Joi.string()
        .valid(...statuses)
        .required(),
      chunk_count: count,
      created_at: time().required(),
    }),
  ),
  memories: excerptOf(
    Joi.object({
      id: id().required(),
      title: Joi.string().required(),
      type: Joi.string().required(),
      importance: Joi.number().required(),
      created_at: time().required(),
    }),
  ),
  profile: profileSchema,
  capabilities: capabilitiesSchema,
  metrics: Joi.object({
    trust_score: count,
    trust_level: Joi.string().valid('ready', 'training', 'needs_attention').required(),
    growth_level: count,
    growth_points: count,
    memory_count: count,
    document_count: count,
    reflection_count: count,
    message_count: count,
    child_count: count,
    avg_response_ms: Joi.number().allow(null).required(),
    success_rate: Joi.number().allow(null).required(),
    last_active_at: time().allow(null).required(),
    computed_at: time().allow(null).required().description('Null before the first time.'),
  }),
};
