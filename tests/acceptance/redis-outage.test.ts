import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { startApiProcess } from '#tests/support/api-process.ts';
import type { ApiProcess } from '#tests/support/api-process.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import { accepted, assertComplete, endOfJob } from '#tests/support/ingestion.ts';
import { startTcpProxy } from '#tests/support/tcp-proxy.ts';
import type { TcpProxy } from '#tests/support/tcp-proxy.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

suite('an outage of Redis', () => {
  let stage: TestStage;
  let redis: TcpProxy;
  let api: ApiProcess;
  before(async () => {
    stage = await startStage();
    redis = await startTcpProxy(stage.env.REDIS_URL!);
    api = await startApiProcess({ ...stage.env, REDIS_URL: redis.url });
  });
  after(async () => {
    await api[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });
  const newUser = async () => {
    const user = await registerUser(api);
    const assistant = await user.client.post('assistants', { name: 'Librarian' });
    const upload = (title: string) =>
      user.client.post('documents', {
        assistant_id: assistant.body.data.id,
        title,
        text: `${title}, on hay.`,
      });
    return { ...user, upload };
  };
  const ready = async () => {
    const response = await fetch(`${api.url}/health/ready`);
    const { data } = (await response.json()) as { data: { warnings: string[] } };
    // Most of the time there is no worker here, which is told as well and is not the subject.
    const warnings = data.warnings.filter((warning) => !warning.includes('WORKER_QUEUES'));
    return { status: response.status, body: { data: { warnings } } };
  };

  test('uploads are taken in, jobs and everything else can be read, and the API stays in service', async () => {
    const user = await newUser();
    await redis.cut();
    const warned = await waitFor(
      async () => {
        const { status, body } = await ready();
        assert.equal(status, 200, 'a balancer must not take out all instances at once');
        return body.data.warnings.length === 2 && body.data.warnings;
      },
      { description: 'the warnings' },
    );
    assert.match(warned.join(), /queues is away.*limits are counted by each process/);
    const uploads = [];
    for (let number = 1; number <= 5; number++) uploads.push(accepted(await user.upload(`Upload ${number}`)));
    for (const { documentId, jobId } of uploads) {
      const job = await user.client.get(`jobs/${jobId}`);
      assert.deepEqual([job.status, job.body.data.status], [200, 'queued']);
      assert.equal((await user.client.get(`documents/${documentId}`)).status, 200);
      assert.equal((await user.client.get(`documents/${documentId}/progress`)).status, 200);
    }
    assert.equal((await user.client.get('jobs')).status, 200);
    assert.equal((await user.client.post('search', { query: 'hay' })).status, 200);
    assert.equal((await registerUser(api)).client.cookies.size > 0, true, 'people can still log in');

    await redis.restore();
    await waitFor(async () => (await ready()).body.data.warnings.length === 0, {
      description: 'no warnings',
    });
    await using _ = await stage.startWorker();
    for (const { documentId, jobId } of uploads) {
      assert.equal((await endOfJob(user.client, jobId)).status, 'succeeded');
      await assertComplete(stage, user.client, documentId);
    }
  });

  test('after an hour without Redis the work is begun at once, each document once', async () => {
    const user = await newUser();
    await redis.cut();
    const uploads = [];
    for (let number = 1; number <= 5; number++) uploads.push(accepted(await user.upload(`Old ${number}`)));
    const ids = uploads.map(({ documentId }) => documentId);
    await stage.sql(
      `update jobs set created_at = created_at - interval '1 h', run_at = run_at - interval '1 h',
         updated_at = updated_at - interval '1 h' where document_id = any($1)`,
      [ids],
    );
    await redis.restore();
    const began = performance.now();
    await using _one = await stage.startWorker();
    await using _other = await stage.startWorker();
    for (const { documentId, jobId } of uploads) {
      assert.equal((await endOfJob(user.client, jobId)).status, 'succeeded');
      await assertComplete(stage, user.client, documentId);
    }
    assert.ok(performance.now() - began < 60_000);
    const attempts = await stage.sql<{ attempts: number }>(
      'select attempts from jobs where document_id = any($1) and queue is not null',
      [ids],
    );
    assert.ok(attempts.every((job) => job.attempts === 1));
  });

  test('an API that dies between its commit and the queue has lost nothing', async () => {
    await using frail = await startTcpProxy(stage.env.REDIS_URL!);
    await using doomed = await startApiProcess({ ...stage.env, REDIS_URL: frail.url });
    const user = await registerUser(doomed);
    const assistant = await user.client.post('assistants', { name: 'Librarian' });
    // Nothing can be handed over any more: the API dies with the commit done and the queue not told.
    await frail.cut();
    const wish = {
      assistant_id: assistant.body.data.id,
      title: 'Orphan',
      text: 'Committed, and never queued.',
    };
    const { documentId, jobId } = accepted(await user.client.post('documents', wish));
    await doomed.stop('SIGKILL');
    const [row] = await stage.sql<{ enqueued_at: Date | null }>(
      `select enqueued_at from jobs where document_id = $1 and type = 'document.chunk'`,
      [documentId],
    );
    assert.equal(row?.enqueued_at, null);
    await using _ = await stage.startWorker();
    await using next = await startApiProcess(stage.env);
    const survivor = new HttpClient(next.url);
    for (const [name, value] of user.client.cookies) survivor.cookies.set(name, value);
    assert.equal((await endOfJob(survivor, jobId)).status, 'succeeded');
    await assertComplete(stage, survivor, documentId);
  });
});
