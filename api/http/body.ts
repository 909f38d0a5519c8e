import { json } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '#shared/errors/app-error.ts';
import type { AnyEndpoint, UploadedFile } from './endpoint.ts';
import { stateOf } from './request-context.ts';

/** Reads a multipart request: its text fields, and the file of the field "file" if there is one. */
export type ReadUpload = (
  req: Request,
  res: Response,
) => Promise<{ readonly fields: Readonly<Record<string, unknown>>; readonly file: UploadedFile | undefined }>;

/** What the body readers leave behind for validation. */
export interface ReadBody {
  readonly isJson: boolean;
  readonly value: unknown;
  readonly file: UploadedFile | undefined;
}

/** Refuses content types the endpoint does not take, then reads what it does. Runs after all other guards. */
export function readBody(endpoint: AnyEndpoint, readUpload: ReadUpload | undefined): RequestHandler[] {
  // Compressed bodies are refused: a small one can unpack to anything.
  const parseJson = json({
    limit: endpoint.bodyLimit,
    inflate: false,
    type: () => true,
    ...(endpoint.sensitive && { verify: keepRaw }),
  }) as RequestHandler;
  const readJson: RequestHandler = (req, res, next) => {
    parseJson(req, res, (error?: unknown) => {
      setBody(res, { isJson: true, value: req.body as unknown, file: undefined });
      next(error);
    });
  };
  const readForm: RequestHandler = async (req, res, next) => {
    if (readUpload === undefined) throw new Error('no reader for multipart bodies was given');
    const { fields, file } = await readUpload(req, res);
    setBody(res, { isJson: false, value: fields, file });
    next();
  };
  if (endpoint.body === undefined && endpoint.form === undefined) return [];
  return [
    (req, res, next) => {
      if (endpoint.body !== undefined && req.is('application/json')) readJson(req, res, next);
      else if (endpoint.form !== undefined && req.is('multipart/form-data')) return readForm(req, res, next);
      else throw new AppError('request.media_type', { detail: `Send ${mediaTypes(endpoint).join(' or ')}.` });
    },
  ];
}

const keepRaw = (_req: unknown, res: unknown, raw: Buffer): void => {
  stateOf(res as Response).rawBody = raw;
};

/** Content types an endpoint reads. */
export function mediaTypes(endpoint: AnyEndpoint): string[] {
  return [
    ...(endpoint.body === undefined ? [] : ['application/json']),
    ...(endpoint.form === undefined ? [] : ['multipart/form-data']),
  ];
}

const NO_BODY: ReadBody = { isJson: true, value: undefined, file: undefined };

const setBody = (res: Response, body: ReadBody): void => void (res.locals.body = body);

/** The body that was read for this request. */
export const bodyOf = (res: Response): ReadBody => (res.locals.body as ReadBody | undefined) ?? NO_BODY;
