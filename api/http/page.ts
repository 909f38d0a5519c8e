import { createHash } from 'node:crypto';
import Joi from 'joi';
import type { Page, PageRequest } from '#db/page.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** Query parameters of every list. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

export const pageQuery = {
  limit: Joi.number().integer().min(1).max(100).default(20).description('Number of entries.'),
  cursor: Joi.string().max(500).description('`meta.next_cursor` of the previous page.'),
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

/** The body of a list answer. */
export function pageBody<T>(page: Page<T>, list: readonly unknown[], view: (item: T) => unknown) {
  const cursor =
    page.nextAfter === null
      ? null
      : Buffer.from(`${page.nextAfter}.${bindingOf(list)}`, 'utf8').toString('base64url');
  return { data: page.items.map(view), meta: { next_cursor: cursor, has_more: cursor !== null } };
}

const bindingOf = (list: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 16);
