import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { createOpenAiEmbedder } from '#shared/embedding/openai-embedder.ts';
import type { OpenAiEmbedderConfig } from '#shared/embedding/openai-embedder.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { createCircuitBreaker } from '#shared/net/circuit-breaker.ts';
import { createProviderGuard } from '#shared/net/provider-guard.ts';
import { pauseBefore } from '#shared/net/repeat.ts';

interface Asked {
  readonly model: string;
  readonly input: readonly string[];
  readonly encoding_format: string;
}
type Respond = (asked: Asked, response: ServerResponse, call: number, request: IncomingMessage) => void;

const KEY = 'sk-canary-0123456789';
const signal = new AbortController().signal;

/** The vector of a text is its length and a one. */
const vectorsOf = ({ input }: Asked) => input.map((text, index) => ({ index, embedding: [text.length, 1] }));
const json = (response: ServerResponse, status: number, body: unknown, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};
const answer: Respond = (asked, response) => json(response, 200, { data: vectorsOf(asked) });

/** A provider on a port of its own, and an embedder that calls it. */
async function provider(respond: Respond, config: Partial<OpenAiEmbedderConfig> = {}, failures = 100) {
  const calls: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const asked = JSON.parse(body) as Asked;
      calls.push(asked);
      respond(asked, response, calls.length, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const metrics = createMetrics('test');
  let log = '';
  const logger = createLogger(
    { level: 'trace', service: 'test' },
    new Writable({
      write: (line: Buffer, _, done) => {
        log += line.toString();
        done();
      },
    }),
  );
  const embedder = createOpenAiEmbedder(
    {
      model: 'm',
      dimensions: 2,
      baseUrl,
      apiKey: KEY,
      batchSize: 2,
      timeoutMs: 5000,
      queryTimeoutMs: 5000,
      ...config,
    },
    {
      metrics,
      logger,
      retry: { attempts: 3, baseMs: 1, maxMs: 2000 },
      breaker: createCircuitBreaker({ service: 'embedding', metrics, logger, failures, pauseMs: 60_000 }),
      guard: createProviderGuard({ allowedHosts: ['127.0.0.1'], allowPrivate: false }),
    },
  );
  return {
    embedder,
    baseUrl,
    calls,
    metrics,
    logged: () => log,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const failsWith =
  (code: string, more: Partial<AppError> = {}) =>
  (error: unknown) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code);
    for (const [name, value] of Object.entries(more))
      assert.equal(error[name as keyof AppError], value, name);
    assert.ok(!JSON.stringify([error.message, error.detail, error.stack, String(error.cause)]).includes(KEY));
    return true;
  };

test('texts are sent in batches and their vectors put in order by index', async () => {
  await using it = await provider((asked, response, _, request) => {
    assert.equal(request.url, '/v1/embeddings');
    assert.equal(request.headers.authorization, `Bearer ${KEY}`);
    json(response, 200, { data: vectorsOf(asked).reverse(), usage: { total_tokens: 3 } });
  });
  const vectors = await it.embedder.embedDocuments(['a', 'bb', 'ccc', 'dddd', 'eeeee'], { signal });
  assert.deepEqual(
    vectors.map((vector) => vector[0]),
    [1, 2, 3, 4, 5],
  );
  assert.deepEqual(
    it.calls.map((call) => call.input.length),
    [2, 2, 1],
  );
  assert.equal(it.calls[0]?.encoding_format, 'float');
  assert.equal(it.calls[0].model, 'm');
  const texts = await it.metrics.embedderTexts.get();
  assert.equal(texts.values[0]?.value, 5);
  const tokens = await it.metrics.embedderTokens.get();
  assert.equal(tokens.values[0]?.value, 9, 'three calls of three tokens');
  const times = await it.metrics.embedderDuration.get();
  assert.equal(times.values.find(({ metricName = '' }) => metricName.endsWith('_count'))?.value, 3);
});

for (const usage of [undefined, null, 'much', {}, { total_tokens: -1 }, { total_tokens: '7' }])
  test(`an answer whose usage is ${JSON.stringify(usage)} is as good as any, and counts no tokens`, async () => {
    await using it = await provider((asked, response) =>
      json(response, 200, { data: vectorsOf(asked), usage }),
    );
    assert.equal((await it.embedder.embedQuery('four', { signal }))[0], 4);
    assert.deepEqual((await it.metrics.embedderTokens.get()).values, []);
  });

test('without a key no authorization is sent', async () => {
  await using it = await provider(
    (asked, response, call, request) => {
      assert.equal(request.headers.authorization, undefined);
      answer(asked, response, call, request);
    },
    { apiKey: undefined },
  );
  assert.equal((await it.embedder.embedQuery('four', { signal }))[0], 4);
});

test('5xx answers and broken connections are tried again', async () => {
  await using it = await provider((asked, response, call, request) => {
    if (call === 1) json(response, 503, {});
    else if (call === 2) response.destroy();
    else answer(asked, response, call, request);
  });
  const vectors = await it.embedder.embedDocuments(['abc'], { signal });
  assert.equal(vectors[0]?.[0], 3);
  assert.equal(it.calls.length, 3);
});

test('a provider that stays down is unavailable after the last attempt', async () => {
  await using it = await provider((_, response) => json(response, 500, { error: `your key ${KEY}` }));
  await assert.rejects(it.embedder.embedDocuments(['a'], { signal }), failsWith('embedding.unavailable'));
  assert.equal(it.calls.length, 3);
});

test('a question is asked once', async () => {
  await using it = await provider((_, response) => json(response, 503, {}));
  await assert.rejects(it.embedder.embedQuery('a', { signal }), failsWith('embedding.unavailable'));
  assert.equal(it.calls.length, 1);
});

test('a throttled call is repeated, unless the provider asks for a long pause', async () => {
  await using short = await provider((asked, response, call, request) => {
    if (call === 1) json(response, 429, {}, { 'retry-after': '0' });
    else answer(asked, response, call, request);
  });
  await short.embedder.embedDocuments(['a'], { signal });
  assert.equal(short.calls.length, 2);
  await using long = await provider((_, response) => json(response, 429, {}, { 'retry-after': '120' }));
  await assert.rejects(
    long.embedder.embedDocuments(['a'], { signal }),
    failsWith('embedding.throttled', { retryAfterSeconds: 120 }),
  );
  assert.equal(long.calls.length, 1);
});

test('a pause that a provider asks for is a day at most, and none where it cannot be read', async () => {
  const pauses: [string, number | undefined][] = [
    ['999999999999', 86_400],
    ['9'.repeat(400), 86_400],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 86_400],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['tomorrow', undefined],
  ];
  for (const [header, seconds] of pauses) {
    await using it = await provider((_, response) => json(response, 429, {}, { 'retry-after': header }));
    await assert.rejects(
      it.embedder.embedQuery('a', { signal }),
      failsWith('embedding.throttled', { retryAfterSeconds: seconds }),
    );
  }
});

