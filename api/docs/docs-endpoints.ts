import Joi from 'joi';
import { etagHeader } from '#api/http/conditional-get.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';

const page = (path: string, operationId: string, summary: string, contentType: string, example: string) =>
  defineEndpoint({
    method: 'GET',
    path,
    unversioned: true,
    operationId,
    summary,
    tag: 'docs',
    auth: 'public',
    responses: {
      200: { description: 'The page.', contentType, headers: etagHeader, example },
    },
    example: {},
  });

export const getDocs = page('/docs', 'getDocs', 'Read the documentation', 'text/html', '<!doctype html>…');
export const getErrorDocs = page(
  '/docs/errors',
  'getErrorDocs',
  'Read the catalog of error codes',
  'text/html',
  '<!doctype html>…',
);
export const getDocsStyle = page(
  '/docs/style.css',
  'getDocsStyle',
  'Get the style sheet of the documentation',
  'text/css',
  'body { margin: 0 }',
);

export const getOpenApi = defineEndpoint({
  method: 'GET',
  path: '/openapi.json',
  unversioned: true,
  operationId: 'getOpenApi',
  summary: 'Get this description as OpenAPI 3.1',
  tag: 'docs',
  auth: 'public',
  responses: {
    200: {
      description: 'The OpenAPI document.',
      schema: Joi.object({
        openapi: Joi.string().required(),
        paths: Joi.object().unknown(true).required(),
      }).unknown(true),
      headers: etagHeader,
      example: { openapi: '3.1.0', paths: {} },
    },
  },
  example: {},
});
