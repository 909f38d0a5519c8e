import { createServer } from 'node:net';

/** Tells whether a server could listen on this loopback port now. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * The first free loopback port from `first` upwards, none of `taken` among them.
 *
 * @throws Error when 500 ports in a row are taken
 */
export async function freePort(first: number, taken: readonly number[] = []): Promise<number> {
  for (let port = first; port < first + 500 && port < 65_536; port += 1)
    if (!taken.includes(port) && (await isFree(port))) return port;
  throw new Error(`no free port from ${first} on`);
}

if (import.meta.main) console.log(await freePort(Number(process.argv[2])));