test('refusals are final and say nothing of the provider’s words', async () => {
  for (const status of [400, 401, 404, 413]) {
    await using it = await provider((_, response) =>
      json(response, status, { error: `Incorrect key ${KEY}` }),
    );
    await assert.rejects(it.embedder.embedDocuments(['a'], { signal }), failsWith('embedding.rejected'));
    assert.equal(it.calls.length, 1);
    assert.ok(!it.logged().includes(KEY));
  }
});

test('redirects are not followed', async () => {
  await using other = await provider(answer);
  await using it = await provider((_, response) =>
    json(response, 307, {}, { location: `${other.baseUrl}/embeddings` }),
  );
  await assert.rejects(it.embedder.embedDocuments(['a'], { signal }), failsWith('embedding.rejected'));
  assert.equal(it.calls.length, 1);
  assert.equal(other.calls.length, 0);
});

test('vectors of another length are refused, never cut or filled up', async () => {
  for (const embedding of [[1], [1, 2, 3], []]) {
    await using it = await provider((_, response) =>
      json(response, 200, { data: [{ index: 0, embedding }] }),
    );
    await assert.rejects(it.embedder.embedQuery('a', { signal }), failsWith('embedding.dimension_mismatch'));
  }
});

test('answers that do not hold one usable vector for each text are refused', async () => {
  const bad = [
    {},
    { data: 'no' },
    { data: [] },
    { data: [{ index: 0, embedding: [1, 2] }] },
    { data: [0, 0].map((index) => ({ index, embedding: [1, 2] })) },
    { data: [0, 5].map((index) => ({ index, embedding: [1, 2] })) },
    { data: [0, 1].map((index) => ({ index, embedding: [1, 'x'] })) },
    { data: [0, 1].map((index) => ({ index, embedding: [null, 1] })) },
    { data: [0, 1].map((index) => ({ index, embedding: [0, 0] })) },
  ];
  for (const body of bad) {
    await using it = await provider((_, response) => json(response, 200, body));
    await assert.rejects(it.embedder.embedDocuments(['a', 'b'], { signal }), failsWith('embedding.rejected'));
    assert.equal(it.calls.length, 1, JSON.stringify(body));
  }
});

