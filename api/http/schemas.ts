import Joi from 'joi';
import { cleanLine, cleanParagraphs } from '#shared/domain/clean-text.ts';

/** Schemas that several contracts share. Objects refuse unknown keys unless a contract says otherwise. */

/** UUID of a resource. */
export const id = (): Joi.StringSchema =>
  Joi.string()
    .guid({ separator: '-' })
    .custom((value: string) => value.toLowerCase())
    .description('UUID.');

/** UUID or slug of a resource of the caller. */
export const idOrSlug = (): Joi.StringSchema => Joi.string().min(1).max(80).description('Id or slug.');

/** One line of text that people read: composed (NFC), without control characters and space around it, never empty. */
export const label = (max: number): Joi.StringSchema => Joi.string().custom(cleanLine).min(1).max(max);

/** Text of several lines that people read; otherwise as {@link label}. */
export const paragraphs = (max: number): Joi.StringSchema =>
  Joi.string().custom(cleanParagraphs).min(1).max(max);

/** RFC 3339 time in UTC, as views write it. */
export const time = (): Joi.StringSchema => Joi.string().isoDate().description('RFC 3339, UTC.');

/** ISO 8601 has forms, such as weeks, of which there is no Date, and years that no clock here has shown. */
export const moment = (): Joi.StringSchema =>
  time().custom((value: string, helpers) =>
    Number.isNaN(Date.parse(value)) || !/^[12]\d{3}-/.test(value) ? helpers.error('string.isoDate') : value,
  );

/** Answer with one thing: `{data}`, or `{data, meta}` where there is something to say. */
export function dataOf(data: Joi.Schema, meta?: Joi.Schema): Joi.ObjectSchema {
  return Joi.object({ data: data.required(), ...(meta === undefined ? {} : { meta: meta.required() }) });
}

/** Answer with one stretch of a list. */
export function pageOf(item: Joi.Schema): Joi.ObjectSchema {
  return dataOf(
    // A required item would mean a list that is never empty.
    Joi.array().items(item.optional()).required(),
    Joi.object({
      next_cursor: Joi.string().allow(null).required().description('Null at the end of the list.'),
      has_more: Joi.boolean().required(),
    }),
  );
}

/** Turns the snake_case fields of a validated body into the names of the domain. */
export function camelKeys<T>(body: object): T {
  const pairs = Object.entries(body).map(([name, value]: [string, unknown]) => [
    name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return Object.fromEntries(pairs) as T;
}
