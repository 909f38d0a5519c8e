import type { Memory, MemoryChain } from '#shared/domain/memory.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** Whether the entries have changed since the summary was made. */
export const isStale = ({ summaryRevision, entriesRevision }: MemoryChain): boolean =>
  summaryRevision !== null && summaryRevision !== entriesRevision;

/** @throws AppError memory_chain.automatic */
export function assertManual({ mode }: MemoryChain): void {
  if (mode === 'automatic') throw new AppError('memory_chain.automatic');
}

/**
 * A chain takes memories of its own assistant.
 *
 * @param found those of the memories that the user has
 * @throws AppError memory.not_found, memory_chain.other_assistant naming those at fault
 */
export function assertTakes(
  { assistantId }: MemoryChain,
  memoryIds: readonly string[],
  found: readonly Memory[],
): void {
  const byId = new Map(found.map((memory) => [memory.id, memory]));
  const faults = (isAtFault: (memory: Memory | undefined) => boolean, code: string, message: string) =>
    memoryIds.flatMap((id, index) =>
      isAtFault(byId.get(id)) ? [{ pointer: `/body/memory_ids/${index}`, code, message }] : [],
    );
  const unknown = faults((memory) => memory === undefined, 'memory.not_found', 'there is no such memory');
  if (unknown.length > 0) throw new AppError('memory.not_found', { errors: unknown });
  const foreign = faults(
    (memory) => memory?.assistantId !== assistantId,
    'memory_chain.other_assistant',
    'it is a memory of another assistant',
  );
  if (foreign.length > 0) throw new AppError('memory_chain.other_assistant', { errors: foreign });
}

/** @throws AppError memory_chain.order_mismatch unless both name the same memories */
export function assertSameMemories(current: readonly string[], wanted: readonly string[]): void {
  const there = new Set(current);
  const named = new Set(wanted);
  if (named.size === wanted.length && named.size === there.size && wanted.every((id) => there.has(id)))
    return;
  throw new AppError('memory_chain.order_mismatch', {
    detail: `The chain has ${current.length} memories; of the ${wanted.length} that were sent it has ${wanted.filter((id) => there.has(id)).length}.`,
  });
}
