import { v7 as uuidv7 } from 'uuid';
import { freeSlug, slugOf } from '#api/assistants/slug.ts';
import { expectedVersion } from '#api/http/conditional-get.ts';
import type { Actor } from '#api/http/endpoint.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, SortedPageRequest } from '#db/page.ts';
import type { PromptLineage } from '#db/queries/prompt-lineage.ts';
import type { ListedPrompt, PromptChanges, PromptFilters, PromptSort } from '#db/stores/prompt-store.ts';
import type { Prompt } from '#shared/domain/assistant-parts.ts';
import { AppError } from '#shared/errors/app-error.ts';

type Changes = Partial<PromptChanges>;

/** The use cases of prompts. Other users' prompts do not exist here: prompt.not_found. */
export interface PromptService {
  list(
    userId: string,
    filters: PromptFilters,
    page: SortedPageRequest<PromptSort>,
  ): Promise<Page<ListedPrompt>>;
  get(userId: string, idOrSlug: string): Promise<Prompt>;
  /** @throws AppError prompt.slug_taken for a slug that was asked for; one made from the title is made unique */
  create(userId: string, fields: Changes & Pick<Prompt, 'title' | 'content'>, actor: Actor): Promise<Prompt>;
  /**
   * @param ifMatch the request's If-Match header
   * @throws AppError prompt.slug_taken, precondition.failed, prompt.in_use when a system prompt in use is to be something
   *   else
   */
  update(
    userId: string,
    idOrSlug: string,
    changes: Changes,
    ifMatch: string | undefined,
    actor: Actor,
  ): Promise<Prompt>;
  /** @throws AppError prompt.in_use, precondition.failed */
  remove(userId: string, idOrSlug: string, ifMatch: string | undefined, actor: Actor): Promise<void>;
  /** Makes a copy that knows what it is a copy of. @throws AppError prompt.slug_taken */
  remix(userId: string, idOrSlug: string, changes: Changes, actor: Actor): Promise<Prompt>;
  lineage(userId: string, idOrSlug: string): Promise<PromptLineage>;
}

/** Most prompts that a lineage shows on either side. */
const LINEAGE_LIMIT = 200;

export function createPromptService(database: Database): PromptService {
  const { read } = database;
  return {
    list: (userId, filters, page) => read.prompts.list(userId, filters, page),
    get: async (userId, idOrSlug) => found(await read.prompts.find(userId, idOrSlug)),
    create: (userId, fields, actor) =>
      database.transaction(async (tx) => {
        await tx.assistants.lockAll(userId);
        const created = await insert(tx, userId, { type: 'system', tags: [], ...fields }, null);
        await note(tx, created, 'create', actor);
        return created;
      }),
    update: (userId, idOrSlug, changes, ifMatch, actor) =>
      database.transaction(async (tx) => {
        await tx.assistants.lockAll(userId);
        const current = found(await tx.prompts.lock(userId, idOrSlug));
        const version = expectedVersion(ifMatch, current);
        if (changes.type !== undefined && changes.type !== 'system') await assertUnused(tx, current);
        const updated = await tx.prompts.update(userId, current.id, changes, version);
        await note(tx, updated, 'update', actor, { fields: Object.keys(changes) });
        return updated;
      }),
    remove: (userId, idOrSlug, ifMatch, actor) =>
      database.transaction(async (tx) => {
        // Locked first: whoever is about to use it waits and will find it gone, or has committed before and is counted.
        const current = found(await tx.prompts.lock(userId, idOrSlug));
        expectedVersion(ifMatch, current);
        await assertUnused(tx, current);
        await tx.prompts.delete(userId, current.id);
        await note(tx, current, 'delete', actor);
      }),
    remix: (userId, idOrSlug, changes, actor) =>
      database.transaction(async (tx) => {
        await tx.assistants.lockAll(userId);
        const source = found(await tx.prompts.hold(userId, idOrSlug));
        const { title, type, content, tags } = source;
        const made = await insert(tx, userId, { title, type, content, tags, ...changes }, source.id);
        await note(tx, made, 'remix', actor, { parent_id: source.id });
        return made;
      }),
    lineage: async (userId, idOrSlug) => {
      const { id } = found(await read.prompts.find(userId, idOrSlug));
      const lineage = await read.promptLineages.find(userId, id, LINEAGE_LIMIT);
      if (lineage === undefined) throw new AppError('prompt.not_found');
      return lineage;
    },
  };
}

async function insert(
  tx: Transaction,
  userId: string,
  fields: Omit<PromptChanges, 'slug'> & { readonly slug?: string },
  parentId: string | null,
): Promise<Prompt> {
  const wanted = slugOf(fields.title, 'prompt');
  const slug = fields.slug ?? freeSlug(wanted, await tx.read.prompts.slugsLike(userId, wanted));
  return tx.prompts.insert({ ...fields, id: uuidv7(), userId, slug, parentId });
}

async function assertUnused(tx: Transaction, { id, userId }: Prompt): Promise<void> {
  const count = await tx.read.prompts.useCount(userId, id);
  if (count > 0)
    throw new AppError('prompt.in_use', {
      detail: `It is the system prompt of ${count} assistant${count === 1 ? '' : 's'}.`,
    });
}

const note = (
  tx: Transaction,
  { id, userId }: Prompt,
  verb: string,
  actor: Actor,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  const target = { targetType: 'prompt', targetId: id };
  return tx.audit.record({ ...actor, ...target, userId, action: `prompt.${verb}`, details });
};

function found(prompt: Prompt | undefined): Prompt {
  if (prompt === undefined) throw new AppError('prompt.not_found');
  return prompt;
}
