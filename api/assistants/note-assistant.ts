import type { Actor } from '#api/http/endpoint.ts';
import type { Transaction } from '#db/database.ts';
import type { Assistant } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** Puts what was done to an assistant into the audit log. */
export const noteAssistant = (
  tx: Transaction,
  { id, userId }: Pick<Assistant, 'id' | 'userId'>,
  verb: string,
  actor: Actor,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  const target = { targetType: 'assistant', targetId: id };
  return tx.audit.record({ ...actor, ...target, userId, action: `assistant.${verb}`, details });
};

/** @throws AppError assistant.not_found */
export function foundAssistant(assistant: Assistant | undefined): Assistant {
  if (assistant === undefined) throw new AppError('assistant.not_found');
  return assistant;
}
