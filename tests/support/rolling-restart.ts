import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '#scripts/services/free-port.ts';
import { startApiProcess } from './api-process.ts';
import { findViolations, openJobs } from './chaos/invariants.ts';
import { registerUser } from './http-client.ts';
import { startLoadBalancer } from './load-balancer.ts';
import { talk } from './newer-schema.ts';
import { startStage } from './test-stage.ts';
import type { TestStage } from './test-stage.ts';
import { waitFor } from './wait-for.ts';

export interface RollingReport {
  readonly requests: number;
  readonly restarts: number;
  /** Jobs that were done. */
  readonly jobs: number;
  readonly seconds: number;
  /** What went wrong, in words. */
  readonly failures: readonly string[];
}

const FIRST_PORT = 29_000;
/** Five probes of the balancer. */
const NOTICE_MS = '1000';
const IN_FLIGHT_AT_END_MS = 30_000;
const JOBS_MS = 120_000;

/**
 * Restarts two instances of the API behind a load balancer and two workers, one after the other, while reads, searches, uploads and
 * talks go on. A job that is not done in the end, or had to be taken from a worker that was restarted, counts as a failure.
 *
 * @param options.perSecond requests a second, sent at their times whether or not earlier ones have been answered
 */
export async function restartWhileServing(options: {
  rounds: number;
  perSecond: number;
}): Promise<RollingReport> {
  // The job of a worker that stopped in time is given back, and not found by its lease: that one is long.
  await using stage = await startStage({
    SHUTDOWN_NOTICE_MS: NOTICE_MS,
    JOB_LEASE_MS: '30000',
    // One person does all of this, and talks in many conversations at once.
    REPLIES_PER_USER: '1000',
  });
  const first = await freePort(FIRST_PORT + (randomBytes(2).readUInt16BE() % 2_000));
  const ports = [first, await freePort(first + 1)];
  const start = (port: number) => startApiProcess({ ...stage.env, PORT: String(port) });
  const instances = await Promise.all(ports.map(start));
  const workers = [await stage.startWorker(), await stage.startWorker()];
  const over = new AbortController();
  try {
    await using balancer = await startLoadBalancer(instances.map(({ url }) => url));
    const allReady = () =>
      waitFor(() => balancer.ready() === instances.length, { description: 'all instances to be ready' });
    await allReady();
    const { client } = await registerUser(balancer);
    const assistant = await client.post('assistants', { name: 'Librarian' });
    const assistantId = assistant.body.data.id as string;
    const failures: string[] = [];
    const one = async (number: number): Promise<void> => {
      const title = `Document ${number}`;
      const asked = [
        () => client.get('documents'),
        () => client.get('jobs'),
        () => client.post('search', { query: 'hay' }),
        () => client.get('assistants'),
        () => client.post('documents', { assistant_id: assistantId, title, text: `${title} is about hay.` }),
        () => talk({ client, assistantId }),
      ][number % 6]!;
      const result = await asked().then(
        ({ status, body }) => (status < 400 ? undefined : `${status} ${JSON.stringify(body)}`),
        (error: unknown) => String((error as Error).cause ?? error),
      );
      if (result !== undefined) failures.push(`request ${number}: ${result}`);
    };
    const began = performance.now();
    const load = (async () => {
      const sent: Promise<void>[] = [];
      while (!over.signal.aborted) {
        sent.push(one(sent.length));
        await sleep(Math.max(0, began + (sent.length * 1000) / options.perSecond - performance.now()));
      }
      await Promise.race([Promise.all(sent), sleep(IN_FLIGHT_AT_END_MS, undefined, { ref: false })]);
      return sent.length;
    })();
    for (let round = 0; round < options.rounds; round++)
      for (const [index, port] of ports.entries()) {
        const end = await instances[index]!.stop('SIGTERM');
        if (end.code !== 0) failures.push(`instance ${index} ended with ${end.code ?? end.signal}`);
        instances[index] = await start(port);
        await allReady();
        const worker = await workers[index]!.stop('SIGTERM');
        if (worker.code !== 0) failures.push(`worker ${index} ended with ${worker.code ?? worker.signal}`);
        workers[index] = await stage.startWorker();
      }
    over.abort();
    const requests = await load;
    const seconds = (performance.now() - began) / 1000;
    const jobs = await settle(stage.sql, failures);
    return { requests, restarts: 2 * options.rounds * ports.length, jobs, seconds, failures };
  } finally {
    over.abort();
    await Promise.all(instances.map((instance) => instance.stop('SIGKILL')));
  }
}

/** Waits until all jobs are done, and adds what is wrong with them. */
async function settle(sql: TestStage['sql'], failures: string[]): Promise<number> {
  await waitFor(async () => (await openJobs(sql)) === 0, {
    description: 'all jobs to be done',
    timeoutMs: JOBS_MS,
  }).catch((error: unknown) => failures.push(String(error)));
  const bad = await sql(
    `select j.type, j.status, a.outcome, a.error->>'code' as code from job_attempts a join jobs j on j.id = a.job_id
     where a.outcome in ('lost', 'failed', 'dead') limit 5`,
  );
  failures.push(...bad.map((job) => `a job was lost or failed: ${JSON.stringify(job)}`));
  failures.push(...(await findViolations(sql)));
  const [row] = await sql<{ count: number }>(
    `select count(*)::int as count from jobs where status = 'succeeded'`,
  );
  return row?.count ?? 0;
}
