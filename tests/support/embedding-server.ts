import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Env } from '#shared/config/env.ts';

/** What the server does with a call: answers well, waits for `release`, refuses, or gives vectors of another length. */
export type Behaviour =
  | 'answer'
  | 'hold'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly dimensions: number };

/**
 * An OpenAI-compatible `/v1/embeddings` on loopback that does as a test tells it. Its vectors depend on the text alone; the
 * name of a model may end in the length of its vectors, as in `words-384`.
 */
export interface EmbeddingServer extends AsyncDisposable {
  /** Settings that make the product use it. */
  readonly env: Env;
  /** Texts of every call so far, whatever became of it. */
  readonly calls: readonly (readonly string[])[];
  /** Model named by every call so far. */
  readonly models: readonly string[];
  /** Authorization headers of every call so far. */
  readonly keys: readonly string[];
  /** Headers of every call so far. */
  readonly headers: readonly IncomingHttpHeaders[];
  /** Calls that wait now. */
  readonly held: number;
  /** Decides about each call from now on; 'answer' until then. */
  behave(decide: Behaviour | ((texts: readonly string[], model: string) => Behaviour)): void;
  /** Answers all calls that wait, and those to come. */
  release(): void;
}

const DIMENSIONS = 64;

export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  const calls: string[][] = [];
  const models: string[] = [];
  const keys: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const waiting = new Map<ServerResponse, () => void>();
  let decide: (texts: readonly string[], model: string) => Behaviour = () => 'answer';
  const server = createServer((request, response) => {
    void readCall(request).then(({ input: texts, model }) => {
      calls.push(texts);
      models.push(model);
      keys.push(request.headers.authorization ?? '');
      headers.push(request.headers);
      const length = Number(/-(\d+)$/.exec(model)?.[1] ?? DIMENSIONS);
      const behaviour = decide(texts, model);
      if (behaviour !== 'hold') {
        reply(response, texts, behaviour, length);
        return;
      }
      waiting.set(response, () => reply(response, texts, 'answer', length));
      response.once('close', () => waiting.delete(response));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    env: {
      EMBEDDING_PROVIDER: 'openai',
      EMBEDDING_MODEL: 'words',
      EMBEDDING_DIMENSIONS: String(DIMENSIONS),
      EMBEDDING_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    },
    calls,
    models,
    keys,
    headers,
    get held() {
      return waiting.size;
    },
    behave: (wanted) => {
      decide = typeof wanted === 'function' ? wanted : () => wanted;
    },
    release: () => {
      decide = () => 'answer';
      for (const answer of waiting.values()) answer();
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function readCall(request: IncomingMessage): Promise<{ input: string[]; model: string }> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as { input: string[]; model: string };
}

function reply(
  response: ServerResponse,
  texts: readonly string[],
  behaviour: Exclude<Behaviour, 'hold'>,
  dimensions: number,
): void {
  if (typeof behaviour === 'object' && 'status' in behaviour) {
    response.writeHead(behaviour.status, behaviour.headers).end('{}');
    return;
  }
  const length = behaviour === 'answer' ? dimensions : behaviour.dimensions;
  const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: embed(text, length) }));
  const tokens = texts.reduce((sum, text) => sum + text.split(/\s+/).length, 0);
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ object: 'list', data, usage: { prompt_tokens: tokens, total_tokens: tokens } }));
}

/** Counts of words by the hash of each; the first number keeps wordless texts from being the zero vector. */
function embed(text: string, length: number): number[] {
  const vector = Array.from<unknown, number>({ length }, (_, index) => (index === 0 ? 0.1 : 0));
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const slot = createHash('sha256').update(word).digest().readUInt32BE() % length;
    vector[slot] = (vector[slot] ?? 0) + 1;
  }
  return vector;
}
