import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '#shared/logging/logger.ts';
import { closeRedisClient, connectOnce, createRedisClient } from '#shared/redis/client.ts';
import type { RedisClient } from '#shared/redis/client.ts';
import type { Behaviour, EmbeddingServer } from '../embedding-server.ts';
import type { OwnServices } from '../own-services.ts';
import type { Installation } from './installation.ts';
import type { FaultKind, PlannedFault } from './plan.ts';

export interface FaultTargets {
  readonly installation: Pick<Installation, 'api' | 'workers'>;
  readonly services: OwnServices;
  readonly server: EmbeddingServer;
}

/** What each kind of fault hits: a target is hit by one at a time. */
const targetOf = (fault: PlannedFault): string =>
  fault.kind.startsWith('worker') ? `worker ${fault.victim}` : (fault.kind.split(' ')[0] ?? '');

/** Brings every fault of a plan about at its time. Resolves when all are over; nothing of them remains. */
export async function injectFaults(
  faults: readonly PlannedFault[],
  targets: FaultTargets,
  startedAt: number,
  onDone: (fault: PlannedFault) => void,
): Promise<void> {
  const tracks = Map.groupBy(faults, targetOf);
  await Promise.all(
    [...tracks.values()].map(async (track) => {
      for (const fault of track) {
        await sleep(Math.max(0, startedAt + fault.atMs - performance.now()));
        await injections[fault.kind](targets, fault);
        onDone(fault);
      }
    }),
  );
}

const injections: {
  readonly [K in FaultKind]: (targets: FaultTargets, fault: PlannedFault) => Promise<void>;
} = {
  'worker killed': ({ installation }, { victim }) => installation.workers[victim]!.kill(),
  'worker paused beyond its lock': async ({ installation }, { victim, forMs }) => {
    const { pid } = await installation.workers[victim]!.up();
    process.kill(pid, 'SIGSTOP');
    await sleep(forMs);
    process.kill(pid, 'SIGCONT');
  },
  'API killed': ({ installation }) => installation.api.kill(),
  'Redis killed, restarted with its data': ({ services: { redis } }, { forMs }) => restartRedis(redis, forMs),
  'Redis killed, restarted without its data': ({ services: { redis } }, { forMs }) =>
    restartRedis(redis, forMs, () => redis.empty()),
  'Redis emptied while it runs': ({ services: { redis } }) => flush(redis.url),
  'Redis frozen': async ({ services: { redis } }, { forMs }) => {
    redis.freeze();
    await sleep(forMs);
    redis.thaw();
  },
  'PostgreSQL restarted': async ({ services: { postgres } }, { forMs }) => {
    await postgres.stop();
    await sleep(forMs);
    await postgres.start();
  },
  'PostgreSQL killed': async ({ services: { postgres } }, { forMs }) => {
    await postgres.kill();
    await sleep(forMs);
    await postgres.start();
  },
  'provider fails': ({ server }, { forMs }) => misbehave(server, { status: 503 }, forMs),
  'provider hangs': ({ server }, { forMs }) => misbehave(server, 'hold', forMs),
  'provider throttles': ({ server }, { forMs }) =>
    misbehave(server, { status: 429, headers: { 'retry-after': '1' } }, forMs),
};

async function restartRedis(
  redis: OwnServices['redis'],
  forMs: number,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await redis.kill();
  await Promise.all([sleep(forMs), meanwhile()]);
  await redis.start();
}

async function misbehave(server: EmbeddingServer, behaviour: Behaviour, forMs: number): Promise<void> {
  server.behave(behaviour);
  await sleep(forMs);
  server.release();
}

async function flush(url: string): Promise<void> {
  await using redis = await openRedis(url);
  await redis.client.flushAll();
}

/** A connection for looking at a Redis from outside. */
export async function openRedis(url: string): Promise<AsyncDisposable & { readonly client: RedisClient }> {
  const logger = createLogger({ level: 'silent', service: 'test' });
  const client = createRedisClient({ url, name: 'chaos', logger, failFast: true });
  await connectOnce(client);
  return {
    client,
    [Symbol.asyncDispose]: () => {
      closeRedisClient(client);
      return Promise.resolve();
    },
  };
}
