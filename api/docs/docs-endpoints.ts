import Joi from 'joi';
import { etagHeader } from '#api/http/conditional-get.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { viewerScripts, viewerStyles } from './viewer-files.ts';

interface Page {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly contentType: string;
  readonly example: string;
}

const page = ({ contentType, example, ...more }: Page) =>
  defineEndpoint({
    ...more,
    method: 'GET',
    unversioned: true,
    tag: 'docs',
    auth: 'public',
    responses: {
      200: { description: 'The page.', contentType, headers: etagHeader, example },
    },
    example: {},
  });

export const getDocs = page({
  path: '/docs',
  operationId: 'getDocs',
  summary: 'Read the documentation in a viewer',
  description:
    'Every operation, to unfold and to search through. The page needs scripts, all of which come from here; it cannot send requests.',
  contentType: 'text/html',
  example: '<!doctype html>…',
});
export const getPlainDocs = page({
  path: '/docs/plain',
  operationId: 'getPlainDocs',
  summary: 'Read the documentation as one plain page',
  description: 'What the viewer shows, without any script: to print, to search and for readers of text.',
  contentType: 'text/html',
  example: '<!doctype html>…',
});
export const getErrorDocs = page({
  path: '/docs/errors',
  operationId: 'getErrorDocs',
  summary: 'Read the catalog of error codes',
  description:
    'What every code means, what a client should do about it, and whether the same request may succeed later. The type of every problem answer is an anchor on this page.',
  contentType: 'text/html',
  example: '<!doctype html>…',
});
export const getDocsStyle = page({
  path: '/docs/style.css',
  operationId: 'getDocsStyle',
  summary: 'Get the style sheet of the documentation',
  description: 'For the plain pages.',
  contentType: 'text/css',
  example: 'body { margin: 0 }',
});

interface Asset<F extends string> {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly contentType: string;
  readonly names: readonly F[];
  readonly example: string;
}

const asset = <F extends string>({ path, contentType, names, example, ...more }: Asset<F>) =>
  defineEndpoint({
    ...more,
    method: 'GET',
    path: `${path}/:version/:file`,
    unversioned: true,
    description:
      'The page names it. The version changes with the file, so that an answer may be kept for as long as one likes.',
    tag: 'docs',
    auth: 'public',
    params: Joi.object<{ version: string; file: F }>({
      version: Joi.string().hex().length(16).required().description('Of all files of the viewer together.'),
      file: Joi.string()
        .valid(...names)
        .required()
        .description('Name of the file.'),
    }),
    responses: {
      200: {
        description: 'The file.',
        contentType,
        headers: { ...etagHeader, 'Cache-Control': 'It never changes.' },
        example,
      },
    },
    errors: ['route.not_found'],
    example: { params: { version: '0123456789abcdef', file: names[0] } },
  });

export const getDocsScript = asset({
  path: '/docs/scripts',
  operationId: 'getDocsScript',
  summary: 'Get a script of the viewer',
  contentType: 'text/javascript',
  names: viewerScripts,
  example: 'SwaggerUIBundle({});',
});
export const getViewerStyle = asset({
  path: '/docs/styles',
  operationId: 'getViewerStyle',
  summary: 'Get a style sheet of the viewer',
  contentType: 'text/css',
  names: viewerStyles,
  example: 'body { margin: 0 }',
});

export const getOpenApi = defineEndpoint({
  method: 'GET',
  path: '/openapi.json',
  unversioned: true,
  operationId: 'getOpenApi',
  summary: 'Get this description as OpenAPI 3.1',
  description:
    'The description that clients can be generated from. It is made from the contracts that requests and answers are checked by.',
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
