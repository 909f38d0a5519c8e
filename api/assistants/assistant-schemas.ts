import Joi from 'joi';
import { id, idOrSlug, label, time } from '#api/http/schemas.ts';
import type { MemoryMode, ThinkingStyle } from '#shared/domain/types.ts';
import { SLUG } from './slug.ts';

/** What a client may set of the core. */
export interface AssistantBody {
  readonly name?: string;
  readonly slug?: string;
  readonly preferred_model?: string | null;
  readonly memory_mode?: MemoryMode;
  readonly thinking_style?: ThinkingStyle;
  readonly min_score?: number | null;
  readonly is_active?: boolean;
  readonly is_primary?: boolean;
}

/** What it stands under and speaks by: ids or slugs. */
export interface AssistantLinks {
  readonly parent_id?: string | null;
  readonly system_prompt_id?: string | null;
}

export const memoryModes = ['none', 'session', 'long_term'] as const;

/** Fractions are stored in single precision, in which the smallest numbers there are do not exist. */
export const fraction = (): Joi.NumberSchema =>
  Joi.number()
    .min(0)
    .max(1)
    .custom((value: number) => Math.fround(value));

export const coreFields = {
  name: label(100),
  slug: Joi.string()
    .max(80)
    .pattern(SLUG)
    .description('Unique for its owner; by default made from the name.'),
  preferred_model: label(200).allow(null),
  memory_mode: Joi.string().valid(...memoryModes),
  thinking_style: Joi.string().valid('cot', 'direct', 'reflective'),
  min_score: fraction()
    .allow(null)
    .description('Lowest score of a passage worth using; null for the default.'),
  is_active: Joi.boolean(),
  is_primary: Joi.boolean().description(
    'At most one assistant is; making another one primary takes it away.',
  ),
};

export const promptLink = idOrSlug().allow(null).description('Id or slug of a prompt of type `system`.');
export const parentLink = idOrSlug()
  .allow(null)
  .description('Id or slug of the parent: at most 50 children each, at most 5 levels below a root.');

const coreShown = {
  id: id().required(),
  ...(Object.fromEntries(
    Object.entries(coreFields).map(([name, schema]) => [name, schema.required()]),
  ) as typeof coreFields),
  parent_id: id().allow(null).required(),
  depth: Joi.number().integer().min(0).max(5).required().description('Levels below the root of its family.'),
  spawn_reason: Joi.string().allow(null).required().description('Why its parent made it.'),
  system_prompt_id: id().allow(null).required(),
  version: Joi.number().integer().min(1).required().description('Counts your edits, those of the parts too.'),
  created_at: time().required(),
  updated_at: time().required(),
};

export const assistantSchema = Joi.object(coreShown).required();

/** With whatever `include` asks for. */
export const assistantWith = (parts: Joi.SchemaMap): Joi.ObjectSchema =>
  Joi.object({ ...coreShown, ...parts }).required();

export const exampleAssistant = {
  id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  slug: 'librarian',
  name: 'Librarian',
  preferred_model: null,
  memory_mode: 'long_term',
  thinking_style: 'direct',
  min_score: 0.3,
  is_active: true,
  is_primary: false,
  parent_id: null,
  depth: 0,
  spawn_reason: null,
  system_prompt_id: null,
  version: 1,
  created_at: '2026-01-15T09:30:00.000Z',
  updated_at: '2026-01-15T09:30:00.000Z',
};

export const relativeSchema = Joi.object({
  id: id().required(),
  slug: Joi.string().required(),
  name: Joi.string().required(),
  parent_id: id().allow(null).required(),
  depth: Joi.number().integer().required(),
  spawn_reason: Joi.string().allow(null).required(),
  is_active: Joi.boolean().required(),
  created_at: time().required(),
});

export const exampleRelative = {
  id: exampleAssistant.id,
  slug: 'librarian',
  name: 'Librarian',
  parent_id: null,
  depth: 0,
  spawn_reason: null,
  is_active: true,
  created_at: exampleAssistant.created_at,
};

export const params = Joi.object<{ id: string }>({ id: idOrSlug().required() });
