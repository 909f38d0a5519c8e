import Joi from 'joi';
import type { AnyEndpoint, RequestExample, ResponseContract } from './endpoint.ts';
import { showsSecrets } from './shows-secrets.ts';

export interface Versioned {
  /** Counts the edits of clients. */
  readonly version: number;
  /** Counts every write. */
  readonly state: number;
}

/** `version` is the tag of a resource that can be edited under If-Match, `content` that of the bytes of an answer. */
export type EntityTag = 'version' | 'content' | 'none';

/** What of a definition decides about its conditional requests. */
interface Conditions {
  readonly method: AnyEndpoint['method'];
  readonly tag: string;
  readonly etag?: EntityTag;
  readonly precondition?: 'required';
  readonly headers?: Joi.ObjectSchema;
  readonly responses: Readonly<Record<number, ResponseContract>>;
  readonly example: RequestExample;
}

/** Every GET has a tag, except streams, which have no end to be known, and what may show secrets. */
export function entityTagOf({ etag, method, responses, ...definition }: Conditions): EntityTag {
  if (etag !== undefined) return etag;
  const isWhole = responses[200]?.schema !== undefined || responses[200]?.contentType?.startsWith('text/');
  const isStream = responses[200]?.contentType === 'text/event-stream';
  return method === 'GET' && isWhole === true && !isStream && !showsSecrets(definition) ? 'content' : 'none';
}

const ifNoneMatch = Joi.string().max(1000).description('Answer 304 if this is still the ETag.');
const ifMatch = Joi.string()
  .max(1000)
  .required()
  .description('Go ahead only if the resource has this ETag; `*` stands for any.');

/** The parts of a contract that follow from its tag and its precondition: headers, answers, an example. */
export function withConditions(
  definition: Conditions,
): Pick<AnyEndpoint, 'headers' | 'responses' | 'example'> {
  const { headers, responses, example, precondition } = definition;
  const isTagged = entityTagOf(definition) !== 'none';
  const names = {
    ...(isTagged && { 'if-none-match': ifNoneMatch }),
    ...(precondition && { 'if-match': ifMatch }),
  };
  const unchanged = { description: 'Unchanged since the answer whose ETag If-None-Match names.' };
  return {
    headers: Object.keys(names).length === 0 ? headers : (headers ?? Joi.object({})).keys(names),
    responses: isTagged ? { ...responses, 304: unchanged } : responses,
    example: precondition ? { ...example, headers: { 'if-match': '"1.1"', ...example.headers } } : example,
  };
}
