import assert from 'node:assert/strict';
import { getPriority } from 'node:os';
import { after, before, suite, test } from 'node:test';
import { startApiProcess } from '#tests/support/api-process.ts';
import { stopWithJobs } from '#tests/support/drain.ts';
import { followJob } from '#tests/support/event-stream.ts';
import { registerUser } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { startProductProcess } from '#tests/support/product-process.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { TestStage } from '#tests/support/test-stage.ts';
import { startTcpProxy } from '#tests/support/tcp-proxy.ts';
import { waitFor } from '#tests/support/wait-for.ts';

suite('the two processes', () => {
  let stage: TestStage;
  before(async () => {
    stage = await startStage();
  });
  after(() => stage[Symbol.asyncDispose]());

  const get = async (url: string) => {
    const response = await fetch(url);
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      text: await response.text(),
    };
  };
  /** Sum of the samples of a metric that have the given labels. */
  const sample = (text: string, name: string, labels: string): number =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) && line.includes(labels))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);

  test('the API as a process: health, metrics on a port of its own, an upload, SIGTERM and exit code 0', async () => {
    await using api = await startApiProcess(stage.env);
    await using worker = await stage.startWorker();
    assert.deepEqual(JSON.parse((await get(`${api.url}/health`)).text).data?.status ?? 'ok', 'ok');
    assert.equal((await get(`${api.url}/health/ready`)).status, 200);
    assert.equal((await get(`${api.url}/metrics`)).status, 404, 'not on the public port');
    const user = await registerUser(api);
    const assistant = await user.client.post('assistants', { name: 'Porter' });
    const upload = await user.client.post(
      'documents',
      {
        assistant_id: assistant.body.data.id,
        title: 'Through processes',
        text: 'Two processes and a donkey.',
      },
      { 'x-request-id': 'traced-from-end-to-end' },
    );
    const correlationId = upload.headers.get('x-request-id')!;
    const { jobId } = accepted(upload);
    assert.equal((await endOfJob(user.client, jobId)).status, 'succeeded');
    const metrics = await get(api.metricsUrl);
    assert.equal(metrics.status, 200);
    assert.match(metrics.type, /^text\/plain/);
    assert.equal(sample(metrics.text, 'donkey_http_request_duration_seconds_count', 'status="202"'), 1);
    assert.ok(!metrics.text.includes(jobId), 'no ids in labels');
    assert.ok(api.logs.some((line) => line.correlation_id === correlationId));
    assert.ok(
      api.logs.concat(worker.logs).every((line) => line.service !== undefined),
      'all lines are JSON',
    );
    const worked = await waitFor(
      () => {
        const lines = worker.logs.filter((line) => line.correlation_id === correlationId);
        return lines.filter((line) => line.msg === 'job succeeded').length === 3 && lines;
      },
      { description: 'all three jobs in the log of the worker, under the id of the request' },
    );
    assert.ok(worked.length >= 2);
    assert.ok(
      !JSON.stringify([...api.logs, ...worker.logs]).includes(user.password),
      'no password in any log',
    );
    assert.deepEqual(await api.stop('SIGTERM'), { code: 0, signal: null });
  });

  test('SIGTERM ends open event streams instead of waiting for them', async () => {
    await using api = await startApiProcess({ ...stage.env, SHUTDOWN_TIMEOUT_MS: '3600000' });
    const user = await registerUser(api);
    const assistant = await user.client.post('assistants', { name: 'Porter' });
    const upload = await user.client.post('documents', {
      assistant_id: assistant.body.data.id,
      title: 'Followed',
      text: 'No worker is there to take this in.',
    });
    const stream = followJob(user.client, accepted(upload).jobId);
    assert.equal((await stream.next()).value?.data.status, 'queued');
    const [end, last] = await Promise.all([api.stop('SIGTERM'), stream.next()]);
    assert.deepEqual(end, { code: 0, signal: null });
    assert.equal(last.done, true);
  });

  test('a worker: health, readiness, metrics', async () => {
    await using worker = await stage.startWorker();
    assert.equal(getPriority(worker.pid), 10, 'requests go before jobs');
    const owner = await stage.newOwner();
    const { jobId } = accepted(await owner.uploadText('Measured', 'Work that is measured.'));
    await endOfJob(owner.client, jobId);
    assert.equal((await get(`${worker.url}/health`)).status, 200);
    const ready = await get(`${worker.url}/health/ready`);
    assert.equal(ready.status, 200, ready.text);
    assert.equal((await get(`${worker.url}/elsewhere`)).status, 404);
    const metrics = await get(`${worker.url}/metrics`);
    assert.match(metrics.type, /^text\/plain/);
    for (const type of ['document.chunk', 'document.embed'])
      assert.ok(sample(metrics.text, 'donkey_job_duration_seconds_count', `type="${type}"`) >= 1, type);
  });

  test('SIGUSR2 has either process look closer, and it goes on', async () => {
    await using api = await startApiProcess(stage.env);
    await using worker = await stage.startWorker();
    for (const one of [api, worker]) {
      process.kill(one.pid, 'SIGUSR2');
      const line = await waitFor(() => one.logs.find((each) => each.log_level !== undefined), {
        description: 'the new level in the log',
      });
      assert.equal(line.log_level, 'debug');
      assert.equal((await get(`${one.url}/health`)).status, 200);
    }
  });

  test('a worker without Redis is alive but not ready, and works again when Redis is back', async () => {
    await using proxy = await startTcpProxy(stage.env.REDIS_URL!);
    await using worker = await stage.startWorker({ REDIS_URL: proxy.url });
    const ready = async (): Promise<number> => (await get(`${worker.url}/health/ready`)).status;
    await waitFor(async () => (await ready()) === 200, { description: 'readiness' });
    await proxy.cut();
    await waitFor(async () => (await ready()) === 503, { description: 'readiness to end' });
    assert.equal((await get(`${worker.url}/health`)).status, 200);
    const owner = await stage.newOwner();
    const { jobId } = accepted(await owner.uploadText('Meanwhile', 'Uploaded while the worker was cut off.'));
    await proxy.restore();
    await waitFor(async () => (await ready()) === 200, { description: 'readiness to return' });
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
  });

  test('faulty settings are named, all at once, and nothing starts', async () => {
    for (const file of ['api/main.ts', 'worker/main.ts']) {
      const env = { ...stage.env, CSRF_SECRET: 'short', CHUNK_SIZE_TOKENS: 'many', DATABASE_URL: '' };
      await assert.rejects(startProductProcess(file, env, 'never'), (error: Error) => {
        for (const name of ['CSRF_SECRET', 'CHUNK_SIZE_TOKENS', 'DATABASE_URL'])
          assert.match(error.message, new RegExp(`\\b${name}\\b`));
        assert.ok(!error.message.includes('short'), 'secrets are not repeated');
        return true;
      });
    }
  });
});

test('promise 11: a worker told to stop finishes what ends in time, in short', (t) =>
  stopWithJobs(t, { jobs: 4, end: 'in time', deadlineMs: 10_000 }));
test('promise 11: a worker told to stop gives back what does not end, in short', (t) =>
  stopWithJobs(t, { jobs: 4, end: 'never', deadlineMs: 1_000 }));
