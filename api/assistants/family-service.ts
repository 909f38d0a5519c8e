import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#api/http/endpoint.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import type { Lineage } from '#db/queries/assistant-lineage.ts';
import type { CapabilityChanges, ProfileChanges } from '#db/stores/assistant-part-store.ts';
import type { DelegationEvent } from '#shared/domain/assistant-parts.ts';
import type { Assistant } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { faultOf } from './family-policy.ts';
import { makeAssistant } from './make-assistant.ts';
import type { CoreChanges } from './make-assistant.ts';
import { foundAssistant, noteAssistant } from './note-assistant.ts';

/** What a child can take over from its parent. */
export const HERITAGE = ['profile', 'capabilities', 'model', 'prompt'] as const;
export type Heritage = (typeof HERITAGE)[number];

/** A child to be made: what is given here stands over what is inherited. */
export interface ChildWish {
  readonly reason: string;
  readonly inherit: readonly Heritage[];
  /** What it is made of; at most one of the two. */
  readonly memoryId?: string | undefined;
  readonly documentId?: string | undefined;
  readonly score?: number | undefined;
  readonly notes?: string | undefined;
  readonly core: CoreChanges;
  readonly profile?: ProfileChanges | undefined;
  readonly capabilities?: CapabilityChanges | undefined;
  /** Id or slug; null for none. */
  readonly systemPrompt?: string | null | undefined;
}

/** The use cases of families. Other users' assistants do not exist here: assistant.not_found. */
export interface FamilyService {
  /**
   * Makes a new child, every time, and records why.
   *
   * @throws AppError assistant.not_found, memory.not_found, document.not_found and those of {@link makeAssistant}
   */
  spawn(
    userId: string,
    parentIdOrSlug: string,
    wish: ChildWish,
    actor: Actor,
  ): Promise<{ readonly child: Assistant; readonly event: DelegationEvent }>;
  lineage(userId: string, idOrSlug: string): Promise<Lineage>;
  /** Newest first. */
  delegations(
    userId: string,
    idOrSlug: string,
    side: 'parent' | 'child',
    page: PageRequest,
  ): Promise<Page<DelegationEvent>>;
}

/** Most descendants that a lineage shows. */
const LINEAGE_LIMIT = 500;

const NAME_LENGTH = 100;

export function createFamilyService(database: Database): FamilyService {
  const { read } = database;
  return {
    spawn: (userId, parentIdOrSlug, wish, actor) =>
      database.transaction(async (tx) => {
        await tx.assistants.lockAll(userId);
        const parent = foundAssistant(await tx.read.assistants.find(userId, parentIdOrSlug));
        const origin = await originOf(tx, userId, wish);
        const heritage = await heritageOf(tx, parent, wish.inherit);
        const name = wish.core.name ?? clipped(origin ?? `${parent.name}, child`);
        const child = await makeAssistant(tx, userId, {
          parent,
          spawnReason: wish.reason,
          core: { ...heritage.core, ...wish.core, name },
          profile: { ...heritage.profile, ...wish.profile },
          capabilities: { ...heritage.capabilities, ...wish.capabilities },
          systemPrompt: wish.systemPrompt === undefined ? heritage.systemPrompt : wish.systemPrompt,
        });
        const event = await tx.delegations.insert({
          id: uuidv7(),
          userId,
          parentId: parent.id,
          childId: child.id,
          reason: wish.reason,
          memoryId: wish.memoryId ?? null,
          documentId: wish.documentId ?? null,
          score: wish.score ?? null,
          notes: wish.notes ?? null,
        });
        await noteAssistant(tx, child, 'spawn', actor, { parent_id: parent.id });
        return { child, event };
      }),
    lineage: async (userId, idOrSlug) => {
      const { id } = foundAssistant(await read.assistants.find(userId, idOrSlug));
      const lineage = await read.assistantLineages.find(userId, id, LINEAGE_LIMIT);
      if (lineage === undefined) throw new AppError('assistant.not_found');
      return lineage;
    },
    delegations: async (userId, idOrSlug, side, page) => {
      const { id } = foundAssistant(await read.assistants.find(userId, idOrSlug));
      return read.delegations.list(userId, id, side, page);
    },
  };
}

/** Makes sure of the memory or document that a child is made of. Returns its title. */
async function originOf(
  tx: Transaction,
  userId: string,
  { memoryId, documentId }: ChildWish,
): Promise<string | undefined> {
  if (memoryId !== undefined) {
    const title = await tx.delegations.holdMemory(userId, memoryId);
    if (title !== undefined) return title;
    const fault = faultOf('memory_id', 'memory.not_found', 'There is no such memory.');
    throw new AppError('memory.not_found', { errors: [fault] });
  }
  if (documentId === undefined) return undefined;
  const document = await tx.read.documents.find(userId, documentId);
  if (document !== undefined) return document.title;
  const fault = faultOf('document_id', 'document.not_found', 'There is no such document.');
  throw new AppError('document.not_found', { errors: [fault] });
}

async function heritageOf(tx: Transaction, parent: Assistant, inherit: readonly Heritage[]) {
  const { id, userId } = parent;
  const { assistantParts } = tx.read;
  const { preferredModel, memoryMode, thinkingStyle, minScore } = parent;
  return {
    core: inherit.includes('model') ? { preferredModel, memoryMode, thinkingStyle, minScore } : {},
    profile: inherit.includes('profile') ? (await assistantParts.profiles(userId, [id])).get(id) : {},
    capabilities: inherit.includes('capabilities')
      ? (await assistantParts.capabilities(userId, [id])).get(id)
      : {},
    systemPrompt: inherit.includes('prompt') ? parent.systemPromptId : null,
  };
}

/** As much of a title as a name may have, no letter cut in half. */
function clipped(title: string): string {
  let name = '';
  for (const letter of title) {
    if (name.length + letter.length > NAME_LENGTH) break;
    name += letter;
  }
  return name.trim();
}
