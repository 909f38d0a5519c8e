import type { Page, PageRequest } from '#db/page.ts';
import type { Readers } from '#db/stores.ts';
import type { ChainPlace } from '#db/stores/memory-chain-store.ts';
import type { Memory } from '#shared/domain/memory.ts';

/** A memory in its place. */
export interface ChainEntry extends Omit<ChainPlace, 'memoryId'> {
  readonly memory: Memory;
}

/** The memories of a chain of this user in their places. */
export async function readEntries(
  read: Readers,
  userId: string,
  chainId: string,
  page: PageRequest,
): Promise<Page<ChainEntry>> {
  const places = await read.memoryChains.places(chainId, page);
  const ids = places.items.map((place) => place.memoryId);
  const memories = await read.memories.findMany(userId, ids);
  const byId = new Map(memories.map((memory) => [memory.id, memory]));
  const items = places.items.flatMap(({ memoryId, ...place }) => {
    const memory = byId.get(memoryId);
    return memory === undefined ? [] : [{ ...place, memory }];
  });
  return { items, nextAfter: places.nextAfter };
}
