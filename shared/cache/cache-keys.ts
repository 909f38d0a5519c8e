import type { CacheSubject } from './cache-subject.ts';

/** Sends one command to Redis; rejects when it does not answer in time. */
export type SendCommand = <T>(command: string[]) => Promise<T>;

/** Characters of the longest entry: more is not stored, and not read where somebody else has put it there. */
export const MOST_CHARACTERS = 512 * 1024;

/** Parts of one subject, such as pages of a list; one more, and it begins anew. */
const MOST_PARTS = 64;

/** What was deleted is not stored again by a reader that has begun before, in ms: no statement takes longer. */
const GONE_MS = 120_000;

const READ = `
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'none' then return {} end
if kind ~= 'hash' or redis.call('HSTRLEN', KEYS[1], 'stamp') > 200
  or redis.call('HSTRLEN', KEYS[1], ARGV[1]) > tonumber(ARGV[2]) then return {'', ''} end
return redis.call('HMGET', KEYS[1], 'stamp', ARGV[1])`;

const STORE = `
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then redis.call('DEL', KEYS[1]) end
local held = redis.call('HGET', KEYS[1], 'stamp')
if held == 'gone' then return 0 end
if held ~= ARGV[1] or redis.call('HLEN', KEYS[1]) > tonumber(ARGV[5]) then redis.call('DEL', KEYS[1]) end
redis.call('HSET', KEYS[1], 'stamp', ARGV[1], ARGV[2], ARGV[3])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
return 1`;

const ERASE = `
for i, key in ipairs(KEYS) do
  redis.call('DEL', key)
  if i <= tonumber(ARGV[1]) then
    redis.call('HSET', key, 'stamp', 'gone')
    redis.call('PEXPIRE', key, ARGV[2])
  end
end`;

/** Entries in Redis: a hash a subject, with the stamp that holds for all of its parts. */
export interface CacheKeys {
  /** Undefined when there is none; an empty stamp and text for what is not of ours. */
  read(subject: CacheSubject, part: string): Promise<{ stamp: string; text: string } | undefined>;
  store(
    subject: CacheSubject,
    part: string,
    entry: { stamp: string; text: string; ttlMs: number },
  ): Promise<void>;
  /** Removes entries; those of what is gone cannot come back. */
  erase(gone: readonly CacheSubject[], changed: readonly CacheSubject[]): Promise<void>;
}

/** @param prefix ends with the version of the form of all values, so that no other version's are read */
export function createCacheKeys(send: SendCommand, prefix: string): CacheKeys {
  // The owner stands in the key: whatever goes wrong elsewhere, nobody is served what was stored for somebody else.
  const keyOf = ({ kind, userId, id }: CacheSubject): string => `${prefix}:${userId}:${kind}:${id}`;
  const field = (part: string): string => `part:${part}`;
  return {
    read: async (subject, part) => {
      const [stamp, text] = await send<(string | null)[]>([
        'EVAL',
        READ,
        '1',
        keyOf(subject),
        field(part),
        String(MOST_CHARACTERS * 3),
      ]);
      if (stamp === undefined || text === undefined || text === null) return undefined;
      return { stamp: stamp ?? '', text };
    },
    store: async (subject, part, { stamp, text, ttlMs }) => {
      const given = [stamp, field(part), text, String(Math.ceil(ttlMs)), String(MOST_PARTS)];
      await send(['EVAL', STORE, '1', keyOf(subject), ...given]);
    },
    erase: async (gone, changed) => {
      const keys = [...gone, ...changed].map(keyOf);
      if (keys.length === 0) return;
      await send(['EVAL', ERASE, String(keys.length), ...keys, String(gone.length), String(GONE_MS)]);
    },
  };
}
