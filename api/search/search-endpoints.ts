import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { dataOf, id, idOrSlug, label } from '#api/http/schemas.ts';
import type { SearchMode } from '#db/queries/search-chunks.ts';

export interface SearchBody {
  readonly query: string;
  readonly limit: number;
  readonly group_by: 'chunk' | 'document';
  readonly mode: SearchMode;
  readonly assistant_id?: string;
  readonly document_ids?: readonly string[];
  readonly min_score?: number;
}

const score = (): Joi.NumberSchema => Joi.number().min(0).max(1);
const page = (): Joi.NumberSchema => Joi.number().integer().min(1).allow(null).required();

const hit = Joi.object({
  chunk_id: id().required(),
  document_id: id().required(),
  document_title: Joi.string().required(),
  text: Joi.string().required().description('The passage, as it stands in the document.'),
  page_from: page(),
  page_to: page(),
  char_start: Joi.number().integer().min(0).required().description('In UTF-16 code units.'),
  char_end: Joi.number().integer().min(1).required(),
  score: score().required().description('What the hits are ordered by.'),
  vector_score: score().allow(null).required().description('Null when no vectors were compared.'),
  text_score: score().required(),
});

const meta = Joi.object({
  took_ms: Joi.number().min(0).required(),
  embedding_model: Joi.string().allow(null).required().description('Null when no vectors were compared.'),
  degraded: Joi.boolean().description('True when the embedder failed and only the text was searched.'),
});

const example = {
  chunk_id: '01980f60-0a1b-7c2d-8e3f-4a5b6c7d8e9f',
  document_id: '01980f5f-7a10-7c44-8f02-1b2c3d4e5f60',
  document_title: 'Handbook',
  text: 'Donkeys dislike rain and need a dry shelter.',
  page_from: 3,
  page_to: 3,
  char_start: 5120,
  char_end: 5164,
  score: 0.412345,
  vector_score: 0.38,
  text_score: 0.426207,
};

export const search = defineEndpoint({
  method: 'POST',
  path: '/search',
  operationId: 'search',
  summary: 'Find passages in your documents',
  description:
    'Best first. The hybrid score is the weighted mean of the vector score (cosine similarity) and the text score (BM25 as a share of the best possible).',
  tag: 'search',
  auth: 'user',
  scope: 'search',
  rateBucket: 'search',
  body: Joi.object<SearchBody>({
    query: label(2000).required(),
    limit: Joi.number().integer().min(1).max(200).default(10),
    group_by: Joi.string()
      .valid('chunk', 'document')
      .default('chunk')
      .description('By document: the best passage of each.'),
    mode: Joi.string().valid('hybrid', 'vector', 'text').default('hybrid'),
    assistant_id: idOrSlug(),
    document_ids: Joi.array().items(id()).min(1).max(100),
    min_score: score().description('Hits with a lower score are left out.'),
  }),
  responses: {
    200: {
      description: 'The hits.',
      schema: dataOf(Joi.array().items(hit), meta),
      example: { data: [example], meta: { took_ms: 12.5, embedding_model: 'hashed-words-1' } },
    },
  },
  errors: ['assistant.not_found', 'document.not_found'],
  example: { body: { query: 'Where do donkeys go when it rains?', limit: 3 } },
});
