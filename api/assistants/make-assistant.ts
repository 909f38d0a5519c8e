import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '#db/database.ts';
import type { CapabilityChanges, ProfileChanges } from '#db/stores/assistant-part-store.ts';
import type { AssistantChanges } from '#db/stores/assistant-store.ts';
import type { Assistant } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { depthAt, faultOf } from './family-policy.ts';
import { freeSlug, slugOf } from './slug.ts';

/** What clients set of the core by value. */
export type CoreChanges = Partial<Omit<AssistantChanges, 'parentId' | 'depth' | 'systemPromptId'>>;

/** An assistant to be made, with its parts. */
export interface AssistantWish {
  readonly core: CoreChanges & { readonly name: string };
  readonly profile?: ProfileChanges | undefined;
  readonly capabilities?: CapabilityChanges | undefined;
  /** Id or slug. */
  readonly systemPrompt?: string | null | undefined;
  readonly parent?: Assistant | undefined;
  readonly spawnReason?: string | undefined;
  /** Where the request names the parent; see `Place`. */
  readonly parentField?: string;
}

/**
 * Makes an assistant with all its parts. The user's assistants must be locked.
 *
 * @throws AppError assistant.slug_taken, assistant.too_deep, assistant.too_many_children, prompt.not_found,
 *   prompt.not_system
 */
export async function makeAssistant(
  tx: Transaction,
  userId: string,
  { core, parent, ...wish }: AssistantWish,
): Promise<Assistant> {
  const { parentField: field } = wish;
  const siblings = parent === undefined ? 0 : await tx.read.assistantFamilies.childCount(userId, parent.id);
  const depth = depthAt({ parent: parent ?? null, siblings, height: 0, ...(field && { field }) });
  const systemPromptId = await promptIdOf(tx, userId, wish.systemPrompt ?? null);
  const slug = core.slug ?? (await freeSlugFor(tx, userId, core.name));
  if (core.isPrimary === true) await tx.assistants.clearPrimary(userId);
  const made = await tx.assistants.insert({
    ...core,
    id: uuidv7(),
    userId,
    slug,
    parentId: parent?.id ?? null,
    depth,
    spawnReason: wish.spawnReason ?? null,
    systemPromptId,
  });
  await tx.assistantParts.insert(userId, made.id);
  if (wish.profile !== undefined) await tx.assistantParts.updateProfile(userId, made.id, wish.profile);
  if (wish.capabilities !== undefined)
    await tx.assistantParts.updateCapabilities(userId, made.id, wish.capabilities);
  tx.metrics.touch(made.id);
  if (parent !== undefined) tx.metrics.touch(parent.id);
  return made;
}

/**
 * Finds the prompt that is to be a system prompt and keeps it until the commit.
 *
 * @throws AppError prompt.not_found, prompt.not_system
 */
export async function promptIdOf(
  tx: Transaction,
  userId: string,
  idOrSlug: string | null,
  field = 'system_prompt_id',
): Promise<string | null> {
  if (idOrSlug === null) return null;
  const prompt = await tx.prompts.hold(userId, idOrSlug);
  if (prompt === undefined)
    throw new AppError('prompt.not_found', {
      errors: [faultOf(field, 'prompt.not_found', 'There is no such prompt.')],
    });
  if (prompt.type !== 'system')
    throw new AppError('prompt.not_system', {
      errors: [faultOf(field, 'prompt.not_system', `Its type is ${prompt.type}.`)],
    });
  return prompt.id;
}

async function freeSlugFor(tx: Transaction, userId: string, name: string): Promise<string> {
  const slug = slugOf(name);
  return freeSlug(slug, await tx.read.assistants.slugsLike(userId, slug));
}
