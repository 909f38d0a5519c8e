import { createHash } from 'node:crypto';
import Joi from 'joi';
import type { Page, PageRequest, SortedPageRequest } from '#db/page.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** Query parameters of every list. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

export const pageQuery = {
  limit: Joi.number().integer().min(1).max(100).default(20).description('Number of entries.'),
  cursor: Joi.string().max(2000).description('`meta.next_cursor` of the previous page.'),
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Key of lists that are ordered by a number from 0. */
export const POSITION = /^\d{1,15}$/;

/**
 * Reads the page a client asks for.
 *
 * @param list what is listed and how it is filtered; a cursor is good for exactly that
 * @param key form of the key that the list is ordered by
 * @throws AppError page.cursor_invalid for a cursor of another list or of other filters, and for garbage
 */
export function readPage(query: PageQuery, list: readonly unknown[], key: RegExp = UUID): PageRequest {
  if (query.cursor === undefined) return { limit: query.limit, after: null };
  const [after, binding] = Buffer.from(query.cursor, 'base64url').toString('utf8').split('.');
  if (after === undefined || !key.test(after) || binding !== bindingOf(list))
    throw new AppError('page.cursor_invalid');
  return { limit: query.limit, after };
}

const SORTED_KEY = /^[A-Za-z0-9_-]{1,1200}$/;

/** Query parameter of a list that can be sorted by these fields; a minus in front turns the order round. */
export const sortQuery = <S extends string>(fields: readonly S[], fallback: S | `-${S}`) =>
  Joi.string()
    .valid(...fields, ...fields.map((field) => `-${field}`))
    .default(fallback)
    .description('Field to sort by; with - in front the largest or newest comes first.');

/**
 * Reads the page of a sorted list; as {@link readPage}, with the order bound to the cursor too.
 *
 * @throws AppError page.cursor_invalid
 */
export function readSortedPage<S extends string>(
  query: PageQuery & { readonly sort: S | `-${S}` },
  list: readonly unknown[],
): SortedPageRequest<S> {
  const { limit, after } = readPage(query, list, SORTED_KEY);
  const descending = query.sort.startsWith('-');
  return { limit, after, sort: { by: (descending ? query.sort.slice(1) : query.sort) as S, descending } };
}

/** The body of a list answer. */
export function pageBody<T>(page: Page<T>, list: readonly unknown[], view: (item: T) => unknown) {
  const cursor = page.nextAfter === null ? null : cursorOf(page.nextAfter, list);
  return { data: page.items.map(view), meta: { next_cursor: cursor, has_more: cursor !== null } };
}

/** The cursor after which the row of this key, in this list, is the last one seen. */
export const cursorOf = (key: string, list: readonly unknown[]): string =>
  Buffer.from(`${key}.${bindingOf(list)}`, 'utf8').toString('base64url');

const bindingOf = (list: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 16);
