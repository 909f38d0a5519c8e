import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from './http-client.ts';

/** A message as it arrived. */
export interface ReceivedWebhook {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly message: Json;
  readonly at: number;
}

/** A receiver of webhooks on loopback that answers as a test tells it. */
export interface WebhookReceiver extends AsyncDisposable {
  /** Address of a webhook of a given name. */
  url(name: string): string;
  readonly received: readonly ReceivedWebhook[];
  /** Decides about each message from now on: a status, or 'hold' for no answer at all. */
  answer(decide: (message: ReceivedWebhook) => Answer): void;
}

export type Answer =
  number | 'hold' | { readonly status: number; readonly headers: Readonly<Record<string, string>> };

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  let decide: (message: ReceivedWebhook) => Answer = () => 200;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      const message = {
        path: request.url ?? '',
        headers: request.headers,
        body,
        message: JSON.parse(body),
        at: Date.now(),
      };
      received.push(message);
      reply(response, decide(message));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: (name) => `http://127.0.0.1:${port}/${name}`,
    received,
    answer: (wanted) => {
      decide = wanted;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function reply(response: ServerResponse, answer: Answer): void {
  if (answer === 'hold') return;
  if (typeof answer === 'number') response.writeHead(answer).end();
  else response.writeHead(answer.status, answer.headers).end();
}

/** Verifies a message as a receiver does that has read the specification and nothing of this product. */
export function isSignedBy({ headers, body }: ReceivedWebhook, secret: string): boolean {
  const id = String(headers['webhook-id']);
  const timestamp = String(headers['webhook-timestamp']);
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .some((part) => {
      const [version, signature = ''] = part.split(',');
      const given = Buffer.from(signature, 'base64');
      return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
    });
}
