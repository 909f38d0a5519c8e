import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Stands between the product and a service, so that a test can take the service away and give it back. */
export interface TcpProxy extends AsyncDisposable {
  /** The service's URL by way of the proxy. */
  readonly url: string;
  /** Breaks all connections and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

export async function startTcpProxy(serviceUrl: string): Promise<TcpProxy> {
  const target = new URL(serviceUrl);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  const restore = async (): Promise<void> => {
    server = createServer((incoming) => {
      const outgoing = connect(Number(target.port), target.hostname);
      for (const socket of [incoming, outgoing]) {
        sockets.add(socket);
        socket.once('close', () => {
          sockets.delete(socket);
          incoming.destroy();
          outgoing.destroy();
        });
        socket.on('error', () => undefined);
      }
      incoming.pipe(outgoing).pipe(incoming);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const cut = async (): Promise<void> => {
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server = undefined;
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await restore();
  const url = new URL(serviceUrl);
  url.host = `127.0.0.1:${port}`;
  return { url: url.href, cut, restore, [Symbol.asyncDispose]: cut };
}
