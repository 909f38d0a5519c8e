import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Manifest } from '#scripts/backup/manifest.ts';
import { startApiProcess } from '../api-process.ts';
import { startInstallation } from '../chaos/installation.ts';
import type { Installation } from '../chaos/installation.ts';
import { findViolations, openJobs } from '../chaos/invariants.ts';
import { HttpClient } from '../http-client.ts';
import type { TestUser } from '../http-client.ts';
import { runGoodScript } from '../operator-scripts.ts';
import type { OwnServices } from '../own-services.ts';
import { waitFor } from '../wait-for.ts';
import { startWorkerProcess } from '../worker-process.ts';
import { openCredentials } from './open-credentials.ts';
import { startSteadyLoad } from './steady-load.ts';
import type { SteadyLoad } from './steady-load.ts';

export interface DrillOptions {
  readonly services: OwnServices;
  readonly users: number;
  /** Accepted uploads before the backup begins. */
  readonly documentsBefore: number;
  /** Accepted uploads after it has ended and before everything is destroyed. */
  readonly documentsAfter: number;
  /** Documents whose sentence is searched for afterwards. */
  readonly sample: number;
}

/** What came of a backup under load, the loss of both servers, and a restore. */
export interface DrillReport {
  readonly manifest: Manifest;
  readonly backupSeconds: number;
  readonly restoreSeconds: number;
  /** Jobs that had not ended in the backup. */
  readonly openAtBackup: number;
  /** Tables whose rows are not as many as the manifest says, without those that the restore itself clears. */
  readonly wrongCounts: readonly string[];
  /** Accepted before the backup began, and not restored; or accepted after it ended, and restored. */
  readonly wronglyLost: readonly string[];
  readonly wronglyThere: readonly string[];
  readonly credentials: { readonly restored: number; readonly unreadable: readonly string[] };
  readonly documents: { readonly restored: number; readonly notCompleted: readonly string[] };
  readonly search: { readonly asked: number; readonly found: number };
  readonly violations: readonly string[];
  readonly pendingReplies: number;
  /** Answers to a cookie of before, and to a login with the password. */
  readonly oldSession: string;
  readonly newLogin: number;
  readonly loadFailures: readonly string[];
  readonly written: { readonly documents: number; readonly credentials: number; readonly messages: number };
  /** What the two scripts said. */
  readonly said: string;
}

/** Cleared by the restore: both are of processes and people of another time. */
const CLEARED = ['workers', 'password_resets'];
const END_MS = 300_000;

/** Backs up while people work, loses PostgreSQL's database and all of Redis, restores, and looks at what there is. */
export async function runDrill(options: DrillOptions): Promise<DrillReport> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'donkey-drill-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const installation = stack.use(await startInstallation({ services: options.services, workers: 1 }));
  const load = await startSteadyLoad(installation.url, options.users);
  const backup = await backUpUnderLoad(installation, load, folder, options);
  await destroy(installation, options.services);

  const { env } = installation;
  const { sql } = installation.database;
  const restoredFrom = performance.now();
  const saidByRestore = await runGoodScript('restore.sh', ['--from', backup.folder], env);
  const restoreSeconds = (performance.now() - restoredFrom) / 1000;
  const restored = new Set((await sql<{ id: string }>('select id from documents')).map(({ id }) => id));
  const wrongCounts = await compareCounts(sql, backup.manifest);
  const openAtBackup = await openJobs(sql);
  const credentials = await openCredentials(sql, env, load.credentials);

  const api = stack.use(await startApiProcess(env));
  stack.use(await startWorkerProcess(env));
  await waitFor(async () => (await openJobs(sql)) === 0, {
    description: 'all jobs to end',
    timeoutMs: END_MS,
  });
  await waitFor(async () => (await pendingReplies(sql)) === 0, {
    description: 'replies to end',
    timeoutMs: END_MS,
  });
  const old = await new HttpClient(api.url).get('auth/me', { cookie: load.users[0]!.client.cookieHeader() });
  const clients = await logInAgain(api.url, load.users);
  const kept = load.documents.filter(({ id }) => restored.has(id));
  return {
    ...{ manifest: backup.manifest, backupSeconds: backup.seconds, restoreSeconds, openAtBackup },
    wrongCounts,
    credentials,
    wronglyLost: load.documents
      .filter(({ id, answeredAt }) => answeredAt < backup.startedAt && !restored.has(id))
      .map(({ id }) => id),
    wronglyThere: load.documents
      .filter(({ id, sentAt }) => sentAt > backup.endedAt && restored.has(id))
      .map(({ id }) => id),
    documents: {
      restored: restored.size,
      notCompleted: (
        await sql<{ id: string; status: string }>(
          `select id, status from documents where status <> 'completed'`,
        )
      ).map(({ id, status }) => `${id} ${status}`),
    },
    search: await searchFor(evenly(kept, options.sample), clients),
    violations: await findViolations(sql),
    pendingReplies: await pendingReplies(sql),
    oldSession: `${old.status} ${String(old.body.code)}`,
    newLogin: clients.size,
    loadFailures: load.failures,
    written: {
      documents: load.documents.length,
      credentials: load.credentials.length,
      messages: load.messages.length,
    },
    said: backup.said + saidByRestore,
  };
}

