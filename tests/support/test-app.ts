import { createApiContext } from '#api/context.ts';
import type { ApiContext, ApiOverrides } from '#api/context.ts';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { serve } from '#api/serve.ts';
import type { Env } from '#shared/config/env.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { testConfig } from './test-config.ts';

/** The API on a free port, with a database and a Redis prefix of its own. */
export interface TestApp extends AsyncDisposable {
  readonly url: string;
  readonly metricsUrl: string;
  readonly context: ApiContext;
  readonly endpoints: readonly AnyEndpoint[];
  readonly database: TestDatabase;
  /** Stops serving, as SIGTERM does; disposing does it as well. */
  close(): Promise<void>;
}

export interface TestAppOptions {
  readonly overrides?: ApiOverrides;
  /** Host and port by which the API reaches PostgreSQL, where a test puts something in between. */
  readonly databaseHost?: string;
}

/** @param env settings that this test wants otherwise */
export async function startTestApp(env: Env = {}, options: TestAppOptions = {}): Promise<TestApp> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await createTestDatabase());
  const databaseUrl = new URL(database.url);
  databaseUrl.host = options.databaseHost ?? databaseUrl.host;
  const config = testConfig({ DATABASE_URL: databaseUrl.href, ...env });
  const context = stack.use(await createApiContext(config, options.overrides));
  const api = await serve(context);
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= api.close());
  stack.defer(close);
  const disposables = stack.move();
  return {
    url: api.url,
    metricsUrl: `http://127.0.0.1:${api.metricsPort}/metrics`,
    context,
    endpoints: api.endpoints,
    database,
    close,
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}
