import { v7 as uuidv7 } from 'uuid';
import { expectedVersion } from '#api/http/conditional-get.ts';
import type { Actor } from '#api/http/endpoint.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import { toRow } from '#db/rows.ts';
import type { AssistantChanges } from '#db/stores/assistant-store.ts';
import type { Assistant } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { freeSlug, slugOf } from './slug.ts';

type Changes = Partial<AssistantChanges>;

/** The use cases of assistants. Other users' assistants do not exist here: assistant.not_found. */
export interface AssistantService {
  list(userId: string, page: PageRequest): Promise<Page<Assistant>>;
  /** @throws AppError assistant.not_found */
  get(userId: string, idOrSlug: string): Promise<Assistant>;
  /** @throws AppError assistant.slug_taken for a slug that was asked for; one made from the name is made unique */
  create(userId: string, fields: Changes & { name: string }, actor: Actor): Promise<Assistant>;
  /**
   * @param ifMatch the request's If-Match header
   * @throws AppError assistant.not_found, assistant.slug_taken, precondition.failed
   */
  update(
    userId: string,
    idOrSlug: string,
    changes: Changes,
    ifMatch: string | undefined,
    actor: Actor,
  ): Promise<Assistant>;
  /** @throws AppError assistant.not_found, assistant.in_use, precondition.failed */
  remove(userId: string, idOrSlug: string, ifMatch: string | undefined, actor: Actor): Promise<void>;
}

export function createAssistantService(database: Database): AssistantService {
  return {
    list: (userId, page) => database.read.assistants.list(userId, page),
    get: async (userId, idOrSlug) => found(await database.read.assistants.find(userId, idOrSlug)),
    create: (userId, fields, actor) =>
      database.transaction(async (tx) => {
        await tx.assistants.lockAll(userId);
        const slug = fields.slug ?? (await freeSlugFor(tx, userId, fields.name));
        if (fields.isPrimary === true) await tx.assistants.clearPrimary(userId);
        const created = await tx.assistants.insert({ ...fields, id: uuidv7(), userId, slug });
        await note(tx, created, 'create', actor);
        return created;
      }),
    update: (userId, idOrSlug, changes, ifMatch, actor) =>
      database.transaction(async (tx) => {
        await tx.assistants.lockAll(userId);
        const current = found(await tx.read.assistants.find(userId, idOrSlug));
        const version = expectedVersion(ifMatch, current);
        if (changes.isPrimary === true && !current.isPrimary) await tx.assistants.clearPrimary(userId);
        const updated = await tx.assistants.update(userId, current.id, changes, version);
        await note(tx, updated, 'update', actor, { fields: Object.keys(toRow(changes)) });
        return updated;
      }),
    remove: (userId, idOrSlug, ifMatch, actor) =>
      database.transaction(async (tx) => {
        const current = found(await tx.read.assistants.find(userId, idOrSlug));
        // Deleted first, then checked: from here on an upload waits for this row and will find it gone, or has
        // committed before and its document is seen.
        await tx.assistants.softDelete(userId, current.id, expectedVersion(ifMatch, current));
        if (await tx.read.assistants.hasDocuments(userId, current.id)) throw new AppError('assistant.in_use');
        await note(tx, current, 'delete', actor);
      }),
  };
}

const note = (
  tx: Transaction,
  { id, userId }: Assistant,
  verb: string,
  actor: Actor,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  const target = { targetType: 'assistant', targetId: id };
  return tx.audit.record({ ...actor, ...target, userId, action: `assistant.${verb}`, details });
};

async function freeSlugFor(tx: Transaction, userId: string, name: string): Promise<string> {
  const slug = slugOf(name);
  return freeSlug(slug, await tx.read.assistants.slugsLike(userId, slug));
}

function found(assistant: Assistant | undefined): Assistant {
  if (assistant === undefined) throw new AppError('assistant.not_found');
  return assistant;
}
