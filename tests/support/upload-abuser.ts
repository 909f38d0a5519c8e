import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** Somebody whose session the abuser has, and the address from which they come. */
export interface AbusiveUser {
  readonly cookie: string;
  readonly csrfToken: string;
  readonly address: string;
}

export interface AbuseOrder {
  readonly port: number;
  /** They hold a connection each, on which a file drips in. */
  readonly dripping: readonly AbusiveUser[];
  /** They send all else. */
  readonly users: readonly AbusiveUser[];
  /** So many connections at a time; where one ends, the next begins at once. */
  readonly connections: number;
}

/** What came of it. */
export interface AbuseReport {
  /** How often each kind was begun. */
  readonly kinds: Readonly<Record<Kind, number>>;
  /** Answers to forms, by status; `none` where the connection was closed. */
  readonly answers: Readonly<Record<string, number>>;
  /** Bodies that were still dripping at the end. */
  readonly dripping: number;
}

export type Kind = 'abort' | 'thousandParts' | 'deepName' | 'deeperName';

const BOUNDARY = 'donkey-boundary';
const END = `--${BOUNDARY}--\r\n`;
const FILE_HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n`;
const DRIP_MS = 50;

const part = (name: string, value: string): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

const FORMS: Readonly<Record<Exclude<Kind, 'abort'>, Buffer>> = {
  thousandParts: Buffer.from(Array.from({ length: 1000 }, (_, n) => part(`field${n}`, 'x')).join('') + END),
  deepName: Buffer.from(part(`title${'[a]'.repeat(30)}`, 'x') + END),
  deeperName: Buffer.from(part(`title${'[a]'.repeat(1000)}`, 'x') + END),
};
const HUGE = 10_485_760;
const FILE_BEGUN = Buffer.from(FILE_HEAD + 'x'.repeat(320 * 1024));
/** Ten aborts for each form of each kind: 500 to 150. */
const TURNS: readonly Kind[] = [...Array<Kind>(10).fill('abort'), 'thousandParts', 'deepName', 'deeperName'];

const headOf = ({ cookie, csrfToken }: AbusiveUser, length: number): Buffer =>
  Buffer.from(
    [
      'POST /api/v1/documents HTTP/1.1',
      'Host: donkey.test',
      `Cookie: ${cookie}`,
      `x-csrf-token: ${csrfToken}`,
      `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
      `Content-Length: ${length}`,
    ].join('\r\n') + '\r\n\r\n',
  );

/**
 * Sends uploads that mean harm as fast as it can, on bare sockets, so that the server and not the sender is the limit.
 * Ends what is under way when told to.
 */
class Abuser {
  readonly #order: AbuseOrder;
  readonly #sockets = new Set<Socket>();
  readonly #dripping = new Set<Socket>();
  readonly #kinds: Record<Kind, number> = { abort: 0, thousandParts: 0, deepName: 0, deeperName: 0 };
  readonly #answers: Record<string, number> = {};
  #turn = 0;
  #ended = false;

  constructor(order: AbuseOrder) {
    this.#order = order;
    for (const user of order.dripping) this.#drip(user);
    for (let index = 0; index < order.connections; index += 1) this.#next();
  }

  stop(): AbuseReport {
    this.#ended = true;
    const dripping = this.#dripping.size;
    for (const socket of this.#sockets) socket.destroy();
    return { kinds: this.#kinds, answers: this.#answers, dripping };
  }

  #open({ address }: AbusiveUser): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.#order.port, localAddress: address });
    this.#sockets.add(socket);
    // That it is cut is what some of them are about.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  }

  #next(): void {
    if (this.#ended) return;
    const { users } = this.#order;
    const turn = (this.#turn += 1);
    const kind = TURNS[turn % TURNS.length]!;
    const user = users[turn % users.length]!;
    this.#kinds[kind] += 1;
    const socket = this.#open(user);
    socket.once('close', () => this.#next());
    if (kind === 'abort') breakOff(socket, user);
    else this.#sendForm(socket, user, FORMS[kind]);
  }

  #sendForm(socket: Socket, user: AbusiveUser, form: Buffer): void {
    let status = 'none';
    socket.once('data', (answer) => {
      status = answer.toString('latin1').slice('HTTP/1.1 '.length).slice(0, 3);
      socket.destroy();
    });
    socket.once('close', () => (this.#answers[status] = (this.#answers[status] ?? 0) + 1));
    socket.write(headOf(user, form.length));
    socket.write(form);
  }

  #drip(user: AbusiveUser): void {
    const socket = this.#open(user);
    this.#dripping.add(socket);
    socket.write(headOf(user, HUGE));
    socket.write(FILE_HEAD);
    const timer = setInterval(() => socket.write('.'), DRIP_MS);
    const isOver = (): void => {
      clearInterval(timer);
      this.#dripping.delete(socket);
    };
    socket.once('data', isOver).once('close', isOver);
  }
}

/** Begins a file and hangs up as soon as its first bytes are on their way. */
function breakOff(socket: Socket, user: AbusiveUser): void {
  socket.write(headOf(user, HUGE));
  socket.write(FILE_BEGUN, () => socket.destroy());
}

let abuser: Abuser | undefined;
process.on('message', (message: AbuseOrder | 'stop') => {
  if (message === 'stop') process.send?.(abuser?.stop());
  else abuser = new Abuser(message);
});
