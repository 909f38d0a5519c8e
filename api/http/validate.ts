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

/**
 * Checks all parts of a request against the endpoint's schemas.
 *
 * @throws AppError request.invalid naming every fault there is, not only the first
 */
export function validateInput(endpoint: AnyEndpoint, raw: RawInput): ValidInput {
  const faults: FieldError[] = [];
  const check = (part: Part, schema: Joi.Schema, options: Joi.ValidationOptions): unknown => {
    const result = schema.validate(raw[part], { abortEarly: false, ...options });
    for (const item of result.error?.details ?? [])
      faults.push({ pointer: pointerTo([part, ...item.path]), code: item.type, message: item.message });
    faults.push(...unsafeTexts(result.value, [part]));
    return result.value as unknown;
  };
  const bodySchema = raw.bodyIsJson ? endpoint.body : endpoint.form;
  const input = {
    params: check('params', endpoint.params ?? NOTHING, {}),
    query: check('query', endpoint.query ?? NOTHING, {}),
    headers: endpoint.headers ? check('headers', endpoint.headers, { stripUnknown: true }) : {},
    body: bodySchema ? check('body', bodySchema.required(), { convert: !raw.bodyIsJson }) : undefined,
  };
  if (faults.length > 0) throw new AppError('request.invalid', { errors: faults });
  return input;
}

/** JSON pointer (RFC 6901). */
export function pointerTo(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** PostgreSQL cannot store U+0000, and half a surrogate pair is no text: both are refused for every field at once. */
function unsafeTexts(value: unknown, path: readonly (string | number)[]): FieldError[] {
  if (typeof value === 'string')
    return value.includes('\0') || !value.isWellFormed()
      ? [
          {
            pointer: pointerTo(path),
            code: 'string.unsafe',
            message: 'must not contain U+0000 or lone surrogates',
          },
        ]
      : [];
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...unsafeTexts(key, [...path, key]),
    ...unsafeTexts(item, [...path, key]),
  ]);
}
