import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createCacheEntries } from './cache-entry.ts';
import type { CacheEntries, CacheEntry, EntryPlace } from './cache-entry.ts';
import { createCacheKeys, MOST_CHARACTERS } from './cache-keys.ts';
import type { SendCommand } from './cache-keys.ts';
import type { CacheKind, CacheSubject, Stamps } from './cache-subject.ts';
import { createSharedLoads } from './shared-loads.ts';

/** One kind of cached values. */
export interface CachePlan<T> {
  readonly kind: CacheKind;
  /** 0 caches nothing. */
  readonly ttlMs: number;
  /** Makes a value of what JSON has kept of it. */
  revive(stored: unknown): T;
}

export interface Cache {
  /**
   * The value of this part of a subject: from the cache where the stamp says that it is good, or loaded, once for all who
   * ask at the same time. Never older than the last write that had been answered before the call. Redis may be away, frozen
   * or full of nonsense.
   *
   * @throws what `load` throws; nothing is kept then
   */
  getOrLoad<T>(
    plan: CachePlan<T>,
    subject: Omit<CacheSubject, 'kind'>,
    part: string,
    load: () => Promise<T>,
    how?: { readonly unmeasured?: boolean },
  ): Promise<T>;
}

export interface CacheOptions {
  readonly send: SendCommand;
  readonly stamps: Stamps;
  readonly prefix: string;
  /** Of the installation; see {@link createCacheEntries}. */
  readonly secret: string;
  readonly metrics: Pick<Metrics, 'cacheRequests'>;
  readonly logger: Logger;
  /** 0 to below 1. */
  readonly random?: () => number;
  /** Unix time in ms. */
  readonly now?: () => number;
}

/** Version of the form of all cached values; another one reads none of them. */
const FORM = 1;

/** For how long Redis is left alone after it did not answer, in ms. */
const PAUSE_MS = 1_000;

/** For how long a loaded value is kept here, in ms, for those who looked for it in Redis before it was stored there. */
const LINGER_MS = 250;

/** Share of its time by which a value may expire earlier, so that what was stored together does not expire together. */
const JITTER = 0.1;

/** The keys of an installation, for whoever erases them. */
export const cacheKeysOf = (send: SendCommand, prefix: string) =>
  createCacheKeys(send, `${prefix}:cache:${FORM}`);

export function createCache(options: CacheOptions): Cache {
  const { send, stamps, metrics, logger, random = Math.random, now = Date.now } = options;
  const keys = cacheKeysOf(send, options.prefix);
  const entries = createCacheEntries(options.secret);
  const flights = new Map<string, Promise<unknown>>();
  const alone = createSharedLoads();
  let awayUntil = 0;
  /** Runs a command on Redis; undefined when it fails, and Redis is left alone for a moment. */
  const attempt = async <T>(command: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await command();
    } catch (error) {
      awayUntil = now() + PAUSE_MS;
      logger.debug({ err: error }, 'the cache does without Redis');
      return undefined;
    }
  };
  const store = async (
    subject: CacheSubject,
    part: string,
    stamp: string,
    entry: CacheEntry,
  ): Promise<void> => {
    const text = entries.encode({ subject, part, stamp }, entry);
    if (text.length > MOST_CHARACTERS || now() < awayUntil) return;
    await attempt(() => keys.store(subject, part, { stamp, text, ttlMs: entry.expiresAt - now() }));
  };
  /** Joins whoever is loading the same of the same stamp: what they will have is as new as this caller may ask. */
  const loadOnce = <T>(place: Place<T>, load: () => Promise<T>): Promise<T> => {
    const { plan, subject, part, stamp } = place;
    const flight = `${subject.userId} ${subject.kind} ${subject.id} ${part} ${stamp}`;
    const flying = flights.get(flight) as Promise<T> | undefined;
    if (flying !== undefined) return flying;
    const begun = now();
    const loading = (async () => {
      const value = await stamps.beside(load);
      const expiresAt = now() + plan.ttlMs * (1 - JITTER * random());
      void store(subject, part, stamp, { value, expiresAt, loadMs: now() - begun });
      return value;
    })();
    flights.set(flight, loading);
    const forget = (): void => void flights.delete(flight);
    loading.then(() => setTimeout(forget, LINGER_MS).unref(), forget);
    return loading;
  };
  return {
    getOrLoad: async (plan, { userId, id }, part, load, how) => {
      const subject = { kind: plan.kind, userId, id };
      const count = (outcome: string): void => {
        if (how?.unmeasured !== true) metrics.cacheRequests.inc({ cache: plan.kind, outcome });
      };
      if (plan.ttlMs === 0 || !stamps.inForce()) return load();
      const name = `${userId} ${plan.kind} ${id} ${part}`;
      if (now() < awayUntil) {
        count('bypass');
        return alone(name, load);
      }
      const [stamp, held] = await Promise.all([
        stamps.of(subject),
        attempt(async () => (await keys.read(subject, part)) ?? null),
      ]);
      if (stamp === undefined || held === undefined) {
        count('bypass');
        return stamp === undefined ? load() : alone(name, load);
      }
      const place = { plan, subject, part, stamp };
      const found = judge(entries, place, held, now());
      count(found.outcome);
      if (found.entry === undefined) return loadOnce(place, load);
      // The nearer the end and the dearer the load, the likelier is one reader to renew it before it is over (Vattani,
      // Chierichetti, Lowenstein: "Optimal Probabilistic Cache Stampede Prevention", 2015).
      if (now() - found.entry.loadMs * Math.log(1 - random()) >= found.entry.expiresAt)
        void loadOnce(place, load).catch(() => undefined);
      return found.value;
    },
  };
}

interface Place<T> extends EntryPlace {
  readonly plan: CachePlan<T>;
}

type Judged<T> =
  | { readonly outcome: 'hit'; readonly entry: CacheEntry; readonly value: T }
  | { readonly outcome: 'miss' | 'stale' | 'garbage'; readonly entry?: undefined };

function judge<T>(
  entries: CacheEntries,
  place: Place<T>,
  held: { stamp: string; text: string } | null,
  time: number,
): Judged<T> {
  if (held === null) return { outcome: 'miss' };
  if (held.stamp !== place.stamp) return { outcome: held.stamp === '' ? 'garbage' : 'stale' };
  const entry = entries.decode(place, held.text);
  if (entry === undefined) return { outcome: 'garbage' };
  if (entry.expiresAt <= time) return { outcome: 'miss' };
  return { outcome: 'hit', entry, value: place.plan.revive(entry.value) };
}
