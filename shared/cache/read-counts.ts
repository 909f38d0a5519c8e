import type { Logger } from '../logging/logger.ts';
import type { SendCommand } from './cache-keys.ts';

/** Which things are read most, counted by all processes together, with reads of long ago counting less and less. */
export interface ReadCounts {
  /** Counts one read; it is told to Redis later. */
  note(member: string): void;
  /** Tells Redis what has been counted, and lets older reads fade once a period. What Redis does not take is dropped. */
  flush(): Promise<void>;
  /** The most read, best first; none without Redis. */
  top(limit: number): Promise<string[]>;
}

export interface ReadCountsOptions {
  readonly send: SendCommand;
  readonly key: string;
  readonly logger: Logger;
  /** Time in which the reads of before lose half of their weight, in ms. */
  readonly halfLifeMs: number;
}

/** Members that Redis remembers, and that one process counts between two flushes. */
const MOST_MEMBERS = 2_000;

/** Adds counts; the first of a period halves what there is. Keeps the best, and forgets all when nobody counts. */
const ADD = `
if redis.call('TYPE', KEYS[1]).ok ~= 'zset' then redis.call('DEL', KEYS[1]) end
if redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[1]) then
  redis.call('ZUNIONSTORE', KEYS[1], '1', KEYS[1], 'WEIGHTS', '0.5')
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '0.1')
end
for i = 3, #ARGV, 2 do redis.call('ZINCRBY', KEYS[1], ARGV[i + 1], ARGV[i]) end
redis.call('ZREMRANGEBYRANK', KEYS[1], '0', -1 - tonumber(ARGV[2]))
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[1]) * 20)`;

export function createReadCounts({ send, key, logger, halfLifeMs }: ReadCountsOptions): ReadCounts {
  const counted = new Map<string, number>();
  return {
    note: (member) => {
      const count = counted.get(member);
      if (count !== undefined || counted.size < MOST_MEMBERS) counted.set(member, (count ?? 0) + 1);
    },
    flush: async () => {
      const given = [...counted].flatMap(([member, count]) => [member, String(count)]);
      counted.clear();
      try {
        const limits = [String(halfLifeMs), String(MOST_MEMBERS)];
        await send(['EVAL', ADD, '2', key, `${key}:faded`, ...limits, ...given]);
      } catch (error) {
        logger.debug({ err: error }, 'reads were not counted');
      }
    },
    top: async (limit) => {
      try {
        return await send<string[]>(['ZRANGE', key, '0', String(limit - 1), 'REV']);
      } catch (error) {
        logger.debug({ err: error }, 'the most read cannot be looked up');
        return [];
      }
    },
  };
}
