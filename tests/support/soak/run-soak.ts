import { percentile } from '#scripts/bench/percentile.ts';
import { findViolations, openJobs, queueLeftovers } from '../chaos/invariants.ts';
import { driveAtRate, errorCount } from '../load/drive.ts';
import type { LoadReport } from '../load/drive.ts';
import { mixedLoad } from '../load/mixed-load.ts';
import type { LoadClient } from '../load/mixed-load.ts';
import type { OwnServices } from '../own-services.ts';
import { watchProcess } from '../process-memory.ts';
import { waitFor } from '../wait-for.ts';
import { probeAvailability } from './availability.ts';
import type { Availability } from './availability.ts';
import { keepLoggedIn, openByApi } from './open-by-api.ts';
import { bringFaults, PLANNED_FAULTS } from './planned-faults.ts';
import type { HappenedFault } from './planned-faults.ts';
import { startSoakStage } from './soak-stage.ts';
import type { SoakStage } from './soak-stage.ts';
import { robustSlopePerMinute } from './steadiness.ts';

/** What a time without any fault has shown. */
export interface CalmReport {
  readonly requests: number;
  readonly seconds: number;
  readonly errors: ReadonlyMap<string, number>;
  /** 95th percentile of the first and of the last third, in ms. */
  readonly p95: { readonly first: number; readonly last: number };
  readonly memory: readonly ProcessMemoryReport[];
}

export interface ProcessMemoryReport {
  readonly process: string;
  /** Bytes a minute over the last two thirds; the first warms up. */
  readonly slopePerMinute: number;
  /** Most resident memory, in bytes. */
  readonly peak: number;
}

/** What a time with every planned fault has shown. */
export interface FaultReport {
  readonly requests: number;
  readonly seconds: number;
  readonly errors: ReadonlyMap<string, number>;
  readonly faults: readonly (HappenedFault & { readonly errors: number })[];
  readonly availability: Availability;
  readonly badEnds: readonly string[];
  /** Jobs that nobody will do, or that have failed, and rows that do not fit each other; in words. */
  readonly violations: readonly string[];
  /** Jobs that have succeeded. */
  readonly jobs: number;
}

export interface SoakReport {
  /** Undefined where none was asked for. */
  readonly calm: CalmReport | undefined;
  readonly faulty: FaultReport;
}

export interface SoakOptions {
  readonly services: OwnServices;
  readonly seed: number;
  readonly perSecond: number;
  /** 0 for none. */
  readonly calmSeconds: number;
  readonly faultySeconds: number;
  /** How often each planned fault comes. */
  readonly rounds: number;
  readonly onLine?: (line: string) => void;
}

const USERS = 20;
const PATIENCE_MS = 180_000;

