import Joi from 'joi';
import { paragraphs, id, idOrSlug, label, time } from '#api/http/schemas.ts';
import { MEMORY_TYPES, SOURCE_ROLES } from '#shared/domain/memory.ts';
import type { MemoryType, SourceRole } from '#shared/domain/memory.ts';
import { LONGEST_EVENT } from '#shared/memories/memory-text.ts';
import { DUPLICATE_RULES } from './remember.ts';
import type { DuplicateRule } from './remember.ts';

/** What a client may set of a memory, and change later. */
export interface MemoryFields {
  readonly event?: string;
  readonly type?: MemoryType;
  readonly source_role?: SourceRole;
  readonly title?: string | null;
  readonly summary?: string | null;
  readonly importance?: number | null;
  readonly emotion?: string | null;
  readonly tags?: readonly string[];
  readonly is_bookmarked?: boolean;
}

/** What is said once, when it is written. */
export interface WriteBody extends MemoryFields {
  readonly event: string;
  readonly conversation_id?: string | null;
  readonly message_id?: string | null;
  readonly document_id?: string | null;
  readonly page?: number | null;
  readonly char_start?: number | null;
  readonly char_end?: number | null;
  readonly parent_memory_id?: string | null;
  readonly on_duplicate?: DuplicateRule;
  readonly allow_recall?: boolean;
}

export interface EditBody extends MemoryFields {
  readonly is_active?: boolean;
}

export const memoryTag = (): Joi.StringSchema => label(50);
export const memoryTags = (): Joi.ArraySchema => Joi.array().items(memoryTag()).max(50).unique();

const fields = {
  event: paragraphs(LONGEST_EVENT).description('The text itself.'),
  type: Joi.string().valid(...MEMORY_TYPES),
  source_role: Joi.string()
    .valid(...SOURCE_ROLES)
    .description('Whose words it is made of.'),
  title: label(200).allow(null).description('By default made of the first sentence.'),
  summary: paragraphs(2000).allow(null),
  importance: Joi.number()
    .min(0)
    .max(10)
    // Stored in single precision, in which the smallest numbers there are do not exist.
    .custom((value: number) => Math.fround(value))
    .allow(null)
    .description('0 to 10. By default computed: role, type, length, names and numbers, markers, feelings.'),
  emotion: label(50).allow(null),
  tags: memoryTags(),
  is_bookmarked: Joi.boolean(),
};

const ownId = (): Joi.StringSchema => id().allow(null);
const offset = (least: number): Joi.NumberSchema => Joi.number().integer().min(least).max(2_147_483_647);

export const writeFields = {
  ...fields,
  event: fields.event.required(),
  conversation_id: ownId(),
  message_id: ownId(),
  document_id: ownId(),
  page: offset(1).allow(null).description('Page of the document.'),
  char_start: offset(0).allow(null).description('In the extracted text, in UTF-16 code units.'),
  char_end: offset(1).allow(null),
  parent_memory_id: ownId(),
  on_duplicate: Joi.string()
    .valid(...DUPLICATE_RULES)
    .description(
      'What to do with a near-duplicate: report stores both (default), skip stores nothing, merge and supersede store a new version in the place of the old one, which is kept inactive.',
    ),
  allow_recall: Joi.boolean().description('Take in also what a search has just returned.'),
};

/** Both ends of a place in a document, in their order, or neither. */
export const inOrder = <T extends { readonly char_start?: unknown; readonly char_end?: unknown }>(
  value: T,
  helpers: Joi.CustomHelpers<T>,
): T | Joi.ErrorReport => {
  const [start, end] = [value.char_start ?? null, value.char_end ?? null];
  if (start === null && end === null) return value;
  return typeof start === 'number' && typeof end === 'number' && end > start
    ? value
    : helpers.message({ custom: '"char_end" must be greater than "char_start", and both must be given' });
};

export const editFields = {
  ...fields,
  is_active: Joi.boolean().description('An inactive memory is kept, but neither searched nor compared.'),
};

const optionalId = (): Joi.StringSchema => id().allow(null).required();

export const memorySchema = Joi.object({
  id: id().required(),
  assistant_id: id().required(),
  conversation_id: optionalId(),
  message_id: optionalId(),
  document_id: optionalId(),
  page: offset(1).allow(null).required(),
  char_start: offset(0).allow(null).required(),
  char_end: offset(1).allow(null).required(),
  parent_memory_id: optionalId(),
  session_id: optionalId().description('The one conversation in which it is used, and with which it goes.'),
  superseded_by_id: optionalId().description('The version that took its place.'),
  type: fields.type.required(),
  source_role: fields.source_role.required(),
  title: Joi.string().required(),
  event: Joi.string().required(),
  summary: Joi.string().allow(null).required(),
  importance: Joi.number().min(0).max(10).required(),
  importance_computed: Joi.boolean().required(),
  emotion: Joi.string().allow(null).required(),
  tags: Joi.array().items(Joi.string()).required(),
  rating: Joi.number().integer().min(1).max(5).allow(null).required(),
  feedback_comment: Joi.string().allow(null).required(),
  is_bookmarked: Joi.boolean().required(),
  is_active: Joi.boolean().required(),
  embedding_status: Joi.string().valid('pending', 'embedded', 'skipped', 'failed').required(),
  version: Joi.number().integer().min(1).required(),
  created_at: time().required(),
  updated_at: time().required(),
});

/** What became of a text that was to be remembered. */
export const writtenSchema = Joi.object({
  outcome: Joi.string()
    .valid('created', 'duplicate', 'recall_loop', 'skipped', 'merged', 'superseded')
    .required(),
  duplicate: Joi.boolean().required().description('The assistant remembers this very text already.'),
  similar: Joi.array()
    .items(Joi.object({ id: id().required(), similarity: Joi.number().min(0).max(1).required() }))
    .required()
    .description('Near-duplicates, the most similar first.'),
  recall_loop: Joi.object({ chunk_id: optionalId(), document_id: optionalId(), memory_id: optionalId() })
    .allow(null)
    .required()
    .description('What a search returned lately of which the text is a repetition; nothing was stored.'),
});

export const exampleMemory = {
  id: '01980f61-1b2c-7d3e-8f40-5a6b7c8d9e0f',
  assistant_id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  conversation_id: null,
  message_id: null,
  document_id: null,
  page: null,
  char_start: null,
  char_end: null,
  session_id: null,
  parent_memory_id: null,
  superseded_by_id: null,
  type: 'preference',
  source_role: 'user',
  title: 'Ada never works on Mondays.',
  event: 'Ada never works on Mondays.',
  summary: null,
  importance: 5.6,
  importance_computed: true,
  emotion: null,
  tags: ['work'],
  rating: null,
  feedback_comment: null,
  is_bookmarked: false,
  is_active: true,
  embedding_status: 'pending',
  version: 1,
  created_at: '2026-01-15T09:30:00.000Z',
  updated_at: '2026-01-15T09:30:00.000Z',
};

export const exampleWritten = { outcome: 'created', duplicate: false, similar: [], recall_loop: null };

/** Id or slug of the assistant that remembers. */
export const ofAssistant = idOrSlug;
