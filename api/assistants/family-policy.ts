import { AppError } from '#shared/errors/app-error.ts';
import type { FieldError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';

/** Levels there may be below a root. */
export const MAX_DEPTH = 5;

/** Children that one assistant may have. */
export const MAX_CHILDREN = 50;

/** Where an assistant is to stand. */
export interface Place {
  /** The one above it; null at the root. */
  readonly parent: { readonly id: string; readonly depth: number } | null;
  /** Children the parent has already, without this one. */
  readonly siblings: number;
  /** Levels that come along below it. */
  readonly height: number;
  /** Where the request names the parent; undefined when it is the one in the path. */
  readonly field?: string;
}

/** @returns its depth there. @throws AppError assistant.too_deep, assistant.too_many_children */
export function depthAt({ parent, siblings, height, field }: Place): number {
  if (parent === null) return 0;
  if (parent.depth + 1 + height > MAX_DEPTH)
    throw refused('assistant.too_deep', field, `A family has at most ${MAX_DEPTH} levels below its root.`);
  if (siblings >= MAX_CHILDREN)
    throw refused('assistant.too_many_children', field, `An assistant has at most ${MAX_CHILDREN} children.`);
  return parent.depth + 1;
}

/** @throws AppError assistant.cycle when the new parent is the assistant itself or one of its descendants */
export function assertNoCycle(subtree: readonly { readonly id: string }[], parentId: string): void {
  if (subtree.some(({ id }) => id === parentId))
    throw refused('assistant.cycle', 'parent_id', 'The parent is the assistant itself or stands below it.');
}

function refused(code: ErrorCode, field: string | undefined, detail: string): AppError {
  return new AppError(code, { detail, errors: field === undefined ? [] : [faultOf(field, code, detail)] });
}

/** One field of the body at fault. */
export const faultOf = (field: string, code: string, message: string): FieldError => ({
  pointer: `/body/${field}`,
  code,
  message,
});
