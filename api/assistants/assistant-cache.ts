import type { Readers } from '#db/stores.ts';
import { keyed } from '#db/stores/assistant-store.ts';
import type { Cache, CachePlan } from '#shared/cache/cache.ts';
import { withTimes } from '#shared/cache/revive.ts';
import type { AssistantCapabilities, AssistantProfile, Prompt } from '#shared/domain/assistant-parts.ts';
import type { Assistant } from '#shared/domain/types.ts';
import { foundAssistant } from './note-assistant.ts';

/** An assistant with what people have written about it; the rest of it changes by itself all the time. */
export interface WholeAssistant {
  readonly assistant: Assistant;
  readonly profile: AssistantProfile | undefined;
  readonly capabilities: AssistantCapabilities | undefined;
  readonly systemPrompt: Prompt | undefined;
}

/** Reads assistants by way of the cache. Other users' assistants do not exist here. */
export interface AssistantCache {
  /** @throws AppError assistant.not_found */
  core(userId: string, idOrSlug: string): Promise<Assistant>;
  /** @throws AppError assistant.not_found */
  whole(userId: string, idOrSlug: string): Promise<WholeAssistant>;
  /** Has it in the cache before somebody asks. @throws AppError assistant.not_found */
  warm(userId: string, id: string): Promise<void>;
}

export interface AssistantCacheOptions {
  readonly read: Readers;
  readonly cache: Cache;
  readonly ttlMs: number;
}

const TIMES = ['createdAt', 'updatedAt'] as const;

const reviveCore = (stored: unknown): Assistant => withTimes(stored as Assistant, TIMES);

function reviveWhole(stored: unknown): WholeAssistant {
  const { assistant, systemPrompt, ...parts } = stored as WholeAssistant;
  return {
    ...parts,
    assistant: reviveCore(assistant),
    systemPrompt: systemPrompt && withTimes(systemPrompt, TIMES),
  };
}

export function createAssistantCache({ read, cache, ttlMs }: AssistantCacheOptions): AssistantCache {
  const core: CachePlan<Assistant> = { kind: 'assistant', ttlMs, revive: reviveCore };
  const whole: CachePlan<WholeAssistant> = { kind: 'assistant', ttlMs, revive: reviveWhole };
  const load = async (userId: string, id: string): Promise<Assistant> =>
    foundAssistant(await read.assistants.find(userId, id));
  const loadWhole = async (userId: string, id: string): Promise<WholeAssistant> => {
    const assistant = await load(userId, id);
    const prompt = assistant.systemPromptId;
    const [profiles, capabilities, prompts] = await Promise.all([
      read.assistantParts.profiles(userId, [id]),
      read.assistantParts.capabilities(userId, [id]),
      read.prompts.findMany(userId, prompt === null ? [] : [prompt]),
    ]);
    return {
      assistant,
      profile: profiles.get(id),
      capabilities: capabilities.get(id),
      systemPrompt: prompts[0],
    };
  };
  // A slug may move from one assistant to another, so that only the id stands in keys.
  const isId = (idOrSlug: string): boolean => 'id' in keyed(idOrSlug);
  return {
    core: async (userId, idOrSlug) => {
      if (!isId(idOrSlug)) return load(userId, idOrSlug);
      const id = idOrSlug.toLowerCase();
      return cache.getOrLoad(core, { userId, id }, 'core', () => load(userId, id));
    },
    whole: async (userId, idOrSlug) => {
      const id = isId(idOrSlug) ? idOrSlug.toLowerCase() : (await load(userId, idOrSlug)).id;
      return cache.getOrLoad(whole, { userId, id }, 'whole', () => loadWhole(userId, id));
    },
    warm: async (userId, id) => {
      const unmeasured = { unmeasured: true };
      await cache.getOrLoad(core, { userId, id }, 'core', () => load(userId, id), unmeasured);
      await cache.getOrLoad(whole, { userId, id }, 'whole', () => loadWhole(userId, id), unmeasured);
    },
  };
}
