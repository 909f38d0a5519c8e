import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { startApiProcess } from '#tests/support/api-process.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import { registerUser } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import { startTraceCollector } from '#tests/support/trace-collector.ts';
import type { CollectedSpan } from '#tests/support/trace-collector.ts';

const [SERVER, CLIENT, CONSUMER] = [2, 3, 5];
const FAILED = 2;

const ids = () => ({ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') });

test('spans of requests, statements, jobs and calls of providers reach a collector, each below its parent', async (t) => {
  await using collector = await startTraceCollector();
  await using embedding = await startEmbeddingServer();
  await using stage = await startStage({
    ...embedding.env,
    PROVIDER_ALLOWED_HOSTS: '127.0.0.1',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    // What begins here is not recorded: only what a caller records is.
    OTEL_TRACES_SAMPLER_ARG: '0',
  });
  await using api = await startApiProcess(stage.env);
  const worker = await stage.startWorker();
  const user = await registerUser(api);
  const { body } = await user.client.post('assistants', { name: 'Tracker' });
  const parent = ids();
  const upload = await user.client.post(
    'documents',
    { assistant_id: body.data.id, title: 'Traced', text: 'A donkey that is followed.' },
    { traceparent: `00-${parent.traceId}-${parent.spanId}-01`, 'x-request-id': 'followed' },
  );
  assert.equal((await endOfJob(user.client, accepted(upload).jobId)).status, 'succeeded');
  await stage.sql('alter table memories rename to elsewhere');
  const broken = ids();
  const failed = await user.client.get(`assistants/${body.data.id}/memories`, {
    traceparent: `00-${broken.traceId}-${broken.spanId}-01`,
  });
  assert.equal(failed.status, 500);
  // What is left is sent when a process stops.
  assert.equal((await worker.stop('SIGTERM')).code, 0);
  assert.equal((await api.stop('SIGTERM')).code, 0);

  const { spans } = collector;
  assert.deepEqual(
    new Set(spans.map(({ traceId }) => traceId)),
    new Set([parent.traceId, broken.traceId]),
    'nothing but what callers record',
  );
  const of = (traceId: string) => spans.filter((span) => span.traceId === traceId);
  const one = (found: readonly CollectedSpan[], what: string): CollectedSpan => {
    assert.ok(found[0] !== undefined, `no span of ${what}`);
    return found[0];
  };
  const mine = of(parent.traceId);
  const request = one(
    mine.filter(({ kind }) => kind === SERVER),
    'the request',
  );
  assert.deepEqual(
    [request.service, request.name, request.parentSpanId, request.attributes['donkey.correlation_id']],
    ['donkey-api', 'POST /api/v1/documents', parent.spanId, 'followed'],
  );
  assert.equal(Number(request.attributes['http.response.status_code']), 202);
  const jobs = mine.filter(({ kind }) => kind === CONSUMER);
  const chunk = one(
    jobs.filter(({ name }) => name === 'job document.chunk'),
    'the first job',
  );
  assert.deepEqual([chunk.service, chunk.parentSpanId], ['donkey-worker', request.spanId]);
  const embed = one(
    jobs.filter(({ name }) => name === 'job document.embed'),
    'the embedding',
  );
  assert.equal(embed.parentSpanId, chunk.spanId);
  const call = one(
    mine.filter(({ kind, name }) => kind === CLIENT && name === 'POST'),
    'the provider',
  );
  assert.equal(call.parentSpanId, embed.spanId);
  const known = new Set([parent.spanId, ...mine.map(({ spanId }) => spanId)]);
  const statements = mine.filter(({ attributes }) => attributes['db.system.name'] === 'postgresql');
  assert.ok(statements.some(({ parentSpanId }) => parentSpanId === request.spanId));
  assert.ok(statements.some(({ parentSpanId }) => parentSpanId === chunk.spanId));
  for (const { name, parentSpanId } of mine)
    assert.ok(known.has(parentSpanId ?? ''), `${name} hangs in the air`);
  assert.doesNotMatch(JSON.stringify(mine), /followed\.|insert into/i, 'no texts and no statements');
  const fault = one(
    of(broken.traceId).filter(({ kind }) => kind === SERVER),
    'the request that fails',
  );
  assert.deepEqual([fault.status.code, fault.attributes['error.type']], [FAILED, '500']);
  t.diagnostic(`${mine.length} spans of one upload, ${statements.length} of them statements`);
});

test('a collector that is away keeps nobody waiting', async () => {
  await using stage = await startStage({
    // Nothing listens on the discard port of this host.
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  });
  await using api = await startApiProcess(stage.env);
  const user = await registerUser(api);
  assert.equal((await user.client.get('assistants')).status, 200);
  assert.equal((await api.stop('SIGTERM')).code, 0);
});
