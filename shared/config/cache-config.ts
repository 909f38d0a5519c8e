import type { SettingName } from './settings.ts';

/** How long what is cached, in ms; 0 is not at all. */
export interface CacheConfig {
  readonly assistantTtlMs: number;
  readonly chainTtlMs: number;
  readonly chunksTtlMs: number;
  /** Most read assistants that are kept warm. */
  readonly warmAssistants: number;
}

type Get = <T>(name: SettingName) => T;

export const cacheConfig = (get: Get): CacheConfig => ({
  assistantTtlMs: get<number>('CACHE_ASSISTANT_TTL_SECONDS') * 1000,
  chainTtlMs: get<number>('CACHE_CHAIN_TTL_SECONDS') * 1000,
  chunksTtlMs: get<number>('CACHE_CHUNKS_TTL_SECONDS') * 1000,
  warmAssistants: get('CACHE_WARM_ASSISTANTS'),
});
