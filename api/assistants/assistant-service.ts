import { expectedVersion } from '#api/http/conditional-get.ts';
import type { Actor } from '#api/http/endpoint.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, SortedPageRequest } from '#db/page.ts';
import { toRow } from '#db/rows.ts';
import type {
  AssistantChanges,
  AssistantFilters,
  AssistantSort,
  ListedAssistant,
} from '#db/stores/assistant-store.ts';
import type { Assistant } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { AssistantCache } from './assistant-cache.ts';
import { inUseDetail } from './deletion-policy.ts';
import { assertNoCycle, depthAt, faultOf } from './family-policy.ts';
import type { Include } from './include-schemas.ts';
import { loadIncludes } from './includes.ts';
import type { Included } from './includes.ts';
import { makeAssistant, promptIdOf } from './make-assistant.ts';
import type { AssistantWish, CoreChanges } from './make-assistant.ts';
import { foundAssistant, noteAssistant } from './note-assistant.ts';
import { showOne } from './show-assistant.ts';

/** By id or slug; null for none, undefined for no change. */
export interface LinkChanges {
  readonly parent?: string | null | undefined;
  readonly systemPrompt?: string | null | undefined;
}

export type NewAssistantWish = Omit<AssistantWish, 'parent' | 'parentField' | 'spawnReason'> & LinkChanges;

export interface DeletionMode {
  /** Delete it with all it owns; its children become roots. */
  readonly force: boolean;
  /** Delete all its descendants as well. */
  readonly cascade: boolean;
}

/** The use cases of assistants. Other users' assistants do not exist here: assistant.not_found. */
export interface AssistantService {
  list(
    userId: string,
    filters: AssistantFilters,
    page: SortedPageRequest<AssistantSort>,
    include: readonly Include[],
  ): Promise<{ readonly page: Page<ListedAssistant>; readonly included: Included }>;
  /** @throws AppError assistant.not_found */
  get(
    userId: string,
    idOrSlug: string,
    include: readonly Include[],
  ): Promise<{ readonly assistant: Assistant; readonly included: Included }>;
  /**
   * @throws AppError assistant.slug_taken for a slug that was asked for; one made from the name is made unique;
   *   assistant.not_found for the parent, and those of {@link makeAssistant}
   */
  create(userId: string, wish: NewAssistantWish, actor: Actor): Promise<Assistant>;
  /**
   * @param ifMatch the request's If-Match header
   * @throws AppError assistant.not_found, assistant.slug_taken, precondition.failed, assistant.cycle and those of
   *   {@link makeAssistant}
   */
  update(
    userId: string,
    idOrSlug: string,
    changes: { readonly core: CoreChanges } & LinkChanges,
    ifMatch: string | undefined,
    actor: Actor,
  ): Promise<Assistant>;
  /** All or nothing. @throws AppError assistant.not_found, assistant.in_use, precondition.failed */
  remove(
    userId: string,
    idOrSlug: string,
    mode: DeletionMode,
    ifMatch: string | undefined,
    actor: Actor,
  ): Promise<void>;
}

export interface AssistantServiceOptions {
  readonly database: Database;
  readonly cached: AssistantCache;
  /** Is told of each assistant that is read by itself. */
  readonly onRead: (userId: string, id: string) => void;
}

