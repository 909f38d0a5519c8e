import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { currentSpan, withCorrelation } from '#shared/logging/correlation.ts';
import { plainSpan, plainTracer } from '#shared/tracing/span.ts';
import { LONGEST_STATE, newTrace, parseTrace, traceHeaders } from '#shared/tracing/trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const good = `00-${TRACE}-${PARENT}-01`;

suite('W3C Trace Context', () => {
  test('a trace is read and told again as it came', () => {
    const trace = parseTrace(good, 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7');
    assert.deepEqual(trace, {
      traceId: TRACE,
      spanId: PARENT,
      sampled: true,
      state: 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7',
    });
    assert.deepEqual(traceHeaders(trace), {
      traceparent: good,
      tracestate: 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7',
    });
    assert.deepEqual(traceHeaders(parseTrace(`00-${TRACE}-${PARENT}-00`, null)!), {
      traceparent: `00-${TRACE}-${PARENT}-00`,
    });
  });

  test('of a higher version what version 00 knows is read', () => {
    for (const [header, sampled] of [
      [`01-${TRACE}-${PARENT}-01`, true],
      [`cc-${TRACE}-${PARENT}-02-what-the-future-will-be`, false],
      [`fe-${TRACE}-${PARENT}-ff-`, true],
    ] as const) {
      const trace = parseTrace(header, undefined);
      assert.deepEqual([trace?.traceId, trace?.spanId, trace?.sampled], [TRACE, PARENT, sampled], header);
      assert.equal(traceHeaders(trace!).traceparent.slice(0, 3), '00-');
    }
  });

  test('what cannot be read begins no trace and breaks nothing', () => {
    for (const header of [
      undefined,
      null,
      '',
      'nonsense',
      `ff-${TRACE}-${PARENT}-01`,
      `00-${TRACE}-${PARENT}-01-more`,
      `00-${TRACE}-${PARENT}-01.`,
      `01-${TRACE}-${PARENT}-01.more`,
      `00-${TRACE.toUpperCase()}-${PARENT}-01`,
      `00-${'0'.repeat(32)}-${PARENT}-01`,
      `00-${TRACE}-${'0'.repeat(16)}-01`,
      `00-${TRACE.slice(1)}-${PARENT}-01`,
      `00-${TRACE}-${PARENT}`,
      `${good}, ${good}`,
      `00-${TRACE}-${PARENT}-0`,
    ])
      assert.equal(parseTrace(header, 'congo=t61rcWkgMzE'), undefined, String(header));
  });

  test('a state that cannot be read is left out, one that is too long loses its end', () => {
    const stateOf = (state: string) => parseTrace(good, state)?.state;
    assert.equal(stateOf('a=1, ,\tb@c=2 x,'), 'a=1,b@c=2 x');
    for (const bad of ['a', 'a=1,a=2', 'A=1', '=1', 'a=1=2', 'a=\u00e9', 'a=1,b@=2'])
      assert.equal(stateOf(bad), '', bad);
    const of = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=v`).join(',');
    assert.equal(stateOf(of(32)), of(32));
    assert.equal(stateOf(of(33)), '');
    const long = Array.from({ length: 10 }, (_, index) => `k${index}=${'v'.repeat(100)}`).join(',');
    const kept = stateOf(long)!;
    assert.ok(kept.length <= LONGEST_STATE && kept.length > LONGEST_STATE - 110 && long.startsWith(kept));
    assert.match(kept, /,k3=v{100}$/);
  });

  test('new traces are well formed and differ', () => {
    const traces = Array.from({ length: 100 }, newTrace);
    assert.equal(new Set(traces.map(({ traceId }) => traceId)).size, 100);
    for (const trace of traces) assert.deepEqual(parseTrace(traceHeaders(trace).traceparent, null), trace);
  });
});

test('a span goes on with the trace of its parent, under an id of its own', () => {
  const parent = parseTrace(good, 'congo=t61rcWkgMzE');
  const { context } = plainTracer().begin('GET', 'server', parent);
  assert.deepEqual(
    { ...context, spanId: PARENT },
    { traceId: TRACE, spanId: PARENT, sampled: true, state: 'congo=t61rcWkgMzE' },
  );
  assert.notEqual(context.spanId, PARENT);
});

test('an operation with a correlation id of its own stays in the trace around it', () => {
  const span = plainSpan(newTrace());
  withCorrelation(
    'request',
    () => withCorrelation('request.0', () => assert.equal(currentSpan(), span)),
    span,
  );
  assert.equal(currentSpan(), undefined);
});
