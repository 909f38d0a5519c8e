import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { isUnchanged } from './conditional-get.ts';
import type { AnyEndpoint, Reply } from './endpoint.ts';

/** Sends what a handler answered. A client that goes away ends a stream quietly. */
export async function respond(res: Response, reply: Reply): Promise<void> {
  res.status(reply.status);
  res.set('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(reply.headers ?? {}))
    res.set(name, typeof value === 'object' ? [...value] : String(value));
  const readOnly = res.req.method === 'GET' || res.req.method === 'HEAD';
  if (readOnly && reply.status === 200 && isUnchanged(res.req.get('if-none-match'), res.get('etag')))
    res.status(304).end();
  else if (reply.stream !== undefined) await stream(res, reply.stream);
  else if (reply.body === undefined) res.end();
  else if (res.hasHeader('content-type')) res.send(reply.body);
  else res.json(reply.body);
}

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
    const body: unknown = JSON.parse(JSON.stringify(reply.body ?? null));
    const { error } = contract.schema.required().validate(body, { abortEarly: false, convert: false });
    if (error) throw new Error(`${name} does not keep to its schema: ${error.message}`);
  } else if (contract.contentType === undefined && (reply.body !== undefined || reply.stream !== undefined)) {
    throw new Error(`${name} is declared to be empty`);
  }
  const sent = new Set(Object.keys(reply.headers ?? {}).map((header) => header.toLowerCase()));
  for (const header of Object.keys(contract.headers ?? {}))
    if (!sent.has(header.toLowerCase())) throw new Error(`${name} lacks the declared header ${header}`);
}
