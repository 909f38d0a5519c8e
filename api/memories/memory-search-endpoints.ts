import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { dataOf, idOrSlug, label } from '#api/http/schemas.ts';
import type { SearchMode } from '#db/queries/search-chunks.ts';
import { MEMORY_TYPES } from '#shared/domain/memory.ts';
import type { MemoryType } from '#shared/domain/memory.ts';
import { exampleMemory, memorySchema, memoryTags } from './memory-schemas.ts';

export interface MemorySearchBody {
  readonly query: string;
  readonly limit: number;
  readonly mode: SearchMode;
  readonly assistant_id?: string;
  readonly types?: readonly MemoryType[];
  readonly tags?: readonly string[];
  readonly min_score?: number;
}

const score = (): Joi.NumberSchema => Joi.number().min(0).max(1);

const hit = Joi.object({
  memory: memorySchema.required(),
  score: score().required().description('What the hits are ordered by.'),
  vector_score: score().allow(null).required().description('Null when no vectors were compared.'),
  text_score: score().required(),
});

export const searchMemories = defineEndpoint({
  method: 'POST',
  path: '/memories/search',
  operationId: 'searchMemories',
  summary: 'Find memories by meaning and by words',
  description:
    'Active memories, best first, scored as passages of documents are. A memory whose vector is still to be made is found by its words. What is returned is not taken in as a new memory for a while.',
  tag: 'memories',
  auth: 'user',
  scope: 'memories:read',
  rateBucket: 'search',
  body: Joi.object<MemorySearchBody>({
    query: label(2000).required(),
    limit: Joi.number().integer().min(1).max(100).default(10),
    mode: Joi.string().valid('hybrid', 'vector', 'text').default('hybrid'),
    assistant_id: idOrSlug(),
    types: Joi.array()
      .items(Joi.string().valid(...MEMORY_TYPES))
      .min(1)
      .max(MEMORY_TYPES.length)
      .unique(),
    tags: memoryTags().min(1).description('Memories that have all of them.'),
    min_score: score().description('Hits with a lower score are left out.'),
  }),
  responses: {
    200: {
      description: 'The hits.',
      schema: dataOf(
        Joi.array().items(hit),
        Joi.object({
          took_ms: Joi.number().min(0).required(),
          embedding_model: Joi.string()
            .allow(null)
            .required()
            .description('Null when no vectors were compared.'),
          degraded: Joi.boolean().description(
            'True when the embedder failed and only the text was searched.',
          ),
        }),
      ),
      example: {
        data: [{ memory: exampleMemory, score: 0.412345, vector_score: 0.38, text_score: 0.426207 }],
        meta: { took_ms: 8.5, embedding_model: 'hashed-words-1' },
      },
    },
  },
  errors: ['assistant.not_found'],
  example: { body: { query: 'When does Ada not work?', limit: 3 } },
});
