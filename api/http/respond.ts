import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { codedTag, contentTag, isUnchanged } from './conditional-get.ts';
import { codingFor, encode } from './content-coding.ts';
import type { AnyEndpoint, Reply } from './endpoint.ts';
import { stateOf } from './request-context.ts';

/** Sends what a handler answered. A client that goes away ends a stream quietly. */
export async function respond(res: Response, reply: Reply): Promise<void> {
  res.status(reply.status);
  res.set('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(reply.headers ?? {}))
    res.set(name, typeof value === 'object' ? [...value] : String(value));
  if (reply.stream !== undefined) {
    if (isFresh(res, reply)) res.status(304).end();
    else await stream(res, reply.stream);
  } else if (reply.body === undefined) {
    if (isFresh(res, reply)) res.status(304);
    res.end();
  } else await sendBody(res, reply);
}

const isRead = ({ req }: Response): boolean => req.method === 'GET' || req.method === 'HEAD';

const isFresh = (res: Response, reply: Reply): boolean =>
  isRead(res) && reply.status === 200 && isUnchanged(res.req.get('if-none-match'), res.get('etag'));

/** Sends an answer that is known as a whole, in the coding that suits it and its reader. */
async function sendBody(res: Response, reply: Reply): Promise<void> {
  // What has a tag of its own need not be written out to be known as unchanged.
  if (isFresh(res, reply)) {
    res.status(304).end();
    return;
  }
  const bytes = res.hasHeader('content-type') ? bytesOf(reply.body) : Buffer.from(JSON.stringify(reply.body));
  if (!res.hasHeader('content-type')) res.type('json');
  const { endpoint } = stateOf(res);
  if (isRead(res) && reply.status === 200 && !res.hasHeader('etag') && endpoint?.etag === 'content') {
    res.set({ ETag: contentTag(bytes), 'Cache-Control': 'private, no-cache' });
    if (isFresh(res, reply)) {
      res.status(304).removeHeader('content-type');
      res.end();
      return;
    }
  }
  const coding = codingFor(res.req, endpoint, String(res.get('content-type')), bytes.length);
  res.vary('Accept-Encoding');
  if (coding === undefined) {
    res.send(bytes);
    return;
  }
  const etag = res.get('etag');
  if (etag !== undefined) res.set('ETag', codedTag(etag, coding));
  res.set('Content-Encoding', coding);
  res.send(await encode(coding, bytes));
}

const bytesOf = (body: unknown): Buffer =>
  Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));

async function stream(res: Response, source: NonNullable<Reply['stream']>): Promise<void> {
  if (res.req.method === 'HEAD') {
    res.end();
    return;
  }
  res.flushHeaders();
  try {
    await pipeline(Readable.from(source), res);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/**
 * Holds a reply against the endpoint's contract; used in tests, where every answer passes through it.
 *
 * @throws Error saying what is not declared
 */
export function assertDeclared(endpoint: AnyEndpoint, reply: Reply): void {
  const contract = endpoint.responses[reply.status];
  const name = `${endpoint.operationId} ${reply.status}`;
  if (contract === undefined) throw new Error(`${name} is not declared`);
  if (contract.schema !== undefined) {
    // What is checked is what the client will see, so values such as dates count as the text they become.
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? null);
    const body: unknown = JSON.parse(text);
    const { error } = contract.schema.required().validate(body, { abortEarly: false, convert: false });
    if (error) throw new Error(`${name} does not keep to its schema: ${error.message}`);
  } else if (contract.contentType === undefined && (reply.body !== undefined || reply.stream !== undefined)) {
    throw new Error(`${name} is declared to be empty`);
  }
  const sent = new Set(Object.keys(reply.headers ?? {}).map((header) => header.toLowerCase()));
  for (const header of Object.keys(contract.headers ?? {}))
    if (!sent.has(header.toLowerCase())) throw new Error(`${name} lacks the declared header ${header}`);
}
