import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { startApiProcess } from '#tests/support/api-process.ts';
import type { ApiProcess } from '#tests/support/api-process.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { EmbeddingServer } from '#tests/support/embedding-server.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { TestUser } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import type { LogLine } from '#tests/support/product-process.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';
import { startWebhookReceiver } from '#tests/support/webhook-receiver.ts';
import type { WebhookReceiver } from '#tests/support/webhook-receiver.ts';
import type { WorkerProcess } from '#tests/support/worker-process.ts';

const STATE = 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7';

suite('a trace goes from the request through its jobs to the servers that they call', () => {
  let stack: AsyncDisposableStack;
  let stage: TestStage;
  let embedding: EmbeddingServer;
  let receiver: WebhookReceiver;
  let api: ApiProcess;
  let worker: WorkerProcess;
  let user: TestUser;
  let assistantId: string;
  before(async () => {
    stack = new AsyncDisposableStack();
    embedding = stack.use(await startEmbeddingServer());
    receiver = stack.use(await startWebhookReceiver());
    stage = stack.use(await startStage({ ...embedding.env, PROVIDER_ALLOWED_HOSTS: '127.0.0.1' }));
    api = stack.use(await startApiProcess(stage.env));
    worker = await stage.startWorker();
    user = await registerUser(api);
    await user.client.post('webhooks/secret');
    assistantId = (await user.client.post('assistants', { name: 'Tracker' })).body.data.id;
  });
  after(() => stack.disposeAsync());

  /** Uploads a text with these headers, and waits until its webhook has been told of the end. */
  async function upload(name: string, headers: Readonly<Record<string, string>>) {
    const url = receiver.url(name);
    const body = { assistant_id: assistantId, title: name, text: `A text about ${name}.`, webhook_url: url };
    const response = await user.client.post('documents', body, headers);
    assert.equal((await endOfJob(user.client, accepted(response).jobId)).status, 'succeeded');
    const told = await waitFor(() => receiver.received.find(({ path }) => path === `/${name}`), {
      description: 'the webhook',
    });
    const calls = embedding.calls.flatMap((texts, index) =>
      texts.some((text) => text.includes(name)) ? [embedding.headers[index]!] : [],
    );
    const id = response.headers.get('x-request-id');
    const of = (lines: readonly LogLine[]) => lines.filter((line) => line.correlation_id === id);
    const worked = await waitFor(
      () => {
        const lines = of(worker.logs);
        return lines.some((line) => line.job_type === 'webhook.deliver') && lines;
      },
      { description: 'the jobs in the log' },
    );
    return { told, calls, asked: of(api.logs), worked };
  }

  const partsOf = (header: unknown) => {
    const [version, traceId, spanId, flags] = String(header).split('-');
    return { version, traceId, spanId, flags };
  };

  test('the one that the caller names, with what other systems have added', async () => {
    const traceId = randomBytes(16).toString('hex');
    const parentId = randomBytes(8).toString('hex');
    const { told, calls, asked, worked } = await upload('named', {
      traceparent: `01-${traceId}-${parentId}-01-later`,
      tracestate: STATE,
    });
    const access = asked.find((line) => line.msg === 'request')!;
    for (const line of [...asked, ...worked]) {
      assert.equal(line.trace_id, traceId, JSON.stringify(line));
      assert.match(String(line.span_id), /^(?!0{16})[0-9a-f]{16}$/);
      assert.notEqual(line.span_id, parentId, 'a span of its own');
    }
    assert.deepEqual(new Set(asked.map((line) => line.span_id)), new Set([access.span_id]), 'one a request');
    const jobs = Map.groupBy(worked, (line) => String(line.job_id));
    const spans = [...jobs.values()].map((lines) => new Set(lines.map((line) => line.span_id)));
    assert.ok(spans.length >= 4 && spans.every((ids) => ids.size === 1), 'one an attempt');
    assert.equal(calls.length, 1);
    for (const [headers, type] of [
      [calls[0]!, 'document.embed'],
      [told.headers, 'webhook.deliver'],
    ] as const) {
      const { version, flags, ...ids } = partsOf(headers.traceparent);
      assert.deepEqual([version, flags, ids.traceId], ['00', '01', traceId]);
      assert.equal(ids.spanId, worked.find((line) => line.job_type === type)?.span_id, type);
      assert.equal(headers.tracestate, STATE);
    }
    const rows = await stage.sql<{ type: string; traceparent: string; tracestate: string }>(
      'select type, traceparent, tracestate from jobs where traceparent like $1 order by id',
      [`00-${traceId}-%`],
    );
    const parentOf = (type: string) => partsOf(rows.find((row) => row.type === type)?.traceparent).spanId;
    assert.ok(rows.every((row) => row.tracestate === STATE));
    assert.equal(parentOf('document.chunk'), access.span_id, 'made by the request');
    assert.equal(
      parentOf('document.embed'),
      worked.find((line) => line.job_type === 'document.chunk')?.span_id,
      'made by a job',
    );
  });

  test('a new one where the caller names none that can be read', async () => {
    const zero = `00-${'0'.repeat(32)}-b7ad6b7169203331-01`;
    const { told, calls, asked, worked } = await upload('unnamed', { traceparent: zero, tracestate: STATE });
    const { traceId, flags } = partsOf(told.headers.traceparent);
    assert.match(traceId!, /^(?!0{32})[0-9a-f]{32}$/);
    assert.equal(flags, '00', 'nobody records it');
    assert.equal(partsOf(calls[0]!.traceparent).traceId, traceId);
    assert.equal(told.headers.tracestate, undefined, 'it belongs to a trace that could not be read');
    for (const line of [...asked, ...worked]) assert.equal(line.trace_id, traceId);
  });

  test('the vector of a question is asked for within the trace of the search', async () => {
    const traceId = randomBytes(16).toString('hex');
    const before = embedding.headers.length;
    const found = await user.client.post(
      'search',
      { query: 'who is named', assistant_id: assistantId },
      { traceparent: `00-${traceId}-b7ad6b7169203331-00` },
    );
    assert.equal(found.status, 200, JSON.stringify(found.body));
    const asked = embedding.headers.slice(before).map(({ traceparent }) => partsOf(traceparent));
    assert.deepEqual(
      asked.map((parts) => [parts.traceId, parts.flags]),
      [[traceId, '00']],
    );
  });
});
