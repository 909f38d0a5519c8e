import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, before, beforeEach, suite, test } from 'node:test';
import { createOpenAiCompleter } from '#shared/completion/openai-completer.ts';
import type { ChatMessage, CompletionEnd, CompletionRequest } from '#shared/completion/completer.ts';
import { estimatedUsage } from '#shared/completion/token-usage.ts';
import type { CompletionConfig } from '#shared/config/completion-config.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { createCircuitBreaker } from '#shared/net/circuit-breaker.ts';
import { createProviderGuard } from '#shared/net/provider-guard.ts';
import { MODEL, startCompletionServer } from '#tests/support/completion-server.ts';
import type { CompletionServer } from '#tests/support/completion-server.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const KEY = 'sk-canary-0123456789';
const messages: ChatMessage[] = [
  { role: 'system', content: 'You are a parrot.' },
  { role: 'user', content: 'How is it going?' },
];
const request: CompletionRequest = { messages, question: 'How is it going?', passages: [] };
const never = new AbortController().signal;

suite('the openai completer', () => {
  let server: CompletionServer;
  before(async () => {
    server = await startCompletionServer();
  });
  beforeEach(() => server.behave({ say: ['All ', 'is ', 'well.'] }));
  after(() => server[Symbol.asyncDispose]());

  const make = (config: Partial<CompletionConfig> = {}, failures = 100) => {
    const metrics = createMetrics('test');
    const sink = new Writable({ write: (_line, _encoding, done) => done() });
    const logger = createLogger({ level: 'trace', service: 'test' }, sink);
    const completer = createOpenAiCompleter(
      {
        provider: 'openai',

        baseUrl: server.baseUrl,
        apiKey: KEY,
        maxTokens: 100,
        maxTokensField: 'max_tokens',
        contextTokens: 1000,
        firstByteTimeoutMs: 5000,
        idleTimeoutMs: 5000,
        timeoutMs: 10_000,
        ...config,
        model: MODEL,
      },
      {
        metrics,
        logger,
        retry: { attempts: 3, baseMs: 1, maxMs: 2000 },
        breaker: createCircuitBreaker({ service: 'completion', metrics, logger, failures, pauseMs: 60_000 }),
        guard: createProviderGuard({ allowedHosts: ['127.0.0.1'], allowPrivate: false }),
      },
    );
    return { completer, metrics };
  };
  type Made = ReturnType<typeof make>['completer'];

  const drain = async (
    stream: AsyncGenerator<string, CompletionEnd, undefined>,
    pieces: string[] = [],
  ): Promise<{ pieces: string[]; end: CompletionEnd }> => {
    for (;;) {
      const { done, value } = await stream.next();
      if (done === true) return { pieces, end: value };
      pieces.push(value);
    }
  };
  const failsWith = async (work: Promise<unknown>, code: ErrorCode): Promise<AppError> => {
    const error = await work.then(
      () => assert.fail('it did not fail'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code);
    return error;
  };
  const both: readonly [string, (made: Made, signal: AbortSignal) => Promise<unknown>][] = [
    ['stream', (made, signal) => drain(made.stream(request, { signal }))],
    ['complete', (made, signal) => made.complete(request, { signal })],
  ];

  test('streams pieces as they come and tells usage and model', async () => {
    const { completer, metrics } = make();
    const { pieces, end } = await drain(completer.stream(request, { signal: never }));
    assert.deepEqual(pieces, ['All ', 'is ', 'well.']);
    assert.deepEqual(end, {
      provider: 'openai',
      model: MODEL,
      usage: { promptTokens: 111, completionTokens: 22, estimated: false },
      finish: 'stop',
    });
    const call = server.calls.at(-1)!;
    assert.deepEqual(call.messages, messages);
    assert.equal(call.stream, true);
    assert.deepEqual(call.stream_options, { include_usage: true });
    assert.equal(call.max_tokens, 100);
    assert.equal(server.keys.at(-1), `Bearer ${KEY}`);
    const exposed = await metrics.registry.metrics();
    assert.match(exposed, /donkey_completer_tokens_total\{provider="openai",kind="completion".*\} 22/);
    assert.match(exposed, /donkey_completer_calls_total\{provider="openai",outcome="ok".*\} 1/);
  });

  test('answers in one piece as well', async () => {
    const answer = await make().completer.complete(request, { signal: never });
    assert.equal(answer.text, 'All is well.');
    assert.equal(answer.usage.promptTokens, 111);
    assert.equal(server.calls.at(-1)!.stream, false);
  });

  test('counts tokens itself when the provider does not', async () => {
    server.behave({ say: ['All is well.'], usage: false });
    const expected = estimatedUsage(messages, 'All is well.');
    assert.ok(expected.promptTokens > 8 && expected.completionTokens > 2 && expected.estimated);
    const { end } = await drain(make().completer.stream(request, { signal: never }));
    assert.deepEqual(end.usage, expected);
    assert.deepEqual((await make().completer.complete(request, { signal: never })).usage, expected);
  });

  test('asks for another model and fewer tokens where told to, by the name that the server knows', async () => {
    const { completer } = make({ maxTokensField: 'max_completion_tokens' });
    await completer.complete({ ...request, maxTokens: 7 }, { signal: never, model: 'other' });
    const call = server.calls.at(-1)!;
    assert.equal(call.model, 'other');
    assert.equal(call.max_completion_tokens, 7);
    assert.equal(call.max_tokens, undefined);
  });

  test('an answer cut off at the limit says so', async () => {
    server.behave({ say: ['All'], finish: 'length' });
    const { end } = await drain(make().completer.stream(request, { signal: never }));
    assert.equal(end.finish, 'length');
  });

  for (const [name, call] of both) {
    test(`${name}: tries again before the first piece, and not for ever`, async () => {
      server.behave((_, number) => (number % 3 === 0 ? { say: ['Well.'] } : { status: 503 }));
      while (server.calls.length % 3 !== 0) await make().completer.complete(request, { signal: never });
      const before = server.calls.length;
      await call(make().completer, never);
      assert.equal(server.calls.length - before, 3);
      server.behave({ status: 500 });
      await failsWith(call(make().completer, never), 'completion.unavailable');
      assert.equal(server.calls.length - before, 6);
    });

    test(`${name}: a refusal is an answer, and its words stay out`, async () => {
      const before = server.calls.length;
      server.behave({ status: 400 });
      const error = await failsWith(call(make().completer, never), 'completion.rejected');
      assert.doesNotMatch(error.message, /says no/);
      assert.equal(server.calls.length - before, 1);
      server.behave({ status: 429, headers: { 'retry-after': '30' } });
      const throttled = await failsWith(call(make().completer, never), 'completion.throttled');
      assert.equal(throttled.retryAfterSeconds, 30);
      assert.equal(server.calls.length - before, 2);
      server.behave({ status: 307, headers: { location: 'http://127.0.0.1:1/' } });
      await failsWith(call(make().completer, never), 'completion.rejected');
    });

    test(`${name}: what is no answer is refused`, async () => {
      for (const raw of ['{}', 'data: no json\n\n', 'data: {"choices":7}\n\n', '[]', '<html>']) {
        server.behave({ raw });
        const error = await call(make().completer, never).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        assert.ok(error instanceof AppError, `${raw}: ${String(error)}`);
        assert.match(error.code, /^completion\.(rejected|unavailable)$/, raw);
      }
    });

    test(`${name}: an answer without end is ended`, async () => {
      const word = `data: {"choices":[{"delta":{"content":"${'x'.repeat(5000)}"}}]}\n\n`;
      server.behave({ raw: word.repeat(200) });
      await failsWith(call(make().completer, never), 'completion.rejected');
    });

    test(`${name}: aborting ends the call at once`, async () => {
      server.behave('hang');
      const before = server.aborted;
      const abort = new AbortController();
      const work = call(make().completer, abort.signal);
      await waitFor(() => server.open > 0, { description: 'the call' });
      abort.abort(new Error('enough'));
      await assert.rejects(work, /enough/);
      await waitFor(() => server.aborted > before, { description: 'the end of the connection' });
    });
  }

  test('a provider that says nothing, pauses or never ends is left', async () => {
    server.behave('hang');
    const silent = make({ firstByteTimeoutMs: 50, timeoutMs: 10_000 }).completer;
    const error = await failsWith(drain(silent.stream(request, { signal: never })), 'completion.unavailable');
    assert.match(error.detail, /said nothing for 50 ms/);
    server.behave({ drip: ['All ', 'is'] });
    const pieces: string[] = [];
    const pausing = make({ idleTimeoutMs: 60 }).completer;
    const paused = await failsWith(
      drain(pausing.stream(request, { signal: never }), pieces),
      'completion.unavailable',
    );
    assert.match(paused.detail, /paused/);
    assert.deepEqual(pieces, ['All '], 'and what had come is kept, once');
    const slow = make({ timeoutMs: 80 }).completer;
    const timer = setInterval(() => server.drip(), 20);
    server.behave({ drip: Array.from({ length: 1000 }, () => 'x') });
    const late = await failsWith(drain(slow.stream(request, { signal: never })), 'completion.unavailable');
    clearInterval(timer);
    assert.match(late.detail, /longer than 80 ms/);
  });

  test('a stream that breaks off is an error and is not begun again', async () => {
    server.behave({ cut: ['All ', 'is '] });
    const before = server.calls.length;
    const pieces: string[] = [];
    const stream = make().completer.stream(request, { signal: never });
    await failsWith(drain(stream, pieces), 'completion.unavailable');
    assert.deepEqual(pieces, ['All ', 'is ']);
    assert.equal(server.calls.length - before, 1);
    server.behave({ raw: 'data: {"choices":[{"delta":{"content":"All"}}]}\n\n' });
    await failsWith(drain(make().completer.stream(request, { signal: never })), 'completion.unavailable');
    server.behave({ raw: 'data: {"choices":[{"delta":{"content":"All"},"finish_reason":"stop"}]}\n\n' });
    const { pieces: all } = await drain(make().completer.stream(request, { signal: never }));
    assert.deepEqual(all, ['All'], 'some servers leave [DONE] out');
    server.behave({
      raw: 'data: {"choices":[{"delta":{"content":"A"}}]}\n\ndata: {"error":{"message":"x"}}\n\n',
    });
    await failsWith(drain(make().completer.stream(request, { signal: never })), 'completion.unavailable');
  });

  test('leaving the stream ends the call', async () => {
    server.behave({ drip: ['All ', 'is ', 'well.'] });
    const before = server.aborted;
    for await (const piece of make().completer.stream(request, { signal: never })) {
      assert.equal(piece, 'All ');
      break;
    }
    await waitFor(() => server.aborted > before, { description: 'the end of the connection' });
  });

  test('the breaker opens after failures in a row and then costs nothing', async () => {
    const { completer, metrics } = make({}, 3);
    server.behave({ status: 500 });
    await failsWith(completer.complete(request, { signal: never }), 'completion.unavailable');
    const before = server.calls.length;
    const error = await failsWith(completer.complete(request, { signal: never }), 'completion.unavailable');
    assert.equal(server.calls.length, before);
    assert.equal(error.retryAfterSeconds, 60);
    assert.match(await metrics.registry.metrics(), /donkey_breaker_open\{service="completion"[^}]*\} 1/);
  });

  test('an own credential is used, and its refusal is its owner’s to mend', async () => {
    const credential = { apiKey: 'sk-own', baseUrl: server.baseUrl };
    const { completer } = make({ baseUrl: 'http://127.0.0.1:1/v1' });
    const answer = await completer.complete(request, { signal: never, credential });
    assert.equal(answer.text, 'All is well.');
    assert.equal(server.keys.at(-1), 'Bearer sk-own');
    server.behave({ status: 401 });
    await failsWith(completer.complete(request, { signal: never, credential }), 'credential.rejected');
    const inside = { apiKey: 'sk-own', baseUrl: 'http://169.254.169.254/v1' };
    await failsWith(
      completer.complete(request, { signal: never, credential: inside }),
      'credential.base_url_forbidden',
    );
  });
});
