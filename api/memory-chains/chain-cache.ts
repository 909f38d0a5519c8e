import type { Page } from '#db/page.ts';
import type { CachePlan } from '#shared/cache/cache.ts';
import { withTimes } from '#shared/cache/revive.ts';
import type { MemoryChain } from '#shared/domain/memory.ts';
import type { ChainEntry } from './read-entries.ts';

const TIMES = ['createdAt', 'updatedAt'] as const;

/** How a chain is cached. */
export const chainPlan = (ttlMs: number): CachePlan<MemoryChain> => ({
  kind: 'chain',
  ttlMs,
  revive: (stored) => withTimes(stored as MemoryChain, [...TIMES, 'summarisedAt']),
});

/** How the entries of a chain are cached. */
export const entriesPlan = (ttlMs: number): CachePlan<Page<ChainEntry>> => ({
  kind: 'chain',
  ttlMs,
  revive: (stored) => {
    const { items, nextAfter } = stored as Page<ChainEntry>;
    return { items: items.map(reviveEntry), nextAfter };
  },
});

const reviveEntry = ({ memory, ...place }: ChainEntry): ChainEntry => ({
  ...withTimes(place, ['createdAt']),
  memory: withTimes(memory, TIMES),
});
