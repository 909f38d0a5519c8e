import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { describeReadiness, showReady } from '../health/readiness.ts';
import type { Readiness } from '../health/readiness.ts';

export interface OperationsServer extends AsyncDisposable {
  readonly port: number;
}

export interface OperationsServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly registry: Registry;
  /** For GET /health and GET /health/ready, which tells operators everything with `?verbose`. */
  readonly readiness: Readiness;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * Serves GET /metrics on a port of its own, which is meant for operators and not for clients of the product.
 *
 * @throws Error when the address cannot be bound
 */
export async function startOperationsServer(options: OperationsServerOptions): Promise<OperationsServer> {
  const server = createServer((req, res) => {
    answer(options, req.url ?? '/').then(
      ({ status, type, body }) =>
        res.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body),
      () => res.writeHead(500).end(),
    );
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      const closed = server.listening ? once(server, 'close') : undefined;
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer({ registry, readiness }: OperationsServerOptions, target: string): Promise<Answer> {
  const [before = '', query] = target.split('?');
  const path = before.replace(/(.)\/$/, '$1');
  if (path === '/metrics') return { status: 200, type: registry.contentType, body: await registry.metrics() };
  if (path === '/health') return json(200, { data: { status: 'ok' } });
  if (path !== '/health/ready') return json(404, { status: 'not found' });
  const faults = await readiness.faults();
  const status = faults.length === 0 ? 200 : 503;
  if (new URLSearchParams(query).has('verbose'))
    return json(status, { data: await describeReadiness(readiness) });
  return status === 200
    ? json(200, { data: await showReady(readiness) })
    : json(503, { data: { status: 'not ready', faults } });
}

const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});
