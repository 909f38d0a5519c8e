import type { Readers } from '#db/stores.ts';
import type { Assistant } from '#shared/domain/types.ts';
import type { AssistantCache, WholeAssistant } from './assistant-cache.ts';
import type { Include } from './include-schemas.ts';
import { loadIncludes } from './includes.ts';
import type { Included } from './includes.ts';

/** What is cached with an assistant; the other things beside it are read each time. */
const cachedParts = {
  profile: ({ assistant, profile }: WholeAssistant) => mapOf(assistant.id, profile),
  capabilities: ({ assistant, capabilities }: WholeAssistant) => mapOf(assistant.id, capabilities),
  system_prompt: ({ systemPrompt }: WholeAssistant) => mapOf(systemPrompt?.id, systemPrompt),
} as const satisfies Partial<Record<Include, (whole: WholeAssistant) => Map<string, unknown>>>;

const isCached = (name: Include): name is keyof typeof cachedParts => Object.hasOwn(cachedParts, name);

const mapOf = <T>(id: string | undefined, value: T | undefined): Map<string, T> =>
  new Map(id === undefined || value === undefined ? [] : [[id, value]]);

/** One assistant with what is to be shown beside it. @throws AppError assistant.not_found */
export async function showOne(
  from: { readonly read: Readers; readonly cached: AssistantCache },
  userId: string,
  idOrSlug: string,
  include: readonly Include[],
): Promise<{ readonly assistant: Assistant; readonly included: Included }> {
  const kept = include.filter(isCached);
  const others = include.filter((name) => !isCached(name));
  const { assistant, parts } = await load(from.cached, userId, idOrSlug, kept);
  return {
    assistant,
    included: { ...parts, ...(await loadIncludes(from.read, userId, [assistant], others)) },
  };
}

async function load(
  cached: AssistantCache,
  userId: string,
  idOrSlug: string,
  names: readonly (keyof typeof cachedParts)[],
): Promise<{ readonly assistant: Assistant; readonly parts: Included }> {
  if (names.length === 0) return { assistant: await cached.core(userId, idOrSlug), parts: {} };
  const whole = await cached.whole(userId, idOrSlug);
  const parts = Object.fromEntries(names.map((name) => [name, cachedParts[name](whole)]));
  return { assistant: whole.assistant, parts };
}
