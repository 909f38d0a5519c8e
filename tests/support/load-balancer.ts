import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What stands in front of several instances of the API, as small as it can be. */
export interface LoadBalancer extends AsyncDisposable {
  readonly url: string;
  /** Instances that are ready now. */
  ready(): number;
}

interface Backend {
  readonly url: URL;
  readonly agent: Agent;
  ready: boolean;
}

const PROBE_MS = 200;
const PATIENCE_MS = 2_000;
/** Probes in a row without an answer that take an instance out: one may only be busy. */
const SILENT_PROBES = 3;

/**
 * Hands each request to the next instance that says it is ready. Connections to instances are kept until an answer says
 * `Connection: close`. A request is given to another instance only where its connection was refused: then nobody has seen
 * it.
 */
export async function startLoadBalancer(urls: readonly string[]): Promise<LoadBalancer> {
  const backends = urls.map((url): Backend => ({
    url: new URL(url),
    agent: new Agent({ keepAlive: true }),
    ready: false,
  }));
  const over = new AbortController();
  const probing = backends.map(async (backend) => {
    for (let silent = 0; !over.signal.aborted;) {
      const ready = await askReady(backend.url);
      silent = ready === undefined ? silent + 1 : 0;
      backend.ready = ready ?? (backend.ready && silent < SILENT_PROBES);
      await sleep(PROBE_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  });
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    void readBody(incoming).then((body) => {
      turn += 1;
      const inTurn = [
        ...backends.slice(turn % backends.length),
        ...backends.slice(0, turn % backends.length),
      ];
      pass(
        incoming,
        body,
        inTurn.filter(({ ready }) => ready),
        outgoing,
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready: () => backends.filter(({ ready }) => ready).length,
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await Promise.all(probing);
      server.close();
      server.closeAllConnections();
      for (const { agent } of backends) agent.destroy();
      await once(server, 'close');
    },
  };
}

/** Undefined where no answer comes in time. */
async function askReady(url: URL): Promise<boolean | undefined> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const response = await fetch(new URL('/health/ready', url), { signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return signal.aborted ? undefined : false;
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function pass(
  incoming: IncomingMessage,
  body: Buffer,
  backends: readonly Backend[],
  outgoing: ServerResponse,
): void {
  const [backend, ...others] = backends;
  if (backend === undefined) {
    outgoing.writeHead(502).end('no instance is ready');
    return;
  }
  const { connection: _, ...headers } = incoming.headers;
  const forwarded = request(
    new URL(incoming.url ?? '/', backend.url),
    { method: incoming.method ?? 'GET', headers, agent: backend.agent },
    (answer) => {
      const { connection: __, ...kept } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, kept);
      answer.pipe(outgoing);
    },
  );
  forwarded.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') {
      backend.ready = false;
      pass(incoming, body, others, outgoing);
    } else if (!outgoing.headersSent) outgoing.writeHead(502).end(error.message);
    else outgoing.destroy();
  });
  forwarded.end(body);
}