/** Sends a steady mixed load to two instances of the API with two workers: first in peace, then through planned faults. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  await using stage = await startSoakStage(options.services);
  const clients = await openByApi(stage.balancer, USERS);
  await settled(stage);
  using _ = keepLoggedIn(clients);
  options.onLine?.(`${USERS} users have their workspaces; the load begins`);
  const calm = options.calmSeconds === 0 ? undefined : await soakInPeace(stage, clients, options);
  return { calm, faulty: await soakThroughFaults(stage, clients, options) };
}

function drive(
  { balancer }: SoakStage,
  clients: readonly LoadClient[],
  load: { seed: number; perSecond: number; seconds: number },
  onError?: (fault: string) => void,
): Promise<LoadReport> {
  return driveAtRate({
    origin: balancer.url,
    clients: clients.length,
    perSecond: load.perSecond,
    seconds: load.seconds,
    next: mixedLoad(clients, load.seed, { talk: true }),
    ...(onError === undefined ? {} : { onError }),
  });
}

async function soakInPeace(
  stage: SoakStage,
  clients: readonly LoadClient[],
  { seed, perSecond, calmSeconds, onLine }: SoakOptions,
): Promise<CalmReport> {
  const processes = [
    ...stage.apis.map((api, index) => ({ name: `API ${index + 1}`, pid: api.current?.pid ?? 0 })),
    ...stage.workers.map((worker, index) => ({ name: `worker ${index + 1}`, pid: worker.current?.pid ?? 0 })),
  ];
  const watches = processes.map(({ pid }) => watchProcess(pid, Math.min(1_000, calmSeconds * 10)));
  const thirds: LoadReport[] = [];
  for (let third = 0; third < 3; third++) {
    const report = await drive(stage, clients, { seed: seed + third, perSecond, seconds: calmSeconds / 3 });
    onLine?.(`calm, ${third + 1} of 3: ${report.requests} requests, ${errorCount(report)} failed`);
    thirds.push(report);
  }
  const memory: ProcessMemoryReport[] = [];
  for (const [index, watch] of watches.entries()) {
    const samples = await watch.stop();
    const steady = samples.slice(Math.floor(samples.length / 3));
    const peak = Math.max(...samples.map(({ own }) => own));
    memory.push({ process: processes[index]!.name, slopePerMinute: robustSlopePerMinute(steady), peak });
  }
  const p95 = (index: number): number => percentile(thirds[index]!.times, 0.95);
  return {
    requests: thirds.reduce((sum, { requests }) => sum + requests, 0),
    seconds: thirds.reduce((sum, { seconds }) => sum + seconds, 0),
    errors: thirds.reduce((sum, { errors }) => added(sum, errors), new Map<string, number>()),
    p95: { first: p95(0), last: p95(2) },
    memory,
  };
}

function added(sum: Map<string, number>, more: ReadonlyMap<string, number>): Map<string, number> {
  for (const [name, count] of more) sum.set(name, (sum.get(name) ?? 0) + count);
  return sum;
}

async function soakThroughFaults(
  stage: SoakStage,
  clients: readonly LoadClient[],
  { seed, perSecond, faultySeconds, rounds, onLine }: SoakOptions,
): Promise<FaultReport> {
  const failedAt: number[] = [];
  const probe = probeAvailability(stage.balancer.url, clients[0]!.client.cookieHeader());
  const driving = drive(stage, clients, { seed: seed + 3, perSecond, seconds: faultySeconds }, (fault) => {
    failedAt.push(performance.now());
    onLine?.(`failed: ${fault}`);
  });
  const everyMs = (faultySeconds * 1000) / (rounds * PLANNED_FAULTS.length + 1);
  const happened = await bringFaults(stage, {
    rounds,
    everyMs,
    onFault: ({ name, readyAfterMs }) =>
      onLine?.(`${name}: ready after ${(readyAfterMs / 1000).toFixed(1)} s`),
  });
  const report = await driving;
  const availability = await probe.stop();
  const violations = await settled(stage);
  const [row] = await stage.database.sql<{ count: number }>(
    `select count(*)::int as count from jobs where status = 'succeeded'`,
  );
  return {
    requests: report.requests,
    seconds: report.seconds,
    errors: report.errors,
    faults: happened.map((fault, index) => {
      const next = happened[index + 1]?.beganAt ?? Infinity;
      const errors = failedAt.filter((at) => at >= fault.beganAt && at < next).length;
      return { ...fault, errors };
    }),
    availability,
    badEnds: stage.badEnds,
    violations,
    jobs: row?.count ?? 0,
  };
}

/** Waits until nothing is left to be done, and says what is wrong then. */
async function settled({ database, services, env }: SoakStage): Promise<string[]> {
  const left = async (): Promise<string[]> => [
    ...((await openJobs(database.sql)) > 0 ? ['jobs of the table that are not done'] : []),
    ...((await queueLeftovers(services.redis.url, env.REDIS_KEY_PREFIX ?? '')).length > 0
      ? ['jobs in Redis that are not done']
      : []),
  ];
  const rest = await waitFor(async () => (await left()).length === 0, {
    description: 'all work to be done',
    timeoutMs: PATIENCE_MS,
  }).then(
    () => [],
    () => left(),
  );
  const failed = await database.sql(
    `select type, status, error->>'code' as code from jobs where status in ('failed', 'dead') limit 5`,
  );
  return [
    ...rest,
    ...failed.map((job) => `a job that has failed: ${JSON.stringify(job)}`),
    ...(await findViolations(database.sql)),
  ];
}
