import type { AssistantIncludeReader } from '#db/queries/assistant-includes.ts';
import type { Readers } from '#db/stores.ts';
import type { ListedAssistant } from '#db/stores/assistant-store.ts';
import type {
  AssistantCapabilities,
  AssistantProfile,
  Prompt,
  Relative,
} from '#shared/domain/assistant-parts.ts';
import type { Include } from './include-schemas.ts';

type Loaded<K extends keyof AssistantIncludeReader> = Awaited<ReturnType<AssistantIncludeReader[K]>>;

/** What was asked for beside assistants, by assistant; of parents and prompts by their own ids. */
export interface Included {
  readonly system_prompt?: Map<string, Prompt>;
  readonly parent?: Map<string, Relative>;
  readonly children?: Loaded<'children'>;
  readonly documents?: Loaded<'documents'>;
  readonly memories?: Loaded<'memories'>;
  readonly profile?: Map<string, AssistantProfile>;
  readonly capabilities?: Map<string, AssistantCapabilities>;
  readonly metrics?: Loaded<'metrics'>;
}

type Loader<K extends Include> = (
  read: Readers,
  userId: string,
  assistants: readonly ListedAssistant[],
) => Promise<NonNullable<Included[K]>>;

const idsOf = (assistants: readonly ListedAssistant[]): string[] => assistants.map(({ id }) => id);
const known = (ids: readonly (string | null)[]): string[] => [
  ...new Set(ids.filter((id): id is string => id !== null)),
];

/** One statement each, however many assistants there are. */
const loaders: { readonly [K in Include]: Loader<K> } = {
  system_prompt: async (read, userId, assistants) => {
    const ids = known(assistants.map(({ systemPromptId }) => systemPromptId));
    const prompts = await read.prompts.findMany(userId, ids);
    return new Map(prompts.map((prompt) => [prompt.id, prompt]));
  },
  parent: (read, userId, assistants) =>
    read.assistantIncludes.relatives(userId, known(assistants.map(({ parentId }) => parentId))),
  children: (read, userId, assistants) => read.assistantIncludes.children(userId, idsOf(assistants)),
  documents: (read, userId, assistants) => read.assistantIncludes.documents(userId, idsOf(assistants)),
  memories: (read, userId, assistants) => read.assistantIncludes.memories(userId, idsOf(assistants)),
  profile: (read, userId, assistants) => read.assistantParts.profiles(userId, idsOf(assistants)),
  capabilities: (read, userId, assistants) => read.assistantParts.capabilities(userId, idsOf(assistants)),
  metrics: (read, userId, assistants) => read.assistantIncludes.metrics(userId, idsOf(assistants)),
};

/** Reads what is to be shown beside these assistants. */
export async function loadIncludes(
  read: Readers,
  userId: string,
  assistants: readonly ListedAssistant[],
  names: readonly Include[],
): Promise<Included> {
  const loaded = await Promise.all(
    names.map(async (name) => [name, await loaders[name](read, userId, assistants)] as const),
  );
  return Object.fromEntries(loaded);
}
