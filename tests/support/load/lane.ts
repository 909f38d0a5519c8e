import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** One request, ready to be sent. */
export interface LaneRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** By name, without those that the lane writes: host and content-length. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface LaneAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** One keep-alive connection that carries one request at a time. */
export interface Lane extends Disposable {
  /** @throws Error when the connection breaks, or the answer takes longer than `PATIENCE_MS` */
  send(request: LaneRequest): Promise<LaneAnswer>;
}

const PATIENCE_MS = 30_000;
const HEAD_END = Buffer.from('\r\n\r\n');
const WITHOUT_BODY = new Set([204, 304]);

interface Waiting {
  readonly resolve: (answer: LaneAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Makes a client of few instructions: on a machine that also runs what is measured, a client library would be most of the
 * load. It reads answers that say how long they are, which all answers of the API do but streams.
 */
export function createLane(origin: string): Lane {
  const { hostname, port } = new URL(origin);
  let socket: Socket | undefined;
  let received: Buffer[] = [];
  let waiting: Waiting | undefined;

  const settle = (outcome: LaneAnswer | Error): void => {
    const was = waiting;
    waiting = undefined;
    received = [];
    if (outcome instanceof Error) was?.reject(outcome);
    else was?.resolve(outcome);
  };
  const open = (): Socket => {
    const opened = connect({ host: hostname, port: Number(port), noDelay: true });
    const lose = (error: Error): void => {
      opened.destroy();
      if (socket !== opened) return;
      socket = undefined;
      settle(error);
    };
    opened.setTimeout(PATIENCE_MS);
    opened.on('timeout', () => {
      // Without a request in hand nobody minds the silence.
      if (waiting !== undefined) lose(new Error('no answer in time'));
    });
    opened.on('error', lose);
    opened.on('close', () => lose(new Error('the connection was closed')));
    opened.on('data', (data) => {
      received.push(data);
      try {
        const answer = readAnswer(received);
        if (answer !== undefined) settle(answer);
      } catch (error) {
        lose(error as Error);
      }
    });
    return opened;
  };

  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket ??= open();
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
        const length = body === undefined ? '' : `content-length: ${body.length}\r\n`;
        socket.write(
          `${method} ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${lines.join('')}${length}\r\n`,
        );
        if (body !== undefined) socket.write(body);
      }),
    [Symbol.dispose]: () => {
      const was = socket;
      socket = undefined;
      was?.destroy();
    },
  };
}

/** Returns undefined while there is more to come. @throws Error for an answer that does not say its length */
function readAnswer(parts: Buffer[]): LaneAnswer | undefined {
  const all = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  parts.splice(0, parts.length, all);
  const end = all.indexOf(HEAD_END);
  if (end === -1) return undefined;
  const head = all.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  const length = WITHOUT_BODY.has(status) ? '0' : /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer ${status} of unknown length`);
  const begin = end + HEAD_END.length;
  if (all.length < begin + Number(length)) return undefined;
  return { status, body: all.subarray(begin, begin + Number(length)) };
}
