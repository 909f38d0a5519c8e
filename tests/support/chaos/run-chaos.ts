import { setTimeout as sleep } from 'node:timers/promises';
import type { Env } from '#shared/config/env.ts';
import { startEmbeddingServer } from '../embedding-server.ts';
import type { EmbeddingServer } from '../embedding-server.ts';
import type { OwnServices } from '../own-services.ts';
import { waitFor } from '../wait-for.ts';
import { injectFaults } from './faults.ts';
import { startInstallation } from './installation.ts';
import type { Installation } from './installation.ts';
import { differences, documentEnds, findViolations, openJobs, queueLeftovers } from './invariants.ts';
import type { DocumentEnd } from './invariants.ts';
import { LEASE_MS } from './plan.ts';
import type { ChaosPlan, FaultKind } from './plan.ts';
import { newOwners, sendUploads } from './uploads.ts';

export interface FaultTally {
  injected: number;
  /** After how many of them API and workers were ready again. */
  survived: number;
  /** Longest way back to ready, in ms; other faults may have come in between. */
  slowestMs: number;
}

export interface ChaosReport {
  readonly seed: number;
  readonly faults: ReadonlyMap<FaultKind, FaultTally>;
  /** Documents that were promised. */
  readonly accepted: number;
  /** Uploads by the status of their answer, 0 where none came. */
  readonly answers: ReadonlyMap<number, number>;
  /** Documents by how they ended. */
  readonly ends: Readonly<Record<string, number>>;
  /** Promised documents that are neither done nor failed with a reason, and will never be. */
  readonly lost: number;
  /** Documents whose chunks and vectors are those of the calm run, byte for byte. */
  readonly equal: number;
  readonly violations: readonly string[];
  readonly seconds: number;
}

export interface ChaosOptions {
  readonly plan: ChaosPlan;
  readonly services: OwnServices;
  readonly workers: number;
  readonly owners: number;
  /** Longest time that uploads, and then the work that is left, may take, in ms. */
  readonly patienceMs: number;
  /** Whether the same documents are also taken in by an undisturbed installation and compared. */
  readonly compare: boolean;
  /**
   * Runs without the relay, so that a job is handed to the queue after its commit and never again: how most products do
   * it. Such a run loses work, which shows that this one could.
   */
  readonly withoutRelay?: boolean;
  readonly onFault?: (line: string) => void;
}

const SETTINGS: Env = {
  JOB_LEASE_MS: String(LEASE_MS),
  EMBEDDING_BATCH_SIZE: '4',
  CHUNK_SIZE_TOKENS: '120',
  EMBEDDING_TIMEOUT_MS: '1500',
  // Every user may send as much as the plan says.
  HIGH_PRIORITY_PER_USER: '100000',
};
/** Longer than any run. */
const NEVER: Env = { RELAY_INTERVAL_MS: '3600000' };
const READY_MS = 120_000;

/** Lets a plan loose on an installation of its own and looks at what is left when everything has come to rest. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { plan, services } = options;
  const began = performance.now();
  await using server = await startEmbeddingServer();
  const env = { ...SETTINGS, ...(options.withoutRelay === true ? NEVER : {}) };
  await using installation = await startInstallation({ services, server, env, workers: options.workers });
  const { database } = installation;
  const { accepted, answers, faults } = await disturb(options, installation, server);
  const naive = options.withoutRelay === true;
  const stuck = naive ? await waitForQuiet(services, installation) : await waitForEnd(options, installation);
  const ends = await documentEnds(database.sql);
  const calm = options.compare ? await runCalm(options) : undefined;
  const compared = calm === undefined ? { equal: 0, faults: [] } : differences(ends, calm);
  const lost = [...accepted.keys()].filter((id) => !hasEnded(ends.find((end) => end.id === id))).length;
  const missing = plan.uploads.length - accepted.size;
  return {
    seed: plan.seed,
    faults,
    accepted: accepted.size,
    answers,
    ends: Object.fromEntries(
      [...Map.groupBy(ends, ({ status, code }) => (code === null ? status : `${status} (${code})`))].map(
        ([end, documents]) => [end, documents.length],
      ),
    ),
    lost,
    equal: compared.equal,
    violations: [
      ...stuck,
      ...(missing > 0 ? [`uploads that were never accepted: ${missing}`] : []),
      ...(ends.length === plan.uploads.length
        ? []
        : [`${ends.length} documents of ${plan.uploads.length} uploads`]),
      ...compared.faults,
      ...(await findViolations(database.sql)),
    ],
    seconds: (performance.now() - began) / 1000,
  };
}

const hasEnded = (end: DocumentEnd | undefined): boolean =>
  end !== undefined &&
  (end.status === 'completed' ||
    ((end.status === 'partial' || end.status === 'failed') && end.code !== null));

/** Uploads and faults side by side, until all of both are over. */
async function disturb(options: ChaosOptions, installation: Installation, server: EmbeddingServer) {
  const { plan, services, onFault } = options;
  const owners = await newOwners(installation.url, options.owners);
  const faults = new Map<FaultKind, FaultTally>();
  const recoveries: Promise<void>[] = [];
  const startedAt = performance.now();
  const [sent] = await Promise.all([
    sendUploads(plan, owners, { startedAt, deadlineMs: options.patienceMs }),
    injectFaults(plan.faults, { installation, services, server }, startedAt, (fault) => {
      const tally = faults.get(fault.kind) ?? { injected: 0, survived: 0, slowestMs: 0 };
      faults.set(fault.kind, tally);
      tally.injected += 1;
      onFault?.(
        `${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${fault.kind} (${fault.forMs} ms)`,
      );
      recoveries.push(noteRecovery(installation, tally));
    }),
  ]);
  await Promise.all(recoveries);
  return { ...sent, faults };
}

