import type { Actor } from '#api/http/endpoint.ts';
import { camelKeys } from '#api/http/schemas.ts';
import { asUnavailable } from '#db/database-errors.ts';
import type { Database } from '#db/database.ts';
import type { Memory } from '#shared/domain/memory.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { BatchOperation } from './memory-batch-endpoints.ts';
import type { MemoryEdit, MemoryService, Written } from './memory-service.ts';
import type { MemoryInput } from './remember.ts';

/** What became of one operation of a batch. */
export interface BatchItem {
  readonly index: number;
  readonly status: number;
  readonly memory: Memory | null;
  readonly written?: Written;
  readonly error?: AppError;
}

export interface MemoryBatchService {
  /**
   * Runs operations one after the other, each in a transaction of its own.
   *
   * @param mayDelete whether the caller has proved to be who may delete
   * @throws AppError request.invalid when an operation deletes and may not
   */
  run(
    userId: string,
    operations: readonly BatchOperation[],
    mayDelete: boolean,
    actor: Actor,
  ): Promise<BatchItem[]>;
  /**
   * Deletes all of these, or none.
   *
   * @returns how many
   * @throws AppError memory.not_found when one is not there
   */
  removeMany(userId: string, ids: readonly string[], actor: Actor): Promise<number>;
}

export interface MemoryBatchServiceOptions {
  readonly database: Database;
  readonly memories: MemoryService;
}

export function createMemoryBatchService(options: MemoryBatchServiceOptions): MemoryBatchService {
  const { database, memories } = options;
  return {
    run: async (userId, operations, mayDelete, actor) => {
      if (!mayDelete) refuseDeletes(operations);
      const items: BatchItem[] = [];
      for (const [index, operation] of operations.entries())
        items.push({ index, ...(await attempt(() => runOne(memories, userId, operation, actor))) });
      return items;
    },
    removeMany: (userId, ids, actor) =>
      database.transaction(async (tx) => {
        const seen = await tx.read.memories.findMany(userId, ids);
        const assistants = [...new Set(seen.map((memory) => memory.assistantId))].sort();
        for (const assistant of assistants) await tx.memories.lockWrites(assistant);
        const found = await tx.memories.lock(userId, ids);
        if (found.length < new Set(ids).size) throw new AppError('memory.not_found');
        await tx.chainEntries.touch(found, 'removed');
        await tx.memories.remove(userId, found);
        for (const assistant of assistants) tx.metrics.touch(assistant);
        for (const id of found)
          await tx.audit.record({
            ...actor,
            userId,
            targetType: 'memory',
            targetId: id,
            action: 'memory.delete',
            details: { in_bulk: true },
          });
        return found.length;
      }),
  };
}

function refuseDeletes(operations: readonly BatchOperation[]): void {
  const errors = operations.flatMap(({ op }, index) =>
    op === 'delete'
      ? [
          {
            pointer: `/body/operations/${index}/op`,
            code: 'batch.deletes',
            message: 'operations that delete need deletes=true in the query',
          },
        ]
      : [],
  );
  if (errors.length > 0) throw new AppError('request.invalid', { errors });
}

type Outcome = Omit<BatchItem, 'index'>;

async function runOne(
  memories: MemoryService,
  userId: string,
  operation: BatchOperation,
  actor: Actor,
): Promise<Outcome> {
  switch (operation.op) {
    case 'create': {
      const { op: _op, assistant_id: assistant, ...body } = operation;
      const written = await memories.write(userId, assistant, camelKeys<MemoryInput>(body));
      return { status: written.stored ? 201 : 200, memory: written.memory, written };
    }
    case 'update': {
      const { op: _op, id, version, ...body } = operation;
      const edit = camelKeys<MemoryEdit>(body);
      return { status: 200, memory: await memories.edit(userId, id, edit, tagOf(version)) };
    }
    case 'delete':
      await memories.remove(userId, operation.id, actor, tagOf(operation.version));
      return { status: 204, memory: null };
  }
}

/**
 * The version that is expected, as If-Match has it: only the first part of a tag is compared.
 *
 * @throws AppError precondition.required
 */
function tagOf(version: number | undefined): string {
  if (version === undefined) throw new AppError('precondition.required');
  return `"${version}.0"`;
}

/** What a client did wrong, or what may be over in a moment, is the result of that one; a fault of ours ends the batch. */
async function attempt(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (thrown) {
    const error = thrown instanceof AppError ? thrown : asUnavailable(thrown);
    if (error === undefined) throw thrown;
    return { status: error.status, memory: null, error };
  }
}
