import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Env } from '#shared/config/env.ts';
import { settings } from '#shared/config/settings.ts';
import { startApiProcess } from '#tests/support/api-process.ts';
import type { ApiProcess } from '#tests/support/api-process.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { TimingOrder } from '#tests/support/request-timer.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { AbuseOrder, AbuseReport, AbusiveUser } from '#tests/support/upload-abuser.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const ROUNDS = 10;
/** Requests of others in each half of a round. */
const TIMED = 120;
/** Accounts with an address each that send all but the dripping bodies. */
const ABUSERS = 4;
/** Accounts of each round with four dripping bodies each. */
const DRIPPERS = 3;
const DRIPPING = 4 * DRIPPERS;
/** What the abusers have open at a time. */
const CONNECTIONS = 64;

/** A file of the tests as a process that answers each message with one. */
function startHelper(name: string) {
  const child: ChildProcess = fork(fileURLToPath(new URL(`../support/${name}`, import.meta.url)));
  const over = new AbortController();
  const ended = once(child, 'exit').finally(() => over.abort(new Error(`${name} has ended`)));
  return {
    pid: child.pid ?? 0,
    tell: (message: object) => child.send(message),
    ask: async <T>(message: object | string): Promise<T> => {
      const answer = once(child, 'message', { signal: over.signal });
      child.send(message);
      return ((await answer) as [T])[0];
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const p95 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;

/** Registers users that come from addresses of their own. */
async function newAbusers(api: ApiProcess, count: number, addressOf: (index: number) => string) {
  const users: (AbusiveUser & { readonly id: string })[] = [];
  for (let index = 0; index < count; index += 1) {
    const { id, client } = await registerUser(api);
    users.push({
      id,
      cookie: client.cookieHeader(),
      csrfToken: client.csrfToken ?? '',
      address: addressOf(index),
    });
  }
  return users;
}

/** Somebody at work, whose requests are timed in a process of its own. */
async function startOther(api: ApiProcess, timer: ReturnType<typeof startHelper>) {
  const { client } = await registerUser(api);
  const made = await client.post('assistants', { name: 'Librarian' });
  const order = {
    url: api.url,
    cookies: [...client.cookies],
    csrfToken: client.csrfToken ?? '',
    assistantId: made.body.data.id as string,
  };
  let from = 0;
  return (count: number): Promise<number[]> => {
    from += count;
    return timer.ask<number[]>({ ...order, count, from: from - count } satisfies TimingOrder);
  };
}

const isIdle = async ({ metricsUrl }: ApiProcess): Promise<boolean> =>
  /^donkey_http_requests_in_flight\{[^}]*\} 0$/m.test(await (await fetch(metricsUrl)).text());

const sum = (reports: readonly Readonly<Record<string, number>>[]): Record<string, number> => {
  const total: Record<string, number> = {};
  for (const report of reports)
    for (const [key, count] of Object.entries(report)) total[key] = (total[key] ?? 0) + count;
  return total;
};

/**
 * Times lists, searches and uploads of one user, by turns while nothing else happens and while others abuse uploads at full
 * speed: no pause anywhere, 64 connections at a time, and twelve bodies that drip in beside them. Sender, timer and API are a
 * process each. The sender has the lowest priority of the system, for an attacker brings a computer along: on two cores
 * it costs others 1.8 to 2.4 times as much by its own computing even when it floods another program, which the API can do
 * nothing about. It is not slowed otherwise, and sends thousands of uploads a second.
 */
test('ASVS 5.0 15.2.2, promise 35: uploads that mean harm do not slow others down and leave nothing behind', async (t) => {
  await using stage = await startStage();
  await using folder = await mkdtempDisposable(join(tmpdir(), 'uploads-'));
  const env: Env = { ...stage.env };
  const defaults = { UPLOAD_FAILURES_PER_MINUTE: settings.UPLOAD_FAILURES_PER_MINUTE.fallback ?? '' };
  await using api = await startApiProcess(Object.assign(env, defaults, { TMPDIR: folder.path }));
  await using timer = startHelper('request-timer.ts');
  await using sender = startHelper('upload-abuser.ts');
  setPriority(sender.pid, constants.priority.PRIORITY_LOW);
  const time = await startOther(api, timer);
  const users = await newAbusers(api, ABUSERS, (index) => `127.0.0.${2 + index}`);
  const drippers = await newAbusers(api, ROUNDS * DRIPPERS, (index) => `127.0.1.${1 + index}`);
  const descriptors = async (): Promise<number> => (await readdir(`/proc/${api.pid}/fd`)).length;
  // Code is compiled, and a pool of connections is there, before anything is counted.
  await time(600);
  const open = await descriptors();
  const quiet: number[] = [];
  const meanwhile: number[][] = [];
  const reports: AbuseReport[] = [];
  let seconds = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    quiet.push(...(await time(TIMED)));
    const dripping = drippers.slice(round * DRIPPERS, (round + 1) * DRIPPERS);
    const order: AbuseOrder = {
      port: Number(new URL(api.url).port),
      users,
      dripping: Array.from({ length: DRIPPING }, (_, index) => dripping[index % DRIPPERS]!),
      connections: CONNECTIONS,
    };
    const started = performance.now();
    sender.tell(order);
    meanwhile.push(await time(TIMED));
    reports.push(await sender.ask<AbuseReport>('stop'));
    seconds += (performance.now() - started) / 1000;
    await waitFor(() => isIdle(api), { description: 'the end of all requests' });
  }
  // Connections to the database that the attack asked for are given up after half a minute.
  await waitFor(async () => (await descriptors()) <= open, {
    description: 'the end of all connections',
    timeoutMs: 60_000,
  });
  const kinds = sum(reports.map((report) => report.kinds));
  const answers = sum(reports.map((report) => report.answers));
  const forms = kinds.thousandParts! + kinds.deepName! + kinds.deeperName!;
  const [stored] = await stage.sql<{ count: number }>(
    'select count(*)::int as count from documents where user_id = any($1)',
    [[...users, ...drippers].map(({ id }) => id)],
  );
  const files = await readdir(folder.path, { recursive: true });
  const ratio = p95(meanwhile.flat()) / p95(quiet);
  t.diagnostic(
    `p95 of ${quiet.length} requests in quiet ${p95(quiet).toFixed(1)} ms, of ${meanwhile.flat().length} meanwhile ${p95(meanwhile.flat()).toFixed(1)} ms: ${ratio.toFixed(2)} x ` +
      `(rounds ${meanwhile.map((times) => (p95(times) / p95(quiet)).toFixed(1)).join(', ')})`,
  );
  t.diagnostic(
    `${kinds.abort} aborts, ${forms} forms (${JSON.stringify(answers)}), ${DRIPPING} dripping bodies in ${seconds.toFixed(1)} s; ` +
      `${Math.max(0, (await descriptors()) - open)} of ${open} descriptors, ${files.length} files, ${stored?.count} documents left`,
  );
  assert.deepEqual([files, stored?.count], [[], 0]);
  assert.deepEqual(
    reports.map(({ dripping }) => dripping),
    Array(ROUNDS).fill(DRIPPING),
    'no dripping body was turned away',
  );
  assert.ok(kinds.abort! >= 500 && forms >= 150, `only ${kinds.abort} aborts and ${forms} forms`);
  assert.deepEqual(Object.keys(answers).sort(), ['413', '429', 'none']);
  assert.ok(ratio <= 2, `${ratio.toFixed(2)} x`);
});
