import type { Belongings } from '#db/stores/assistant-deletion-store.ts';

const NAMES = [
  ['documents', 'document', 'documents'],
  ['memories', 'memory', 'memories'],
  ['conversations', 'conversation', 'conversations'],
  ['children', 'child', 'children'],
] as const;

/** What keeps an assistant from being deleted, counted, in a sentence; undefined when nothing does. */
export function inUseDetail(belongings: Belongings): string | undefined {
  const counted = NAMES.filter(([key]) => belongings[key] > 0).map(
    ([key, one, many]) => `${belongings[key]} ${belongings[key] === 1 ? one : many}`,
  );
  return counted.length === 0 ? undefined : `It still has ${counted.join(', ')}.`;
}
