import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A mail server that keeps what it is given (RFC 5321, as little of it as a client needs). */
export interface SmtpServer extends AsyncDisposable {
  readonly url: string;
  /** Whole messages, decoded from quoted-printable. */
  readonly mails: readonly { readonly to: string; readonly text: string }[];
}

export async function startSmtpServer(): Promise<SmtpServer> {
  const mails: { to: string; text: string }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket, mails);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function serve(socket: Socket, mails: { to: string; text: string }[]): void {
  let to = '';
  let body: string[] | undefined;
  const say = (line: string) => socket.write(`${line}\r\n`);
  say('220 test');
  createInterface({ input: socket }).on('line', (line) => {
    if (body !== undefined) {
      if (line !== '.') {
        body.push(line);
        return;
      }
      mails.push({ to, text: body.join('\n').replace(/=\n/g, '').replace(/=3D/g, '=') });
      body = undefined;
      say('250 kept');
    } else if (/^data$/i.test(line)) {
      body = [];
      say('354 go on');
    } else if (/^quit$/i.test(line)) {
      say('221 bye');
      socket.end();
    } else {
      to = /^rcpt to:<([^>]*)>/i.exec(line)?.[1] ?? to;
      say('250 ok');
    }
  });
}
