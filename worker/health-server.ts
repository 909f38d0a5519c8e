import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from '#shared/metrics/metrics.ts';

/** A named condition without which the worker cannot work; it throws where it does not hold. */
export type ReadinessCheck = readonly [name: string, check: () => Promise<unknown>];

export interface HealthServer extends AsyncDisposable {
  readonly port: number;
}

const CHECK_TIMEOUT_MS = 2_000;

/** Serves `/health`, `/health/ready` and `/metrics` of a worker. Port 0 takes a free one. */
export async function startHealthServer(options: {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  readonly checks: readonly ReadinessCheck[];
}): Promise<HealthServer> {
  const server = createServer((request, response) => {
    void answer(options, request.url ?? '/').then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answer(
  { metrics, checks }: { metrics: Metrics; checks: readonly ReadinessCheck[] },
  url: string,
): Promise<Answer> {
  const path = url.split('?')[0]?.replace(/(.)\/$/, '$1');
  if (path === '/metrics')
    return { status: 200, type: metrics.registry.contentType, body: await metrics.registry.metrics() };
  if (path === '/health') return json(200, { status: 'ok' });
  if (path !== '/health/ready') return json(404, { status: 'not found' });
  const results = await Promise.all(checks.map(async ([name, check]) => [name, await holds(check)] as const));
  const ready = results.every(([, ok]) => ok);
  const parts = Object.fromEntries(results.map(([name, ok]) => [name, ok ? 'ok' : 'failed']));
  return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks: parts });
}

const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});

async function holds(check: () => Promise<unknown>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), CHECK_TIMEOUT_MS).unref();
  });
  return Promise.race([
    check().then(
      () => true,
      () => false,
    ),
    late,
  ]);
}
