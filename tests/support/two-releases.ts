import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '#scripts/services/free-port.ts';
import type { Env } from '#shared/config/env.ts';
import { startApiProcess } from './api-process.ts';
import { findViolations, openJobs } from './chaos/invariants.ts';
import type { EarlierRelease } from './earlier-release.ts';
import { registerUser } from './http-client.ts';
import type { HttpClient } from './http-client.ts';
import { startLoadBalancer } from './load-balancer.ts';
import { talk, useEverything } from './newer-schema.ts';
import type { ProductProcess } from './product-process.ts';
import { testEnv } from './test-config.ts';
import { createTestDatabase } from './test-database.ts';
import { waitFor } from './wait-for.ts';
import { startWorkerProcess } from './worker-process.ts';

export interface TwoReleasesReport {
  readonly requests: number;
  /** Replies that an earlier release, while it stopped, refused to begin, and that were asked for again. */
  readonly again: number;
  readonly jobs: number;
  readonly migrated: number;
  /** What went wrong, in words. */
  readonly failures: readonly string[];
}

const FIRST_PORT = 31_000;
const ROOT = new URL('../../', import.meta.url).pathname;

/**
 * An upgrade and the way back, with people at work all the time: API and worker of an earlier release serve; the schema is
 * migrated; those of now come beside them; the old ones go; the old ones come back and the new ones go.
 *
 * @param rounds of requests at each of these stages
 */
export async function serveByTwoReleases(
  earlier: EarlierRelease,
  rounds: number,
): Promise<TwoReleasesReport> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await createTestDatabase());
  await database.database.rollback();
  const env = testEnv({
    DATABASE_URL: database.url,
    LOG_LEVEL: 'info',
    JOB_LEASE_MS: '5000',
    RELAY_INTERVAL_MS: '200',
    SHUTDOWN_NOTICE_MS: '1000',
    SHUTDOWN_TIMEOUT_MS: '20000',
  });
  await migrate(earlier.folder, env);
  const first = await freePort(FIRST_PORT);
  const ports = { old: first, new: await freePort(first + 1) };
  const start = async (kind: 'old' | 'new'): Promise<ProductProcess[]> => {
    const root = kind === 'old' ? earlier.folder : ROOT;
    const started: ProductProcess[] = [];
    // One by one, so that what has started is ended whatever happens to the next.
    started.push(stack.use(await startApiProcess({ ...env, PORT: String(ports[kind]) }, root)));
    started.push(stack.use(await startWorkerProcess(env, root)));
    return started;
  };
  const failures: string[] = [];
  const stop = async (processes: readonly ProductProcess[]): Promise<void> => {
    for (const process of processes) {
      const { code, signal } = await process.stop('SIGTERM');
      if (code !== 0) failures.push(`a process ended with ${code ?? signal}`);
      // That it is not ready any more is what it shall say.
      const faults = process.logs.filter(
        ({ level, msg }) => ['error', 'fatal'].includes(level) && !msg.endsWith('the process is stopping'),
      );
      failures.push(...faults.map((line) => `logged: ${JSON.stringify(line)}`));
    }
  };
  const before = await start('old');
  const urls = [ports.old, ports.new].map((port) => `http://127.0.0.1:${port}`);
  const balancer = stack.use(await startLoadBalancer(urls));
  const ready = (count: number) =>
    waitFor(() => balancer.ready() === count, { description: `${count} instances to be ready` });
  await ready(1);
  const people = stack.use(await workAway(balancer.url, failures));
  const stage = () => people.atLeast(rounds);
  await stage();
  const migrated = await migrate(ROOT, env);
  await stage();
  const present = await start('new');
  await ready(2);
  await stage();
  await stop(before);
  await stage();
  const back = await start('old');
  await ready(2);
  await stage();
  await stop(present);
  await stage();
  const asked = await people.stop();
  await waitFor(async () => (await openJobs(database.sql)) === 0, {
    description: 'all jobs to be done',
    timeoutMs: 120_000,
  });
  await stop(back);
  const jobs = await database.sql<{ type: string; status: string; error: unknown }>(
    'select type, status, error from jobs',
  );
  failures.push(
    ...jobs.filter(({ status }) => ['failed', 'dead'].includes(status)).map((job) => JSON.stringify(job)),
    ...(await findViolations(database.sql)),
  );
  return { ...asked, jobs: jobs.length, migrated, failures };
}

/** Migrates as an operator does, with the code in a folder; says how many migrations that were. */
async function migrate(folder: string, env: Env): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/manage.ts', 'migrate'], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
  });
  return stdout.match(/\d{4}-[\w-]+\.ts/g)?.length ?? 0;
}

/** Disposing ends their work. */
interface People extends AsyncDisposable {
  /** Resolves when so many more rounds of requests have been made since the call. */
  atLeast(rounds: number): Promise<void>;
  /** Returns how many requests there were, and how many were told to come again. */
  stop(): Promise<{ readonly requests: number; readonly again: number }>;
}

const PEOPLE = 3;
const PAUSE_MS = 20;

/** Some people go through everything again and again. */
async function workAway(url: string, failures: string[]): Promise<People> {
  const over = new AbortController();
  let rounds = 0;
  const asked = { requests: 0, again: 0 };
  const one = async (what: string, work: () => Promise<{ status: number; body: unknown }>): Promise<void> => {
    asked.requests += 1;
    const fault = await work().then(
      ({ status, body }) => (status < 400 ? undefined : `${status} ${JSON.stringify(body)}`),
      (error: unknown) => String((error as Error).cause ?? error),
    );
    if (fault !== undefined) failures.push(`${what}: ${fault}`);
  };
  const live = async (client: HttpClient, assistantId: string, first: number): Promise<void> => {
    for (let round = first; !over.signal.aborted; round++) {
      await useEverything({ client, assistantId }, round, one);
      await one('talk', async () => {
        const said = await talk({ client, assistantId });
        // An earlier release that stops refuses to begin a reply, and asks to come again; this one does not any more.
        if (said.body.code !== 'request.busy') return said;
        asked.again += 1;
        await sleep(Number(said.headers.get('retry-after')) * 1000);
        return talk({ client, assistantId });
      });
      rounds += 1;
      await sleep(PAUSE_MS);
    }
  };
  const lives: Promise<void>[] = [];
  for (let number = 1; number <= PEOPLE; number++) {
    const { client } = await registerUser({ url });
    const made = await client.post('assistants', { name: 'Librarian' });
    lives.push(live(client, made.body.data.id as string, number * 1_000_000));
  }
  const stop = async (): Promise<void> => {
    over.abort();
    await Promise.all(lives);
  };
  return {
    atLeast: async (count) => {
      const goal = rounds + count;
      await waitFor(() => rounds >= goal, { description: 'rounds of requests', timeoutMs: 300_000 });
    },
    stop: async () => {
      await stop();
      return asked;
    },
    [Symbol.asyncDispose]: stop,
  };
}
