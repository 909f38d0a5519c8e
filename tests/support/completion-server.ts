import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Env } from '#shared/config/env.ts';

/** A request as the provider was sent it. */
export interface ChatCall {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly stream: boolean;
  readonly stream_options?: { readonly include_usage: boolean };
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
}

/** What the server does with a call. */
export type ChatBehaviour =
  /** Answers with these words, a piece each. */
  | { readonly say: readonly string[]; readonly usage?: boolean; readonly finish?: string }
  /** Refuses. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Takes the request and says nothing. */
  | 'hang'
  /** Says these words one by one, the next whenever `drip` is called, and then waits. */
  | { readonly drip: readonly string[] }
  /** Says these words and then drops the connection. */
  | { readonly cut: readonly string[] }
  /** Sends these bytes as the body. */
  | { readonly raw: string; readonly type?: string };

/** An OpenAI-compatible `/v1/chat/completions` on loopback that does as a test tells it. */
export interface CompletionServer extends AsyncDisposable {
  /** Settings that make the product use it. */
  readonly env: Env;
  readonly baseUrl: string;
  /** Every call so far, whatever became of it. */
  readonly calls: readonly ChatCall[];
  /** Authorization headers of every call so far. */
  readonly keys: readonly string[];
  /** Calls whose connection is open and whose answer is not complete. */
  readonly open: number;
  /** Calls that the client has broken off. */
  readonly aborted: number;
  /** Decides about each call from now on. */
  behave(decide: ChatBehaviour | ((call: ChatCall, number: number) => ChatBehaviour)): void;
  /** Lets every dripping answer say its next word, and end after the last. */
  drip(): void;
}

export const MODEL = 'parrot-1';

export async function startCompletionServer(): Promise<CompletionServer> {
  const calls: ChatCall[] = [];
  const keys: string[] = [];
  const open = new Set<ServerResponse>();
  const drips = new Map<ServerResponse, () => void>();
  let aborted = 0;
  let decide: (call: ChatCall, number: number) => ChatBehaviour = () => ({ say: ['All ', 'is ', 'well.'] });
  const server = createServer((request, response) => {
    void readCall(request).then((call) => {
      calls.push(call);
      keys.push(request.headers.authorization ?? '');
      open.add(response);
      response.once('close', () => {
        open.delete(response);
        drips.delete(response);
        if (!response.writableFinished) aborted += 1;
      });
      const behaviour = decide(call, calls.length);
      if (behaviour === 'hang') return;
      if ('drip' in behaviour) drips.set(response, dripping(response, behaviour.drip));
      else answer(response, call, behaviour);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    env: { COMPLETION_PROVIDER: 'openai', COMPLETION_MODEL: MODEL, COMPLETION_BASE_URL: baseUrl },
    baseUrl,
    calls,
    keys,
    get open() {
      return open.size;
    },
    get aborted() {
      return aborted;
    },
    behave: (wanted) => {
      decide = typeof wanted === 'function' ? wanted : () => wanted;
    },
    drip: () => {
      for (const next of drips.values()) next();
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function readCall(request: IncomingMessage): Promise<ChatCall> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as ChatCall;
}

const USAGE = { prompt_tokens: 111, completion_tokens: 22, total_tokens: 133 };

const piece = (content: string): string =>
  event({ id: 'c1', model: MODEL, choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
const ending = (finish: string, usage: boolean): string =>
  event({ id: 'c1', model: MODEL, choices: [{ index: 0, delta: {}, finish_reason: finish }] }) +
  (usage ? event({ id: 'c1', model: MODEL, choices: [], usage: USAGE }) : '') +
  'data: [DONE]\n\n';

function answer(
  response: ServerResponse,
  call: ChatCall,
  behaviour: Exclude<ChatBehaviour, 'hang' | { drip: readonly string[] }>,
): void {
  if ('status' in behaviour) {
    response
      .writeHead(behaviour.status, { 'content-type': 'application/json', ...behaviour.headers })
      .end(JSON.stringify({ error: { message: 'the provider says no' } }));
    return;
  }
  if ('raw' in behaviour) {
    response.writeHead(200, { 'content-type': behaviour.type ?? 'text/event-stream' }).end(behaviour.raw);
    return;
  }
  if ('cut' in behaviour) {
    startStream(response);
    for (const word of behaviour.cut) response.write(piece(word));
    // Only once the words are on their way.
    response.write(': cut\n\n', () => setImmediate(() => response.destroy()));
    return;
  }
  const { say, usage = true, finish = 'stop' } = behaviour;
  if (!call.stream) {
    const message = { role: 'assistant', content: say.join('') };
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        model: MODEL,
        choices: [{ index: 0, message, finish_reason: finish }],
        ...(usage ? { usage: USAGE } : {}),
      }),
    );
    return;
  }
  startStream(response);
  for (const word of say) response.write(piece(word));
  response.end(ending(finish, usage));
}

const startStream = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
};

function dripping(response: ServerResponse, words: readonly string[]): () => void {
  startStream(response);
  const left = [...words];
  const next = (): void => {
    const word = left.shift();
    if (word === undefined) response.end(ending('stop', true));
    else response.write(piece(word));
  };
  next();
  return next;
}
