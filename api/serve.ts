import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOperationsServer } from '#shared/metrics/operations-server.ts';
import { createApp } from './app.ts';
import type { Api } from './app.ts';
import { answerUnreadable } from './http/request-headers.ts';
import type { ApiContext } from './context.ts';

export interface RunningApi {
  readonly url: string;
  /** Where GET /metrics is. */
  readonly metricsPort: number;
  readonly endpoints: Api['endpoints'];
  /**
   * Says that it is not ready and answers on for SHUTDOWN_NOTICE_MS; then takes no more requests, lets those in hand finish
   * (SHUTDOWN_TIMEOUT_MS at most) and ends the rest: replies a little earlier, so that they can still say why.
   */
  close(): Promise<void>;
}

/** Binds the API and its metrics to their ports. @throws Error when a port cannot be had */
export async function serve(context: ApiContext): Promise<RunningApi> {
  const { config, logger, metrics, closing, ending } = context;
  const { app, endpoints } = createApp(context);
  const server = createServer(
    // Slow senders hold a socket, not a worker: headers and the whole request have limits of their own.
    { headersTimeout: 15_000, requestTimeout: 120_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 },
    app,
  );
  server.on('connection', context.connectionGuard.meet);
  server.on('clientError', answerUnreadable(config.api.publicUrl));
  server.listen(config.api.port, config.api.host);
  await once(server, 'listening');
  const metricsServer = await startOperationsServer({
    host: config.metricsHost,
    port: config.api.metricsPort,
    registry: metrics.registry,
    readiness: context.readiness,
  }).catch((error: unknown) => {
    server.close();
    throw error;
  });
  const { address, family, port } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  logger.info({ address: url, metrics_port: metricsServer.port }, 'listening');
  return {
    url,
    metricsPort: metricsServer.port,
    endpoints,
    close: async () => {
      closing.abort();
      // A connection that has been made but not taken up is reset by the end of listening: its request would fail.
      await sleep(config.api.shutdownNoticeMs);
      const lastCall = setTimeout(() => ending.abort(), config.shutdownTimeoutMs * LAST_CALL);
      await drain(server, config.shutdownTimeoutMs);
      clearTimeout(lastCall);
      ending.abort();
      await metricsServer[Symbol.asyncDispose]();
    },
  };
}

const SWEEP_MS = 100;
/** Share of the time for what is in hand after which replies are broken off. */
const LAST_CALL = 0.8;

async function drain(server: Server, timeoutMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
  // A connection whose answer began before the stop stays open for the next request, which is not to come.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  await closed;
  clearTimeout(timer);
  clearInterval(sweep);
}
