import { once } from 'node:events';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { HttpClient } from './http-client.ts';

const BOUNDARY = 'donkey-boundary';
const END = `--${BOUNDARY}--\r\n`;
const FILE_HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n`;

const part = (name: string, value: string): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

/** Uploads of a user who means harm; none of them is ever a document. */
export interface HarmfulUploads {
  /** Begins a file, waits until the bytes are on their way, and hangs up in the middle of it. */
  readonly breakOff: () => Promise<undefined>;
  /** Sends a byte now and then and never ends; the caller ends it with what is returned. */
  readonly drip: (everyMs: number) => () => void;
  /** A form of a thousand parts; gives the status of the answer, 0 where the line was cut. */
  readonly thousandParts: () => Promise<number>;
  /** A field whose name is nested 30 deep, and is as long as names may be. */
  readonly deepName: () => Promise<number>;
  /** A field whose name is nested 1,000 deep. */
  readonly deeperName: () => Promise<number>;
}

/** @param client logged in to the API at `url` */
export function createHarmfulUploads(url: string, client: HttpClient): HarmfulUploads {
  const open = (): ClientRequest => {
    const upload = request(`${url}/api/v1/documents`, {
      method: 'POST',
      agent: false,
      headers: {
        cookie: client.cookieHeader(),
        'x-csrf-token': client.csrfToken ?? '',
        'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      },
    });
    // That the line is cut is what some of them are about.
    upload.on('error', () => undefined);
    return upload;
  };
  const send = async (body: string): Promise<number> => {
    const upload = open();
    upload.end(body);
    const [response] = (await Promise.race([
      once(upload, 'response'),
      once(upload, 'close').then(() => []),
    ])) as [IncomingMessage] | [];
    response?.resume();
    return response?.statusCode ?? 0;
  };
  return {
    breakOff: async () => {
      const upload = open();
      upload.write(FILE_HEAD + 'x'.repeat(256 * 1024));
      await once(upload, 'socket');
      await new Promise((resolve) => upload.write('y'.repeat(64 * 1024), resolve));
      upload.destroy();
      return undefined;
    },
    drip: (everyMs) => {
      const upload = open();
      upload.write(FILE_HEAD);
      const timer = setInterval(() => upload.write('.'), everyMs);
      return () => {
        clearInterval(timer);
        upload.destroy();
      };
    },
    thousandParts: () => send(Array.from({ length: 1000 }, (_, n) => part(`field${n}`, 'x')).join('') + END),
    deepName: () => send(part(`title${'[a]'.repeat(30)}`, 'x') + END),
    deeperName: () => send(part(`title${'[a]'.repeat(1000)}`, 'x') + END),
  };
}
