import type { SendCommand } from '#api/http/rate-limits.ts';
import type { Logger } from '#shared/logging/logger.ts';

/** Something whose failures are counted: from failure `free` on, the next try waits `baseMs`, then twice that, ... */
export interface Counted {
  readonly key: string;
  readonly free: number;
  readonly baseMs: number;
}

export interface GuessCounters {
  /** Counts a try against all of them, or none if one of them has to wait. @returns ms to wait, 0 for go ahead */
  take(counted: readonly Counted[]): Promise<number>;
  /** Takes a try back that turned out good. */
  giveBack(keys: readonly string[]): Promise<void>;
  forget(keys: readonly string[]): Promise<void>;
}

/** Longest wait, and the time in which one counted failure is forgotten, in ms. */
export const MAX_WAIT_MS = 15 * 60_000;

/** The same arithmetic as {@link createMemoryCounters}, in one step that no other instance can come between. */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local most = tonumber(ARGV[1])
local wait = 0
for _, key in ipairs(KEYS) do
  wait = math.max(wait, tonumber(redis.call('HGET', key, 'next') or 0) - now)
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  local free, base = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local old = redis.call('HMGET', key, 'failures', 'at')
  local forgotten = math.floor((now - tonumber(old[2] or now)) / most)
  local failures = math.max(0, tonumber(old[1] or 0) - forgotten) + 1
  local delay = failures < free and 0 or math.min(most, base * 2 ^ (failures - free))
  redis.call('HSET', key, 'failures', failures, 'at', string.format('%.0f', now), 'next', string.format('%.0f', now + delay))
  redis.call('PEXPIRE', key, string.format('%.0f', (failures + 1) * most))
end
return 0`;

const GIVE_BACK = `
for _, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 then
    redis.call('HINCRBY', key, 'failures', -1)
    redis.call('HDEL', key, 'next')
  end
end
return 0`;

/** Counters that all instances share. Every method rejects at once while Redis is away. */
function createRedisCounters(prefix: string, sendCommand: SendCommand): GuessCounters {
  const run = async (script: string, keys: readonly string[], args: readonly number[]): Promise<number> => {
    const named = keys.map((key) => `${prefix}:${key}`);
    return Number(await sendCommand(['EVAL', script, String(keys.length), ...named, ...args.map(String)]));
  };
  return {
    take: (counted) =>
      run(
        TAKE,
        counted.map(({ key }) => key),
        [MAX_WAIT_MS, ...counted.flatMap(({ free, baseMs }) => [free, baseMs])],
      ),
    giveBack: async (keys) => {
      await run(GIVE_BACK, keys, []);
    },
    forget: async (keys) => {
      await sendCommand(['DEL', ...keys.map((key) => `${prefix}:${key}`)]);
    },
  };
}

/** Keys one process remembers; a flood of them pushes out the oldest. */
const MOST_KEYS = 100_000;

/** Counters of this process alone. */
export function createMemoryCounters(now: () => number = Date.now): GuessCounters {
  const entries = new Map<string, { failures: number; at: number; next: number }>();
  const take = (counted: readonly Counted[]): number => {
    const time = now();
    const wait = Math.max(0, ...counted.map(({ key }) => (entries.get(key)?.next ?? 0) - time));
    if (wait > 0) return wait;
    for (const { key, free, baseMs } of counted) {
      const old = entries.get(key) ?? { failures: 0, at: time };
      const forgotten = Math.floor((time - old.at) / MAX_WAIT_MS);
      const failures = Math.max(0, old.failures - forgotten) + 1;
      const delay = failures < free ? 0 : Math.min(MAX_WAIT_MS, baseMs * 2 ** (failures - free));
      entries.delete(key);
      entries.set(key, { failures, at: time, next: time + delay });
    }
    for (const key of entries.keys()) {
      if (entries.size <= MOST_KEYS) break;
      entries.delete(key);
    }
    return 0;
  };
  return {
    take: (counted) => Promise.resolve(take(counted)),
    giveBack: (keys) => {
      for (const key of keys) {
        const entry = entries.get(key);
        if (entry !== undefined) entries.set(key, { ...entry, failures: entry.failures - 1, next: 0 });
      }
      return Promise.resolve();
    },
    forget: (keys) => {
      for (const key of keys) entries.delete(key);
      return Promise.resolve();
    },
  };
}

export interface GuessCountersOptions {
  readonly prefix: string;
  readonly sendCommand: SendCommand;
  readonly logger: Logger;
}

/** Counts in Redis; while that is away, in this process, so that an outage neither opens the gates nor shuts them. */
export function createGuessCounters({ prefix, sendCommand, logger }: GuessCountersOptions): GuessCounters {
  const shared = createRedisCounters(`${prefix}:guess`, sendCommand);
  const local = createMemoryCounters();
  let down = false;
  const either = async <T>(work: (counters: GuessCounters) => Promise<T>): Promise<T> => {
    try {
      const result = await work(shared);
      down = false;
      return result;
    } catch (error) {
      if (!down) logger.warn({ err: error }, 'failed logins are counted in memory');
      down = true;
      return work(local);
    }
  };
  return {
    take: (counted) => either((counters) => counters.take(counted)),
    giveBack: (keys) => either((counters) => counters.giveBack(keys)),
    forget: (keys) => either((counters) => counters.forget(keys)),
  };
}
