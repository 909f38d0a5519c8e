import { once } from 'node:events';
import { connect } from 'node:net';
import type { Knex } from 'knex';

/** What a server gave a connection, by which it may be asked to break off what it does there. */
interface Cancellable {
  readonly processID: number;
  readonly secretKey: number;
}

const CANCEL_REQUEST = 80_877_102;
const TIMEOUT_MS = 2_000;

/**
 * Lets statements that have run out of time be cancelled as the protocol has it, instead of by `pg_cancel_backend`: the
 * process that a pooler names is none of PostgreSQL's, but of requests like this one it knows what to do.
 */
export function cancelByProtocol(pool: Knex, url: string): void {
  const { hostname, port } = new URL(url);
  const client = pool.client as { cancelQuery: (connection: Cancellable) => Promise<void> };
  client.cancelQuery = async ({ processID, secretKey }) => {
    const message = Buffer.alloc(16);
    message.writeInt32BE(16, 0);
    message.writeInt32BE(CANCEL_REQUEST, 4);
    message.writeInt32BE(processID, 8);
    message.writeInt32BE(secretKey, 12);
    const socket = connect({ host: hostname, port: Number(port === '' ? '5432' : port) });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer to a cancel request')));
    // It has been dealt with when the other side hangs up; a pooler forgets what a client asks that hangs up itself.
    socket.write(message);
    socket.resume();
    await once(socket, 'close');
  };
}