test('an answer without end is cut off, one that is not JSON is tried again', async () => {
  await using endless = await provider((_, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(' '.repeat(65_536)));
    };
    response.on('drain', more);
    more();
  });
  await assert.rejects(endless.embedder.embedQuery('a', { signal }), failsWith('embedding.rejected'));
  await using html = await provider((asked, response, call, request) => {
    if (call === 1) response.end('<html>');
    else answer(asked, response, call, request);
  });
  assert.equal((await html.embedder.embedDocuments(['a'], { signal })).length, 1);
});

test('a silent provider is given up after the timeout', async () => {
  await using it = await provider(() => undefined, { queryTimeoutMs: 30 });
  await assert.rejects(it.embedder.embedQuery('a', { signal }), failsWith('embedding.unavailable'));
  assert.equal(it.calls.length, 1);
});

test('the caller can end a call and a pause between two', async () => {
  const reason = new Error('the job was cancelled');
  const during = new AbortController();
  await using silent = await provider(() => during.abort(reason));
  await assert.rejects(silent.embedder.embedDocuments(['a'], { signal: during.signal }), reason);
  const between = new AbortController();
  await using throttled = await provider((_, response) => {
    json(response, 429, {}, { 'retry-after': '2' });
    response.on('close', () => setImmediate(() => between.abort(reason)));
  });
  await assert.rejects(throttled.embedder.embedDocuments(['a'], { signal: between.signal }), reason);
  assert.equal(throttled.calls.length, 1);
});

test('the breaker opens after failures in a row and spares the provider', async () => {
  await using it = await provider((_, response) => json(response, 503, {}), {}, 2);
  for (let call = 0; call < 4; call++)
    await assert.rejects(it.embedder.embedQuery('a', { signal }), failsWith('embedding.unavailable'));
  assert.equal(it.calls.length, 2);
  const open = await it.metrics.breakerOpen.get();
  assert.equal(open.values[0]?.value, 1);
  await using throttled = await provider((_, response) => json(response, 429, {}), {}, 2);
  for (let call = 0; call < 4; call++)
    await assert.rejects(throttled.embedder.embedQuery('a', { signal }), failsWith('embedding.throttled'));
  assert.equal(throttled.calls.length, 4);
});

test('pauses grow exponentially, with full jitter, up to the longest', () => {
  const retry = { attempts: 9, baseMs: 100, maxMs: 1000 };
  const longest = [1, 2, 3, 4, 5].map((n) => pauseBefore(n, undefined, { ...retry, random: () => 1 }));
  assert.deepEqual(longest, [100, 200, 400, 800, 1000]);
  assert.equal(pauseBefore(3, undefined, { ...retry, random: () => 0 }), 0);
  assert.equal(pauseBefore(1, 1, { ...retry, random: () => 0.5 }), 1000);
  assert.equal(pauseBefore(1, 2, retry), undefined);
});

test("one user's broken server opens a breaker of its own: nobody else notices", async () => {
  await using broken = await provider((_, response) => json(response, 500, {}));
  await using good = await provider(answer);
  const credential = { apiKey: 'own-key', baseUrl: broken.baseUrl };
  const codes: string[] = [];
  for (let attempt = 0; attempt < 8; attempt++)
    await good.embedder
      .embedQuery('text', { signal, credential })
      .catch((error: unknown) => codes.push((error as AppError).code));
  assert.equal(codes.length, 8);
  assert.equal(broken.calls.length, 5, 'left alone after five failures');
  assert.equal((await good.embedder.embedQuery('four', { signal }))[0], 4);
  const gauge = await good.metrics.breakerOpen.get();
  assert.deepEqual(
    gauge.values.map(({ labels, value }) => [labels.service, value]),
    [['embedding', 0]],
  );
});

test('an address of a user is refused where there is no guard, and where the guard does not trust it', async () => {
  await using it = await provider(answer);
  const { logger, metrics } = {
    logger: createLogger({ level: 'silent', service: 'test' }),
    metrics: it.metrics,
  };
  const config = { model: 'm', dimensions: 2, baseUrl: it.baseUrl, apiKey: KEY };
  const times = { batchSize: 2, timeoutMs: 5000, queryTimeoutMs: 5000 };
  for (const guard of [undefined, createProviderGuard({ allowedHosts: [], allowPrivate: false })]) {
    const embedder = createOpenAiEmbedder(
      { ...config, ...times },
      { logger, metrics, ...(guard === undefined ? {} : { guard }) },
    );
    const credential = { apiKey: 'own-key', baseUrl: it.baseUrl };
    await assert.rejects(
      embedder.embedQuery('text', { signal, credential }),
      (error) => error instanceof AppError && error.code === 'credential.base_url_forbidden',
    );
  }
  assert.equal(it.calls.length, 0);
});
