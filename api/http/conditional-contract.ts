import Joi from 'joi';
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
interface Conditions<R extends object, E extends object> {
  readonly method: string;
  readonly tag: string;
  readonly etag?: EntityTag;
  readonly precondition?: 'required';
  readonly headers?: Joi.ObjectSchema;
  readonly responses: Readonly<Record<number, R>>;
  readonly example: E;
}

interface Answer {
  readonly description: string;
  readonly schema?: Joi.Schema;
  readonly contentType?: string;
}

/** Every GET has a tag, except streams, which have no end to be known, and what may show secrets. */
export function entityTagOf({
  etag,
  method,
  responses,
  tag,
}: Pick<Conditions<Answer, object>, 'etag' | 'method' | 'responses' | 'tag'>): EntityTag {
  if (etag !== undefined) return etag;
  const { schema, contentType = '' } = responses[200] ?? {};
  const isWhole =
    schema !== undefined || (contentType.startsWith('text/') && contentType !== 'text/event-stream');
  return method === 'GET' && isWhole && !showsSecrets({ tag }) ? 'content' : 'none';
}

const ifNoneMatch = Joi.string().max(1000).description('Answer 304 if this is still the ETag.');
const ifMatch = Joi.string()
  .max(1000)
  .required()
  .description('Go ahead only if the resource has this ETag; `*` stands for any.');

/** The parts of a contract that follow from its tag and its precondition: headers, answers, an example. */
export function withConditions<
  R extends Answer,
  E extends { readonly headers?: Readonly<Record<string, string>> },
>(definition: Conditions<R, E>) {
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
