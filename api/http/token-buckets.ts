/** How much each key may do: `capacity` at once, and `perSecond` of it again as time goes by. */
export interface TokenBucketOptions {
  readonly capacity: number;
  readonly perSecond: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** So many a minute, a sixth of them at once. */
export const perMinuteLimits = (perMinute: number): Pick<TokenBucketOptions, 'capacity' | 'perSecond'> => ({
  capacity: perMinute / 6,
  perSecond: perMinute / 60,
});

/** Token buckets of this process, one a key; a key that was never charged has a full one. */
export interface TokenBuckets {
  /** Keys that are remembered. */
  readonly size: number;
  /** Seconds until something is left, 0 if there is. */
  secondsUntilFree(key: string): number;
  /** Takes tokens, more than there are if need be: what has been done is done. */
  charge(key: string, tokens: number): void;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** From here on buckets that are full again are looked for and forgotten. */
const SWEEP_AT = 10_000;

/** No other key can use up what one has, and the keys that are remembered are those that were charged of late. */
export function createTokenBuckets(options: TokenBucketOptions): TokenBuckets {
  const { capacity, perSecond, now = () => performance.now() } = options;
  const buckets = new Map<string, Bucket>();
  let sweepAt = SWEEP_AT;
  const tokensNow = ({ tokens, at }: Bucket, time: number): number =>
    Math.min(capacity, tokens + ((time - at) / 1000) * perSecond);
  const sweep = (time: number): void => {
    for (const [key, bucket] of buckets) if (tokensNow(bucket, time) >= capacity) buckets.delete(key);
    // However many are in use, each sweep is paid for by as many charges.
    sweepAt = Math.max(SWEEP_AT, buckets.size * 2);
  };
  return {
    get size() {
      return buckets.size;
    },
    secondsUntilFree: (key) => {
      const bucket = buckets.get(key);
      const tokens = bucket === undefined ? capacity : tokensNow(bucket, now());
      return tokens > 0 ? 0 : Math.max(1, Math.ceil(-tokens / perSecond));
    },
    charge: (key, tokens) => {
      const time = now();
      const bucket = buckets.get(key);
      // No deeper than one bucket below nothing, lest an address pays for an hour what it did in a second.
      const left = Math.max(-capacity, (bucket === undefined ? capacity : tokensNow(bucket, time)) - tokens);
      buckets.set(key, { tokens: left, at: time });
      if (buckets.size >= sweepAt) sweep(time);
    },
  };
}
