import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createApiContext } from '#api/context.ts';
import type { ApiContext } from '#api/context.ts';
import { serve } from '#api/serve.ts';
import type { Env } from '#shared/config/env.ts';
import { HttpClient, registerUser } from './http-client.ts';
import type { Json, TestUser } from './http-client.ts';
import { startTestApp } from './test-app.ts';
import type { TestApp } from './test-app.ts';
import { waitFor } from './wait-for.ts';
import { insertLife, lifeId } from './whole-life-rows.ts';
import type { Kind } from './whole-life-rows.ts';

/** Two API processes' worth of contexts that share database and Redis, and a third one that caches nothing. */
export interface CachedPair extends AsyncDisposable {
  readonly app: TestApp;
  readonly second: ApiContext;
  readonly plain: ApiContext;
  /** A user with a whole life of eight rows of each kind, logged in everywhere. */
  newUser(): Promise<PairUser>;
}

export interface PairUser extends TestUser {
  /** Of both caching instances. */
  readonly clients: readonly [HttpClient, HttpClient];
  /** Of the instance that caches nothing. */
  readonly plain: HttpClient;
  readonly ids: Readonly<Record<'assistant' | 'prompt' | 'chain' | 'memory' | 'document', string>>;
  /** What is cached: paths. */
  readonly paths: readonly string[];
}

/** @param env settings of the instances that cache; `secondRedis` is the cache of the second, where it is another address */
export async function startCachedPair(env: Env = {}, secondRedis?: string): Promise<CachedPair> {
  await using stack = new AsyncDisposableStack();
  const shared: Env = {
    REDIS_KEY_PREFIX: `test-${randomBytes(6).toString('hex')}`,
    CACHE_WARM_ASSISTANTS: '0',
    AUTH_SIGNING_KEYS: randomBytes(32).toString('base64url'),
    CSRF_SECRET: randomBytes(32).toString('base64url'),
    CREDENTIAL_KEYS: `test:${randomBytes(32).toString('base64url')}`,
    ...env,
  };
  const app = stack.use(await startTestApp(shared));
  const { config } = app.context;
  const beside = async (other: typeof config): Promise<{ context: ApiContext; url: string }> => {
    const context = stack.use(await createApiContext(other));
    const api = await serve(context);
    stack.defer(() => api.close());
    return { context, url: api.url };
  };
  const second = await beside({
    ...config,
    redis: { ...config.redis, cacheUrl: secondRedis ?? config.redis.cacheUrl },
  });
  const none = { assistantTtlMs: 0, chainTtlMs: 0, chunksTtlMs: 0, warmAssistants: 0 };
  const plain = await beside({ ...config, cache: none });
  const owned = stack.move();
  return {
    app,
    second: second.context,
    plain: plain.context,
    newUser: async () => {
      const user = await registerUser(app);
      await insertLife(app.database, [user.id], 8);
      // The rows are bare; those of the chain's entries were not counted.
      const count = `(select count(*) from memory_chain_entries e where e.chain_id = c.id)`;
      await app.database.sql(`update memory_chains c set entry_count = ${count} where user_id = $1`, [
        user.id,
      ]);
      const kinds: Kind[] = ['assistant', 'prompt', 'chain', 'memory', 'document'];
      const ids = Object.fromEntries(
        await Promise.all(
          kinds.map(async (kind) => [kind, await lifeId(app.database, kind, user.id)] as const),
        ),
      ) as PairUser['ids'];
      return {
        ...user,
        clients: [user.client, sameUser(user.client, second.url)],
        plain: sameUser(user.client, plain.url),
        ids,
        paths: [
          `assistants/${ids.assistant}`,
          `assistants/${ids.assistant}?include=profile,capabilities,system_prompt`,
          `memory-chains/${ids.chain}`,
          `memory-chains/${ids.chain}/entries?limit=100`,
          `memory-chains/${ids.chain}/entries?limit=3`,
          `documents/${ids.document}/chunks?limit=100`,
          `documents/${ids.document}/chunks?limit=3`,
        ],
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The same browser at another instance. */
function sameUser(client: HttpClient, url: string): HttpClient {
  const other = new HttpClient(url);
  for (const [name, value] of client.cookies) other.cookies.set(name, value);
  other.csrfToken = client.csrfToken;
  return other;
}

/** What is answered, whatever it is. */
export async function answerOf(client: HttpClient, path: string): Promise<Json> {
  const { status, body } = await client.get(path);
  assert.ok(status < 500, `${path}: ${status}`);
  return status === 200 ? body : status;
}

/** Paths at which a caching instance does not answer what the tables say. */
export async function stalePaths(user: PairUser): Promise<string[]> {
  const stale: string[] = [];
  await Promise.all(
    user.paths.map(async (path) => {
      const [truth, ...answers] = await Promise.all(
        [user.plain, ...user.clients].map((client) => answerOf(client, path)),
      );
      answers.forEach((answer, index) => {
        if (JSON.stringify(answer) !== JSON.stringify(truth)) stale.push(`instance ${index}: ${path}`);
      });
    }),
  );
  return stale;
}

/** How often a cache answered so, of one instance. */
export async function cacheCount(context: ApiContext, outcome: string, cache?: string): Promise<number> {
  const { values } = await context.metrics.cacheRequests.get();
  return values
    .filter(({ labels }) => labels.outcome === outcome && (cache === undefined || labels.cache === cache))
    .reduce((sum, { value }) => sum + value, 0);
}

/**
 * Does something until both instances had their Redis all the while: on a busy machine its answer may be late, and then they
 * do without.
 */
export function undisturbed<T>({ app, second }: CachedPair, work: () => Promise<T>): Promise<T> {
  const bypassed = async () =>
    (await cacheCount(app.context, 'bypass')) + (await cacheCount(second, 'bypass'));
  return waitFor(
    async () => {
      const before = await bypassed();
      const result = { is: await work() };
      return (await bypassed()) === before && result;
    },
    { description: 'Redis to answer in time' },
  ).then(({ is }) => is);
}
