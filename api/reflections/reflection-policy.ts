import { AppError } from '#shared/errors/app-error.ts';
import type { FieldError } from '#shared/errors/app-error.ts';
import type { ReflectionType } from '#shared/domain/reflection.ts';
import type { ReflectionBody } from './reflection-endpoints.ts';

type Field = 'memory_ids' | 'chain_id' | 'document_id' | 'rating' | 'content';

/** Fields that a type of reflection needs and may have; all others belong to another type. */
const FIELDS: Readonly<
  Record<ReflectionType, { readonly needs: readonly Field[]; readonly takes: readonly Field[] }>
> = {
  recent: { needs: [], takes: [] },
  memories: { needs: [], takes: ['memory_ids'] },
  chain: { needs: ['chain_id'], takes: [] },
  document: { needs: ['document_id'], takes: [] },
  self: { needs: [], takes: [] },
  feedback: { needs: ['rating', 'content'], takes: [] },
};

const ALL: readonly Field[] = ['memory_ids', 'chain_id', 'document_id', 'rating', 'content'];

/** @throws AppError request.invalid that names every field that is missing or belongs to another type */
export function assertFitting(body: ReflectionBody): void {
  const { needs, takes } = FIELDS[body.type];
  const fault = (field: Field, code: string, problem: string): FieldError => ({
    pointer: `/body/${field}`,
    code,
    message: `"${field}" ${problem} for a reflection of the type ${body.type}`,
  });
  const errors = [
    ...needs
      .filter((field) => body[field] === undefined)
      .map((field) => fault(field, 'any.required', 'is required')),
    ...ALL.filter(
      (field) => body[field] !== undefined && !needs.includes(field) && !takes.includes(field),
    ).map((field) => fault(field, 'any.unknown', 'is not allowed')),
  ];
  if (errors.length > 0) throw new AppError('request.invalid', { errors });
}
