import Joi from 'joi';
import { SLUG } from '#api/assistants/slug.ts';
import { id, idOrSlug, label, time } from '#api/http/schemas.ts';
import type { PromptType } from '#shared/domain/assistant-parts.ts';

export const promptTypes = ['system', 'user', 'assistant'] as const;

export interface PromptBody {
  readonly title?: string;
  readonly slug?: string;
  readonly type?: PromptType;
  readonly content?: string;
  readonly tags?: string[];
}

export const promptFields = {
  title: label(200),
  slug: Joi.string()
    .max(80)
    .pattern(SLUG)
    .description('Unique for its owner; by default made from the title.'),
  type: Joi.string().valid(...promptTypes),
  content: Joi.string().min(1).max(20_000).description('Kept verbatim.'),
  tags: Joi.array().items(label(50)).max(50).unique(),
};

const listed = {
  id: id().required(),
  slug: Joi.string().required(),
  title: Joi.string().required(),
  type: Joi.string()
    .valid(...promptTypes)
    .required(),
  tags: Joi.array().items(Joi.string()).required(),
  parent_id: id().allow(null).required().description('The prompt it is a remix of.'),
  version: Joi.number().integer().min(1).required(),
  created_at: time().required(),
  updated_at: time().required(),
};

/** As lists show it: without the text. */
export const listedPromptSchema = Joi.object(listed);
export const promptSchema = Joi.object({ ...listed, content: Joi.string().required() }).required();

export const exampleListedPrompt = {
  id: '01980f5e-1b2c-7d3e-8f4a-5b6c7d8e9f0a',
  slug: 'patient-teacher',
  title: 'Patient teacher',
  type: 'system',
  tags: ['teaching'],
  parent_id: null,
  version: 1,
  created_at: '2026-01-15T09:29:00.000Z',
  updated_at: '2026-01-15T09:29:00.000Z',
};

export const examplePrompt = { ...exampleListedPrompt, content: 'Explain step by step, and ask back.' };

export const params = Joi.object<{ id: string }>({ id: idOrSlug().required() });
