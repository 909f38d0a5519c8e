import { randomBytes } from 'node:crypto';
import type { Env } from '#shared/config/env.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { closeRedisClient, connectOnce, createRedisClient } from '#shared/redis/client.ts';
import { registerUser } from './http-client.ts';
import type { TestFile, TestResponse, TestUser } from './http-client.ts';
import { testServices } from './services.ts';
import { startTestApp } from './test-app.ts';
import type { TestApp } from './test-app.ts';
import { testEnv } from './test-config.ts';
import { startWorkerProcess } from './worker-process.ts';
import type { WorkerProcess } from './worker-process.ts';

/** The whole product for one test file: the API, workers in processes of their own, a database and a Redis prefix. */
export interface TestStage extends AsyncDisposable {
  readonly app: TestApp;
  /** Plain SQL in the stage's database. */
  readonly sql: <T = Record<string, unknown>>(text: string, values?: unknown[]) => Promise<T[]>;
  /** Settings that the processes of this stage share. */
  readonly env: Env;
  /** Starts a worker; those that still run at the end are killed. */
  startWorker(env?: Env): Promise<WorkerProcess>;
  /** Registers a user with an assistant. */
  newOwner(): Promise<Owner>;
  /** Deletes every key of this stage in Redis, as FLUSHALL would, and says how many there were. */
  emptyRedis(): Promise<number>;
}

/** @param env settings of API and workers that this file wants otherwise */
export async function startStage(env: Env = {}): Promise<TestStage> {
  await using stack = new AsyncDisposableStack();
  const prefix = `test-${randomBytes(6).toString('hex')}`;
  // All processes of an installation have the same keys.
  const keys = { CREDENTIAL_KEYS: `test:${randomBytes(32).toString('base64url')}` };
  const app = stack.use(await startTestApp({ ...keys, ...env, REDIS_KEY_PREFIX: prefix }));
  stack.defer(() => emptyRedis(prefix).then(() => undefined));
  const shared = testEnv({
    JOB_LEASE_MS: '1000',
    RELAY_INTERVAL_MS: '100',
    ...keys,
    ...env,
    DATABASE_URL: app.database.url,
    REDIS_KEY_PREFIX: prefix,
  });
  const owned = stack.move();
  return {
    app,
    sql: (text, values) => app.database.sql(text, values),
    env: shared,
    startWorker: async (more = {}) =>
      owned.use(await startWorkerProcess({ ...shared, LOG_LEVEL: 'info', ...more })),
    newOwner: () => newOwner(app),
    emptyRedis: () => emptyRedis(prefix),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A user with an assistant, and what such a user does with documents. */
export interface Owner extends TestUser {
  readonly assistantId: string;
  uploadText(title: string, text: string): Promise<TestResponse>;
  uploadFile(file: TestFile, fields?: Readonly<Record<string, string>>): Promise<TestResponse>;
}

async function newOwner(app: TestApp): Promise<Owner> {
  const user = await registerUser(app);
  const made = await user.client.post('assistants', { name: 'Librarian' });
  if (made.status !== 201) throw new Error(`assistant: ${made.status} ${JSON.stringify(made.body)}`);
  const assistantId = made.body.data.id as string;
  return {
    ...user,
    assistantId,
    uploadText: (title, text) => user.client.post('documents', { assistant_id: assistantId, title, text }),
    uploadFile: (file, fields = {}) =>
      user.client.upload('documents', { assistant_id: assistantId, ...fields }, file),
  };
}

async function emptyRedis(prefix: string): Promise<number> {
  const logger = createLogger({ level: 'silent', service: 'test' });
  const client = createRedisClient({ url: testServices().redisUrl, name: 'stage', logger, failFast: true });
  await connectOnce(client);
  try {
    let deleted = 0;
    for await (const keys of client.scanIterator({ MATCH: `${prefix}:*`, COUNT: 500 }))
      if (keys.length > 0) deleted += await client.del(keys);
    return deleted;
  } finally {
    closeRedisClient(client);
  }
}