async function backUpUnderLoad(
  { env }: Installation,
  load: SteadyLoad,
  folder: string,
  { documentsBefore, documentsAfter }: DrillOptions,
) {
  const until = (count: number) =>
    waitFor(() => load.failures.length > 0 || load.documents.length >= count, {
      description: `${count} uploads`,
      timeoutMs: END_MS,
    });
  await until(documentsBefore);
  const startedAt = performance.now();
  const said = await runGoodScript('backup.sh', ['--to', folder], env);
  const endedAt = performance.now();
  await until(load.documents.length + documentsAfter);
  await load.stop();
  const made = join(folder, readdirSync(folder)[0]!);
  const manifest = JSON.parse(readFileSync(join(made, 'manifest.json'), 'utf8')) as Manifest;
  return { folder: made, manifest, said, startedAt, endedAt, seconds: (endedAt - startedAt) / 1000 };
}

/** Kills the processes, drops the database and deletes what Redis has kept. */
async function destroy({ api, workers, env }: Installation, { postgres, redis }: OwnServices): Promise<void> {
  await Promise.all([api, ...workers].map((one) => one[Symbol.asyncDispose]()));
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`drop database ${new URL(env.DATABASE_URL!).pathname.slice(1)} with (force)`);
  await client.end();
  await redis.kill();
  await redis.empty();
  await redis.start();
}

type Sql = Installation['database']['sql'];

async function compareCounts(sql: Sql, { rows }: Manifest): Promise<string[]> {
  const wrong: string[] = [];
  for (const [table, expected] of Object.entries(rows)) {
    const [row] = await sql<{ count: number }>(`select count(*)::int as count from ${table}`);
    if (row?.count !== expected && !CLEARED.includes(table))
      wrong.push(`${table}: ${expected} in the backup, ${row?.count ?? '?'} restored`);
  }
  return wrong;
}

const pendingReplies = async (sql: Sql): Promise<number> =>
  (await sql(`select id from messages where status = 'pending'`)).length;

async function logInAgain(url: string, users: readonly TestUser[]): Promise<Map<string, HttpClient>> {
  const clients = new Map<string, HttpClient>();
  for (const { id, username, password } of users) {
    const client = new HttpClient(url);
    await client.get('auth/csrf');
    const { status } = await client.post('auth/login', { username, password });
    if (status === 200) clients.set(id, client);
  }
  return clients;
}

const evenly = <T>(items: readonly T[], count: number): T[] =>
  items.filter((_, index) => index % Math.max(1, Math.floor(items.length / count)) === 0);

/** Asks for the sentence of each, which has to come first. */
async function searchFor(
  documents: SteadyLoad['documents'],
  clients: ReadonlyMap<string, HttpClient>,
): Promise<DrillReport['search']> {
  let found = 0;
  for (const { id, userId, sentence } of documents) {
    const { body } = await clients.get(userId)!.post('search', { query: sentence, limit: 1 });
    const [hit] = body.data ?? [];
    if (hit?.document_id === id && String(hit.text).includes(sentence)) found += 1;
  }
  return { asked: documents.length, found };
}