export function createAssistantService({
  database,
  cached,
  onRead,
}: AssistantServiceOptions): AssistantService {
  const { read } = database;
  return {
    list: async (userId, filters, request, include) => {
      const page = await read.assistants.list(userId, filters, request);
      return { page, included: await loadIncludes(read, userId, page.items, include) };
    },
    get: async (userId, idOrSlug, include) => {
      const shown = await showOne({ read, cached }, userId, idOrSlug, include);
      onRead(userId, shown.assistant.id);
      return shown;
    },
    create: (userId, { parent: wanted, ...wish }, actor) =>
      database.transaction(async (tx) => {
        await tx.assistants.lockAll(userId);
        const parent = typeof wanted === 'string' ? await parentOf(tx, userId, wanted) : undefined;
        const created = await makeAssistant(tx, userId, { ...wish, parent, parentField: 'parent_id' });
        await noteAssistant(tx, created, 'create', actor);
        return created;
      }),
    update: (userId, idOrSlug, { core, parent, systemPrompt }, ifMatch, actor) =>
      database.transaction(async (tx) => {
        await tx.assistants.lockAll(userId);
        const current = foundAssistant(await tx.read.assistants.find(userId, idOrSlug));
        const version = expectedVersion(ifMatch, current);
        const changes = {
          ...core,
          ...(parent === undefined ? {} : await move(tx, current, parent)),
          ...(systemPrompt === undefined
            ? {}
            : { systemPromptId: await promptIdOf(tx, userId, systemPrompt) }),
        };
        if (core.isPrimary === true && !current.isPrimary) await tx.assistants.clearPrimary(userId);
        const updated = await tx.assistants.update(userId, current.id, changes, version);
        for (const id of [current.parentId, updated.parentId]) if (id !== null) tx.metrics.touch(id);
        const fields = Object.keys(toRow(changes)).filter((name) => name !== 'depth');
        await noteAssistant(tx, updated, 'update', actor, { fields });
        return updated;
      }),
    remove: (userId, idOrSlug, mode, ifMatch, actor) =>
      database.transaction(async (tx) => {
        await tx.assistants.lockAll(userId);
        const current = foundAssistant(await tx.read.assistants.find(userId, idOrSlug));
        // Locked first, then looked at: from here on an upload waits for this row and will find it gone, or has
        // committed before and its document is seen.
        await tx.assistants.update(userId, current.id, {}, expectedVersion(ifMatch, current));
        const details = await removeLocked(tx, current, mode);
        if (current.parentId !== null) tx.metrics.touch(current.parentId);
        await noteAssistant(tx, current, 'delete', actor, details);
      }),
  };
}

async function parentOf(tx: Transaction, userId: string, idOrSlug: string): Promise<Assistant> {
  const parent = await tx.read.assistants.find(userId, idOrSlug);
  if (parent !== undefined) return parent;
  const fault = faultOf('parent_id', 'assistant.not_found', 'There is no such assistant.');
  throw new AppError('assistant.not_found', { errors: [fault] });
}

/** Finds the new place of an assistant and brings its descendants along. */
async function move(
  tx: Transaction,
  current: Assistant,
  wanted: string | null,
): Promise<Pick<AssistantChanges, 'parentId' | 'depth'>> {
  const { id, userId } = current;
  const parent = wanted === null ? null : await parentOf(tx, userId, wanted);
  if ((parent?.id ?? null) === current.parentId) return { parentId: current.parentId, depth: current.depth };
  const subtree = await tx.read.assistantFamilies.subtree(userId, id);
  if (parent !== null) assertNoCycle(subtree, parent.id);
  const height = Math.max(...subtree.map((member) => member.depth)) - current.depth;
  const siblings = parent === null ? 0 : await tx.read.assistantFamilies.childCount(userId, parent.id);
  const depth = depthAt({ parent, siblings, height, field: 'parent_id' });
  const below = subtree.filter((member) => member.id !== id).map((member) => member.id);
  await tx.assistantFamilies.shift(userId, below, depth - current.depth);
  return { parentId: parent?.id ?? null, depth };
}

/** @returns what the audit log says of it */
async function removeLocked(
  tx: Transaction,
  { id, userId, depth }: Assistant,
  { force, cascade }: DeletionMode,
): Promise<Readonly<Record<string, unknown>>> {
  const { assistantDeletions, assistantFamilies } = tx;
  if (cascade) {
    const ids = (await tx.read.assistantFamilies.subtree(userId, id)).map((member) => member.id);
    const documents = await assistantDeletions.erase(userId, ids);
    return { mode: 'cascade', assistants: ids.length, documents };
  }
  if (force) {
    await assistantFamilies.releaseChildren(userId, id, depth);
    return { mode: 'force', documents: await assistantDeletions.erase(userId, [id]) };
  }
  const detail = inUseDetail(await tx.read.assistantDeletions.belongings(userId, id));
  if (detail !== undefined) throw new AppError('assistant.in_use', { detail });
  await assistantDeletions.erase(userId, [id]);
  return {};
}
