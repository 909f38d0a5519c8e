import Joi from 'joi';
import { AppError } from '#shared/errors/app-error.ts';
import type { FieldError } from '#shared/errors/app-error.ts';
import type { AnyEndpoint } from './endpoint.ts';

type Part = 'params' | 'query' | 'headers' | 'body';

export interface RawInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
  /** The body came as JSON, where 5 and "5" are different things, and not as form fields, which are all text. */
  readonly bodyIsJson: boolean;
}

export type ValidInput = Readonly<Record<Part, unknown>>;

const NOTHING = Joi.object({});

/** Deeper values are nobody's honest need, and recursion over them would exhaust the stack. */
const DEEPEST = 32;

/** One body can hold tens of thousands of unknown fields; nobody reads on after a hundred. */
const MOST_FAULTS = 100;

/**
 * Checks all parts of a request against the endpoint's schemas.
 *
 * @throws AppError request.invalid naming every fault there is (a hundred at most), not only the first
 */
export function validateInput(endpoint: AnyEndpoint, raw: RawInput): ValidInput {
  const faults: FieldError[] = [];
  const check = (part: Part, schema: Joi.Schema, options: Joi.ValidationOptions): unknown => {
    const checked = checkPart(part, schema, raw[part], options);
    faults.push(...checked.faults);
    return checked.value;
  };
  const bodySchema = raw.bodyIsJson ? endpoint.body : endpoint.form;
  const input = {
    params: check('params', endpoint.params ?? NOTHING, {}),
    query: check('query', endpoint.query ?? NOTHING, {}),
    headers: endpoint.headers ? check('headers', endpoint.headers, { stripUnknown: true }) : {},
    body: bodySchema ? check('body', bodySchema.required(), { convert: !raw.bodyIsJson }) : undefined,
  };
  if (faults.length > 0) throw new AppError('request.invalid', { errors: faults.slice(0, MOST_FAULTS) });
  return input;
}

/** Checks one part of what was sent; `part` is where the pointers to its faults begin. */
export function checkPart(
  part: string,
  schema: Joi.Schema,
  value: unknown,
  options: Joi.ValidationOptions = {},
): { readonly value: unknown; readonly faults: readonly FieldError[] } {
  const unsafe = unsafeParts(value, [part]);
  if (unsafe.some((fault) => fault.code === 'object.depth')) return { value: undefined, faults: unsafe };
  const result = schema.validate(value, { abortEarly: false, ...options });
  const wrong = (result.error?.details ?? []).map((item) => ({
    pointer: pointerTo([part, ...item.path]),
    code: item.type,
    message: item.message,
  }));
  return { value: result.value as unknown, faults: [...unsafe, ...wrong] };
}

/**
 * Checks the query alone, for what has to be decided by it before the body is read.
 *
 * @throws AppError request.invalid
 */
export function validateQuery(endpoint: AnyEndpoint, query: unknown): unknown {
  const nothing = { params: {}, headers: {}, body: undefined, bodyIsJson: true };
  return validateInput(
    { ...endpoint, params: undefined, headers: undefined, body: undefined },
    { ...nothing, query },
  ).query;
}

/** JSON pointer (RFC 6901). */
export function pointerTo(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * What no field of any request may hold: U+0000, which PostgreSQL cannot store, halves of surrogate pairs, which are no
 * text, too deep values, and the key that joi overlooks because assigning it changes an object's prototype.
 */
function unsafeParts(value: unknown, path: readonly (string | number)[]): FieldError[] {
  const fault = (code: string, message: string): FieldError[] => [
    { pointer: pointerTo(path), code, message },
  ];
  if (typeof value === 'string')
    return value.includes('\0') || !value.isWellFormed()
      ? fault('string.unsafe', 'must not contain U+0000 or lone surrogates')
      : [];
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return [];
  if (path.length > DEEPEST) return fault('object.depth', `must not be nested deeper than ${DEEPEST} levels`);
  return Object.entries(value).flatMap(([key, item]) => [
    ...(key === '__proto__'
      ? [
          {
            pointer: pointerTo([...path, key]),
            code: 'object.unknown',
            message: '"__proto__" is not allowed',
          },
        ]
      : unsafeParts(key, [...path, key])),
    ...unsafeParts(item, [...path, key]),
  ]);
}