async function noteRecovery(installation: Installation, tally: FaultTally): Promise<void> {
  const since = performance.now();
  const back = await waitFor(() => isReady(installation), {
    description: 'API and workers to be ready again',
    timeoutMs: READY_MS,
  }).catch(() => false);
  if (!back) return;
  tally.survived += 1;
  tally.slowestMs = Math.max(tally.slowestMs, performance.now() - since);
}

async function isReady({ url, api, workers }: Installation): Promise<boolean> {
  const urls = [api.current && url, ...workers.map((worker) => worker.current?.url)];
  const answers = urls.map(async (base) => {
    if (base === undefined) return false;
    const response = await fetch(`${base}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  });
  const results = await Promise.allSettled(answers);
  await sleep(100);
  return results.every((result) => result.status === 'fulfilled' && result.value);
}

/** Waits until table and queue agree that nothing is to be done; says what they do not agree on. */
async function waitForEnd(options: ChaosOptions, installation: Installation): Promise<string[]> {
  const { database, env } = installation;
  const deadline = performance.now() + options.patienceMs;
  const look = async (): Promise<string[]> => {
    const open = await openJobs(database.sql);
    const left = await queueLeftovers(options.services.redis.url, env.REDIS_KEY_PREFIX ?? '');
    return [
      ...(open > 0 ? [`jobs of the table that are not done: ${open}`] : []),
      ...(left.length > 0 ? [`keys of jobs in Redis: ${left.length}, such as ${left[0]}`] : []),
    ];
  };
  for (;;) {
    const found = await look();
    if (found.length === 0 || performance.now() > deadline) return found;
    await sleep(200);
  }
}

/** Looks in a row that find nothing in the queue before it counts as at rest. */
const QUIET_LOOKS = 10;

/** Waits until no queue holds anything and no job runs: what is open then will stay open. */
async function waitForQuiet({ redis }: OwnServices, { database, env }: Installation): Promise<string[]> {
  let quiet = 0;
  await waitFor(
    async () => {
      const running = await database.sql(
        `select 1 from jobs where status = 'running' and lease_expires_at > now()`,
      );
      const left = await queueLeftovers(redis.url, env.REDIS_KEY_PREFIX ?? '');
      quiet = running.length + left.length === 0 ? quiet + 1 : 0;
      await sleep(200);
      return quiet >= QUIET_LOOKS;
    },
    { description: 'the queue to be at rest', timeoutMs: READY_MS },
  );
  return [];
}

/** The same documents with nothing in their way. */
async function runCalm(options: ChaosOptions): Promise<DocumentEnd[]> {
  await using server = await startEmbeddingServer();
  const { services } = options;
  await using installation = await startInstallation({ services, server, env: SETTINGS, workers: 1 });
  const uploads = options.plan.uploads.map((upload) => ({ ...upload, atMs: upload.atMs / 10 }));
  const plan = { ...options.plan, faults: [], uploads };
  await disturb({ ...options, plan }, installation, server);
  await waitForEnd(options, installation);
  return await documentEnds(installation.database.sql);
}
