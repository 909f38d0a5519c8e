import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, MemoryStore, rateLimit } from 'express-rate-limit';
import type { IncrementResponse, Options, Store } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';
import type { Config } from '#shared/config/config.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { RateBucket } from './endpoint.ts';
import { stateOf } from './request-context.ts';

/** Counts every request that passes it. */
export type RateLimit = RequestHandler & {
  /**
   * Counts what is no request of its own, such as an operation of a batch.
   *
   * @throws AppError request.rate_limited
   */
  take(key: string): Promise<void>;
};

export type RateLimits = Readonly<Record<Exclude<RateBucket, 'none'>, RateLimit>> & {
  readonly failures: FailureLimit;
};

/** Stops whoever comes with wrong keys and sessions, before anything is looked up for them. */
export interface FailureLimit {
  /** Refuses callers who have failed too often in this minute. */
  readonly check: RequestHandler;
  /** Notes that the caller of this request is not who they say they are. */
  count(req: Request, res: Response): Promise<void>;
}

/** Sends one raw Redis command; rejects at once while Redis is away. */
export type SendCommand = (command: string[]) => Promise<boolean | number | string>;

export interface RateLimitOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly sendCommand: SendCommand;
  /** The user who has logged in from this browser before, if the request can prove it. */
  readonly deviceUser: (req: Request) => string | undefined;
}

const MINUTE = 60_000;

/** The buckets of the product: counted together by all instances, by each alone while Redis is away. */
export function createRateLimits(options: RateLimitOptions): RateLimits {
  const { limits } = options.config;
  return {
    auth: bucket('auth', limits.authAttemptsPer15Min, 15 * MINUTE, byAddress, options),
    // Whoever shares an address with an attacker still gets in from a browser that is known.
    login: bucket('login', limits.authAttemptsPer15Min, 15 * MINUTE, byDevice(options), options),
    refresh: bucket('refresh', limits.requestsPerMinute, MINUTE, bySession, options),
    default: bucket('default', limits.requestsPerMinute, MINUTE, byCaller, options),
    upload: bucket('upload', limits.uploadsPerMinute, MINUTE, byCaller, options),
    search: bucket('search', limits.requestsPerMinute, MINUTE, byCaller, options),
    failures: failureLimit(limits.requestsPerMinute, byDevice(options), options),
  };
}

/** All that the stores read of their options. */
type Window = Pick<Options, 'windowMs'>;

/** Whom a request is counted for. */
type KeyOf = (req: Request, res: Response) => string;

// One household or host usually holds a whole /64 of IPv6.
const byAddress: KeyOf = (req) => `address:${ipKeyGenerator(req.ip ?? '', 64)}`;
const byCaller: KeyOf = (req, res) => {
  const user = stateOf(res).identity?.user.id;
  return user === undefined ? byAddress(req, res) : keyOfUser(user);
};
/** Under which the requests of a user are counted. */
export const keyOfUser = (userId: string): string => `user:${userId}`;
const bySession: KeyOf = (req, res) => {
  const { familyId } = stateOf(res);
  return familyId === undefined ? byAddress(req, res) : `session:${familyId}`;
};
const byDevice =
  ({ deviceUser }: RateLimitOptions): KeyOf =>
  (req, res) => {
    const user = deviceUser(req);
    return user === undefined ? byAddress(req, res) : `device:${user}`;
  };

function bucket(
  name: string,
  limit: number,
  windowMs: number,
  keyOf: KeyOf,
  options: RateLimitOptions,
): RateLimit {
  const store = new SharedStore(`${options.config.redis.keyPrefix}:rate:${name}:`, options);
  const handler = rateLimit({
    windowMs,
    limit,
    identifier: name,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: keyOf,
    store,
    handler: (_req, res, next) => {
      const seconds = Number(res.get('retry-after') ?? Math.ceil(windowMs / 1000));
      next(new AppError('request.rate_limited', { retryAfterSeconds: seconds }));
    },
    validate: { keyGeneratorIpFallback: false },
  });
  const take = async (key: string): Promise<void> => {
    const { totalHits, resetTime } = await store.increment(key);
    if (totalHits <= limit) return;
    const left = (resetTime?.getTime() ?? Date.now() + windowMs) - Date.now();
    throw new AppError('request.rate_limited', { retryAfterSeconds: Math.max(1, Math.ceil(left / 1000)) });
  };
  return Object.assign(handler, { take });
}

/**
 * Counts failures in Redis and remembers here who has reached the limit, so that a good request costs no question. An
 * instance that has not seen it yet learns it from the next failure.
 */
function failureLimit(limit: number, keyOf: KeyOf, options: RateLimitOptions): FailureLimit {
  const store = new SharedStore(`${options.config.redis.keyPrefix}:rate:failures:`, options);
  store.init({ windowMs: MINUTE });
  const stopped = new Map<string, number>();
  return {
    check: (req, res, next) => {
      const left = (stopped.get(keyOf(req, res)) ?? 0) - Date.now();
      if (left > 0) throw new AppError('request.rate_limited', { retryAfterSeconds: Math.ceil(left / 1000) });
      next();
    },
    count: async (req, res) => {
      const key = keyOf(req, res);
      const { totalHits, resetTime } = await store.increment(key);
      if (totalHits < limit) return;
      const now = Date.now();
      for (const [other, until] of stopped) if (until <= now) stopped.delete(other);
      stopped.set(key, resetTime?.getTime() ?? now + MINUTE);
    },
  };
}

/** Counts in Redis; while that fails, in this process, so that an outage neither opens the gates nor shuts them. */
class SharedStore implements Store {
  readonly prefix: string;
  readonly #options: RateLimitOptions;
  readonly #local = new MemoryStore();
  #init: Window | undefined;
  #shared: Promise<RedisStore> | undefined;

  constructor(prefix: string, options: RateLimitOptions) {
    this.prefix = prefix;
    this.#options = options;
  }

  init(options: Window): void {
    this.#init = options;
    this.#local.init(options as Options);
    this.#local.interval?.unref();
  }

  async increment(key: string): Promise<IncrementResponse> {
    try {
      return await (await this.#redis()).increment(key);
    } catch (error) {
      // The Redis store keeps a failed script load for good, so it is made anew after every failure.
      if (this.#shared !== undefined)
        this.#options.logger.warn({ err: error }, 'rate limits count in memory');
      this.#shared = undefined;
      return this.#local.increment(key);
    }
  }

  async decrement(key: string): Promise<void> {
    await (await this.#redis()).decrement(key);
  }

  async resetKey(key: string): Promise<void> {
    await (await this.#redis()).resetKey(key);
  }

  shutdown(): void {
    this.#local.shutdown();
  }

  #redis(): Promise<RedisStore> {
    return (this.#shared ??= this.#connect());
  }

  async #connect(): Promise<RedisStore> {
    const store = new RedisStore({
      prefix: this.prefix,
      sendCommand: (...command) => this.#options.sendCommand(command),
    });
    if (this.#init !== undefined) await store.init(this.#init as Options);
    return store;
  }
}
