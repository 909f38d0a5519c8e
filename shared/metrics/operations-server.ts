import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { showReady } from '../health/readiness.ts';
import type { Readiness } from '../health/readiness.ts';

export interface OperationsServer extends AsyncDisposable {
  readonly port: number;
}

export interface OperationsServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly registry: Registry;
  /** For processes without an API: also serves GET /health and GET /health/ready. */
  readonly readiness?: Readiness;
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
    answer(options, pathOf(req.url ?? '/')).then(
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

const pathOf = (url: string): string => (url.split('?')[0] ?? '').replace(/(.)\/$/, '$1');

async function answer({ registry, readiness }: OperationsServerOptions, path: string): Promise<Answer> {
  if (path === '/metrics') return { status: 200, type: registry.contentType, body: await registry.metrics() };
  if (readiness === undefined || !path.startsWith('/health')) return json(404, { status: 'not found' });
  if (path === '/health') return json(200, { data: { status: 'ok' } });
  if (path !== '/health/ready') return json(404, { status: 'not found' });
  const faults = await readiness.faults();
  return faults.length === 0
    ? json(200, { data: await showReady(readiness) })
    : json(503, { data: { status: 'not ready', faults } });
}

const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});
