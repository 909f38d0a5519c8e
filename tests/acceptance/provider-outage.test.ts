import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApiProcess } from '#tests/support/api-process.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { Json } from '#tests/support/http-client.ts';
import { registerUser } from '#tests/support/http-client.ts';
import { accepted, assertComplete, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const DOCUMENTS = 8;

test('an outage of the provider opens the breaker: jobs wait without losing attempts, the API stays up, all ends well by itself', async (t) => {
  await using server = await startEmbeddingServer();
  await using stage = await startStage({ ...server.env, BREAKER_PAUSE_MS: '1000' });
  await using worker = await stage.startWorker();
  await using api = await startApiProcess(stage.env);
  const user = await registerUser(api);
  const assistant = await user.client.post('assistants', { name: 'Librarian' });
  const upload = (title: string) =>
    user.client.post('documents', { assistant_id: assistant.body.data.id, title, text: `${title} of hay.` });
  const ready = async (url: string): Promise<Json> => {
    const response = await fetch(`${url}/health/ready`);
    return { ...((await response.json()) as Json).data, code: response.status };
  };

  server.behave({ status: 503 });
  const documents = [];
  for (let number = 1; number <= DOCUMENTS; number++)
    documents.push(accepted(await upload(`Bale ${number}`)));
  const down = await waitFor(
    async () => {
      const state = await ready(worker.url);
      return state.breakers.embedding === 'open' && state;
    },
    { description: 'the breaker to open' },
  );
  assert.equal(down.code, 200, 'a worker whose provider is down is no broken worker');
  assert.match(down.warnings.join(), /embedding provider is down/);
  const metrics = await (await fetch(`${worker.url}/metrics`)).text();
  assert.match(metrics, /donkey_breaker_state\{service="embedding",state="(open|half-open)"[^}]*\} 1/);

  // Every job has met the outage, and most of them a breaker that was open already.
  const waiting = await waitFor(
    async () => {
      const rows = await stage.sql<{ status: string; attempts: number; failures: number; error: Json }>(
        `select status, attempts, failures, error from jobs where type = 'document.embed'`,
      );
      return rows.length === DOCUMENTS && rows.every(({ error }) => error !== null) && rows;
    },
    { description: 'all jobs to wait' },
  );
  const calls = server.calls.length;
  assert.ok(
    waiting.some(({ status, attempts, failures }) => status === 'queued' && attempts === 0 && failures === 0),
    'a refusal by the breaker costs neither attempt nor failure',
  );
  assert.ok(waiting.every(({ attempts, failures }) => failures <= attempts + 1));
  assert.ok(waiting.every(({ error }) => error.code === 'embedding.unavailable'));
  const shown = await user.client.get(`jobs/${documents.at(-1)!.jobId}`);
  assert.deepEqual(
    [shown.status, shown.body.data.status, shown.body.data.finished_at],
    [200, 'queued', null],
  );
  assert.notEqual(shown.body.data.error.next_retry_at, null);
  assert.equal((await upload('Meanwhile')).status, 202);
  const search = await user.client.post('search', { query: 'bale' });
  assert.deepEqual([search.status, search.body.meta.degraded], [200, true]);
  assert.equal((await ready(api.url)).code, 200);

  server.behave('answer');
  for (const { documentId, jobId } of documents) {
    assert.equal((await endOfJob(user.client, jobId)).status, 'succeeded');
    await assertComplete(stage, user.client, documentId);
  }
  await waitFor(async () => (await ready(worker.url)).breakers.embedding === 'closed', {
    description: 'the breaker to close by itself',
  });
  const [failures] = await stage.sql<{ most: number }>(
    `select max(attempts)::int as most from jobs where type = 'document.embed'`,
  );
  t.diagnostic(
    `${DOCUMENTS} documents, ${calls} calls in the outage; most attempts of a job: ${failures?.most}`,
  );
});
