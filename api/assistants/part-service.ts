import { expectedVersion } from '#api/http/conditional-get.ts';
import type { Actor } from '#api/http/endpoint.ts';
import type { Database, Transaction } from '#db/database.ts';
import { toRow } from '#db/rows.ts';
import type { CapabilityChanges, ProfileChanges } from '#db/stores/assistant-part-store.ts';
import type { AssistantCapabilities, AssistantProfile, Prompt } from '#shared/domain/assistant-parts.ts';
import type { Assistant } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { promptIdOf } from './make-assistant.ts';
import { foundAssistant, noteAssistant } from './note-assistant.ts';

/** A part with the assistant it belongs to, whose version counts the edits of all its parts. */
export interface PartOf<T> {
  readonly assistant: Assistant;
  readonly part: T;
}

/**
 * The use cases of an assistant's parts.
 *
 * Reads throw AppError assistant.not_found, edits precondition.failed as well.
 */
export interface PartService {
  profile(userId: string, idOrSlug: string): Promise<PartOf<AssistantProfile>>;
  updateProfile(
    userId: string,
    idOrSlug: string,
    changes: ProfileChanges,
    edit: Edit,
  ): Promise<PartOf<AssistantProfile>>;
  capabilities(userId: string, idOrSlug: string): Promise<PartOf<AssistantCapabilities>>;
  updateCapabilities(
    userId: string,
    idOrSlug: string,
    changes: CapabilityChanges,
    edit: Edit,
  ): Promise<PartOf<AssistantCapabilities>>;
  systemPrompt(userId: string, idOrSlug: string): Promise<PartOf<Prompt | null>>;
  /**
   * @param prompt id or slug; null for none
   * @throws AppError prompt.not_found, prompt.not_system
   */
  setSystemPrompt(
    userId: string,
    idOrSlug: string,
    prompt: string | null,
    edit: Edit,
  ): Promise<PartOf<Prompt | null>>;
}

/** Who edits, and the request's If-Match header. */
export interface Edit {
  readonly ifMatch: string | undefined;
  readonly actor: Actor;
}

export function createPartService(database: Database): PartService {
  // The assistant is read before the part: a tag that is older than what it stands for only makes an edit be refused.
  const reading =
    <T>(part: (read: Database['read'], assistant: Assistant) => Promise<T>) =>
    async (userId: string, idOrSlug: string): Promise<PartOf<T>> => {
      const assistant = foundAssistant(await database.read.assistants.find(userId, idOrSlug));
      return { assistant, part: await part(database.read, assistant) };
    };
  const editing = <T>(
    userId: string,
    idOrSlug: string,
    { ifMatch }: Edit,
    work: (tx: Transaction, current: Assistant, version: number | null) => Promise<PartOf<T>>,
  ): Promise<PartOf<T>> =>
    database.transaction(async (tx) => {
      const current = foundAssistant(await tx.read.assistants.find(userId, idOrSlug));
      return work(tx, current, expectedVersion(ifMatch, current));
    });
  return {
    profile: reading(profileOf),
    updateProfile: (userId, idOrSlug, changes, edit) =>
      editing(userId, idOrSlug, edit, async (tx, { id }, version) => {
        const assistant = await tx.assistants.update(userId, id, {}, version);
        await tx.assistantParts.updateProfile(userId, id, changes);
        await note(tx, assistant, 'profile', changes, edit);
        return { assistant, part: await profileOf(tx.read, assistant) };
      }),
    capabilities: reading(capabilitiesOf),
    updateCapabilities: (userId, idOrSlug, changes, edit) =>
      editing(userId, idOrSlug, edit, async (tx, { id }, version) => {
        const assistant = await tx.assistants.update(userId, id, {}, version);
        await tx.assistantParts.updateCapabilities(userId, id, changes);
        tx.metrics.touch(id);
        await note(tx, assistant, 'capabilities', changes, edit);
        return { assistant, part: await capabilitiesOf(tx.read, assistant) };
      }),
    systemPrompt: reading(systemPromptOf),
    setSystemPrompt: (userId, idOrSlug, prompt, edit) =>
      editing(userId, idOrSlug, edit, async (tx, { id }, version) => {
        const systemPromptId = await promptIdOf(tx, userId, prompt, 'prompt_id');
        const assistant = await tx.assistants.update(userId, id, { systemPromptId }, version);
        await noteAssistant(tx, assistant, 'update', edit.actor, { fields: ['system_prompt_id'] });
        return { assistant, part: await systemPromptOf(tx.read, assistant) };
      }),
  };
}

const note = (tx: Transaction, assistant: Assistant, part: string, changes: object, { actor }: Edit) =>
  noteAssistant(tx, assistant, 'update', actor, { part, fields: Object.keys(toRow(changes)) });

async function profileOf(read: Database['read'], { id, userId }: Assistant): Promise<AssistantProfile> {
  return present((await read.assistantParts.profiles(userId, [id])).get(id));
}

async function capabilitiesOf(
  read: Database['read'],
  { id, userId }: Assistant,
): Promise<AssistantCapabilities> {
  return present((await read.assistantParts.capabilities(userId, [id])).get(id));
}

async function systemPromptOf(read: Database['read'], assistant: Assistant): Promise<Prompt | null> {
  if (assistant.systemPromptId === null) return null;
  return (await read.prompts.find(assistant.userId, assistant.systemPromptId)) ?? null;
}

/** Every assistant has its parts, unless it has just been deleted. */
function present<T>(part: T | undefined): T {
  if (part === undefined) throw new AppError('assistant.not_found');
  return part;
}
