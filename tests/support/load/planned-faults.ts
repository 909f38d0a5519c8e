import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '#scripts/services/free-port.ts';
import { startBenchStage } from '#scripts/bench/bench-stage.ts';
import type { BenchStage } from '#scripts/bench/bench-stage.ts';
import { startLoadBalancer } from '../load-balancer.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import { startOwnRedis } from '../own-redis.ts';
import type { OwnRedis } from '../own-redis.ts';
import { waitFor } from '../wait-for.ts';
import { driveAtRate } from './drive.ts';
import type { LoadReport } from './drive.ts';
import { mixedLoad } from './mixed-load.ts';
import { openWorkspace } from './open-workspace.ts';

export interface FaultyRun {
  readonly report: LoadReport;
  /** What was done, in order. */
  readonly faults: readonly string[];
}

const SIZE = { users: 20, assistants: 100, chunks: 2_000 } as const;
/** Five probes of the balancer. */
const NOTICE_MS = '1000';
const REDIS_AWAY_MS = 5_000;

/**
 * Sends the mixed load to two instances of the API behind a balancer, while a worker is killed, Redis is killed and comes
 * back empty, every connection to PostgreSQL is cut and both instances are restarted, one fault after the other and spread over
 * the time.
 *
 * @param load.rounds how often each fault comes
 */
export async function serveThroughFaults(load: {
  readonly requests: number;
  readonly perSecond: number;
  readonly rounds: number;
}): Promise<FaultyRun> {
  await using redis = await startOwnRedis();
  await using stage = await startBenchStage({ REDIS_URL: redis.url, SHUTDOWN_NOTICE_MS: NOTICE_MS });
  const ports = [stage.env.PORT ?? '', await freePortBehind(stage)];
  const instances = [stage.api, await stage.startApi({ PORT: ports[1]! })];
  const clients = await openWorkspace(stage.api, stage.database, SIZE);
  await using balancer = await startLoadBalancer(instances.map(({ url }) => url));
  const world = { stage, balancer, redis, ports, instances, worker: await stage.startWorker() };
  await allReady(world);
  const seconds = load.requests / load.perSecond;
  const driving = driveAtRate({
    origin: balancer.url,
    clients: clients.length,
    seconds,
    perSecond: load.perSecond,
    next: mixedLoad(clients, 3),
  });
  const faults = await inject(world, load.rounds, (seconds * 1000) / (load.rounds * FAULTS.length + 1));
  return { report: await driving, faults };
}

interface World {
  readonly stage: BenchStage;
  readonly balancer: LoadBalancer;
  readonly redis: OwnRedis;
  readonly ports: readonly string[];
  readonly instances: Awaited<ReturnType<BenchStage['startApi']>>[];
  worker: Awaited<ReturnType<BenchStage['startWorker']>>;
}

const FAULTS: readonly { readonly name: string; readonly happen: (world: World) => Promise<void> }[] = [
  {
    name: 'a worker was killed and another one started',
    happen: async (world) => {
      await world.worker.stop('SIGKILL');
      world.worker = await world.stage.startWorker();
    },
  },
  {
    name: 'Redis was killed and came back empty',
    happen: async ({ redis }) => {
      await redis.kill();
      await sleep(REDIS_AWAY_MS);
      await redis.start();
    },
  },
  {
    name: 'every connection to PostgreSQL was cut',
    happen: async ({ stage }) => {
      await stage.database.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name like 'donkey%'`,
      );
    },
  },
  {
    name: 'both instances of the API were restarted',
    happen: async (world) => {
      for (const [index, port] of world.ports.entries()) {
        await world.instances[index]!.stop('SIGTERM');
        world.instances[index] = await world.stage.startApi({ PORT: port });
        await allReady(world);
      }
    },
  },
];

async function inject(world: World, rounds: number, everyMs: number): Promise<string[]> {
  const done: string[] = [];
  for (let round = 0; round < rounds; round++)
    for (const { name, happen } of FAULTS) {
      const next = sleep(everyMs);
      await happen(world);
      done.push(name);
      await next;
    }
  return done;
}

const allReady = ({ balancer, instances }: World): Promise<unknown> =>
  waitFor(() => balancer.ready() === instances.length, { description: 'all instances to be ready' });

const freePortBehind = async ({ env }: BenchStage): Promise<string> =>
  String(await freePort(Number(env.PORT) + 1));
