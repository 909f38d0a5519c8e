import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import type { Json } from '#tests/support/http-client.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { uploadWithoutWaiting } from '#tests/support/upload-without-waiting.ts';
import { waitFor } from '#tests/support/wait-for.ts';
import { isSignedBy, startWebhookReceiver } from '#tests/support/webhook-receiver.ts';
import type { ReceivedWebhook, WebhookReceiver } from '#tests/support/webhook-receiver.ts';

suite('webhooks', () => {
  let stage: TestStage;
  let receiver: WebhookReceiver;
  let owner: Owner;
  let secret: string;
  before(async () => {
    receiver = await startWebhookReceiver();
    stage = await startStage({ PROVIDER_ALLOWED_HOSTS: '127.0.0.1' });
    owner = await stage.newOwner();
    secret = (await newSecret(owner)).secret;
    await stage.startWorker();
  });
  beforeEach(() => receiver.answer(() => 200));
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  const newSecret = async ({ client }: Owner): Promise<Json> => {
    const { status, body } = await client.post('webhooks/secret');
    assert.equal(status, 201, JSON.stringify(body));
    return body.data;
  };
  const upload = (name: string, more: object = {}, from = owner) =>
    from.client.post('documents', {
      assistant_id: from.assistantId,
      title: name,
      text: `A text about ${name}.`,
      webhook_url: receiver.url(name),
      ...more,
    });
  const messagesTo = (name: string): ReceivedWebhook[] =>
    receiver.received.filter(({ path }) => path === `/${name}`);
  const arrived = (name: string, count = 1): Promise<ReceivedWebhook[]> =>
    waitFor(() => messagesTo(name).length >= count && messagesTo(name), {
      description: `${count} messages to ${name}`,
    });
  const webhookOf = async (jobId: string): Promise<Json> =>
    (await owner.client.get(`jobs/${jobId}`)).body.data.webhook;
  const webhookBecomes = (jobId: string, status: string): Promise<Json> =>
    waitFor(
      async () => {
        const webhook = await webhookOf(jobId);
        return webhook.status === status && webhook;
      },
      { description: `the webhook to be ${status}` },
    );

  test('a new version says how urgent it is and where its end is told, as an upload does', async () => {
    const { documentId, jobId } = accepted(await owner.uploadText('Versions', 'The first version.'));
    await endOfJob(owner.client, jobId);
    const content = `documents/${documentId}/content`;
    const more = { priority: 'high', webhook_url: receiver.url('version') };
    const replaced = await owner.client.put(content, { text: 'The second version.', ...more });
    const { priority, webhook } = replaced.body.data.job;
    assert.deepEqual([priority, webhook.url, webhook.status], ['high', receiver.url('version'), 'waiting']);
    await endOfJob(owner.client, accepted(replaced).jobId);
    assert.equal((await arrived('version'))[0]!.message.data.document_id, documentId);
    const parts = await stage.sql<{ priority: string }>('select priority from jobs where parent_id = $1', [
      accepted(replaced).jobId,
    ]);
    assert.ok(parts.length >= 3 && parts.every((part) => part.priority === 'high'), JSON.stringify(parts));
    const file = { name: 'third.txt', bytes: 'The third version.' };
    const form = await owner.client.upload(content, { ...more, priority: 'low' }, file, 'PUT');
    assert.equal(form.body.data.job.priority, 'low');
    await endOfJob(owner.client, accepted(form).jobId);
    await arrived('version', 2);
    const wrong = await owner.client.put(content, { text: 'The fourth.', webhook_url: 'http://10.0.0.1/x' });
    assert.equal(wrong.body.code, 'webhook.url_forbidden');
    const stranger = await stage.newOwner();
    const own = accepted(await stranger.uploadText('Own', 'Own text.'));
    const unsigned = await stranger.client.put(`documents/${own.documentId}/content`, {
      text: 'Another text.',
      webhook_url: receiver.url('unsigned'),
    });
    assert.equal(unsigned.body.code, 'webhook.secret_missing');
    await endOfJob(stranger.client, own.jobId);
  });

  test('the end of a job is told once, signed, and the job shows that it was', async () => {
    const response = await upload('told');
    const { jobId, documentId } = accepted(response);
    assert.deepEqual(response.body.data.job.webhook, {
      url: receiver.url('told'),
      status: 'waiting',
      attempts: 0,
      error: null,
      delivered_at: null,
    });
    const { finished_at: finishedAt } = await endOfJob(owner.client, jobId);
    const [message] = await arrived('told');
    assert.deepEqual(message!.message, {
      type: 'job.succeeded',
      timestamp: finishedAt,
      data: {
        id: jobId,
        type: 'document.ingest',
        status: 'succeeded',
        document_id: documentId,
        error_code: null,
        finished_at: finishedAt,
      },
    });
    assert.ok(isSignedBy(message!, secret));
    assert.equal(
      isSignedBy({ ...message!, body: message!.body.replace('succeeded', 'failed') }, secret),
      false,
    );
    assert.equal(isSignedBy(message!, (await newSecretOfSomebody()).secret), false);
    const webhook = await webhookBecomes(jobId, 'delivered');
    assert.deepEqual([webhook.attempts, webhook.error], [1, null]);
    assert.ok(webhook.delivered_at >= finishedAt);
    const replaced = await owner.client.put(`documents/${documentId}/content`, {
      text: 'A second version.',
      webhook_url: receiver.url('replaced'),
      priority: 'low',
    });
    assert.equal(replaced.body.data.job.priority, 'low');
    assert.equal((await arrived('replaced'))[0]!.message.data.id, accepted(replaced).jobId);
    assert.equal(messagesTo('told').length, 1);
  });
  const newSecretOfSomebody = async () => newSecret(await stage.newOwner());

  test('promise 55: a message that was not accepted is sent again, under the same id', async (t) => {
    let calls = 0;
    receiver.answer(() => (++calls === 1 ? 500 : 204));
    const { jobId } = accepted(await upload('again'));
    await arrived('again');
    const pending = await waitFor(
      async () => {
        const webhook = await webhookOf(jobId);
        return webhook.error !== null && webhook;
      },
      { description: 'the failed attempt to be shown' },
    );
    assert.deepEqual([pending.status, pending.error.code], ['pending', 'webhook.unreachable']);
    const [first, second] = await arrived('again', 2);
    assert.equal(first!.headers['webhook-id'], second!.headers['webhook-id']);
    assert.ok(isSignedBy(first!, secret) && isSignedBy(second!, secret));
    assert.equal(first!.body, second!.body);
    const pause = second!.at - first!.at;
    t.diagnostic(`sent again after ${pause} ms`);
    assert.ok(pause >= 2_400 && pause < 8_000);
    assert.equal((await webhookBecomes(jobId, 'delivered')).attempts, 2);
  });

  test('a receiver that wants no more is left alone, one that asks for time is given it', async () => {
    receiver.answer(({ path }) =>
      path === '/gone' ? 410 : { status: 429, headers: { 'retry-after': '3600' } },
    );
    const gone = accepted(await upload('gone'));
    const busy = accepted(await upload('busy'));
    const failed = await webhookBecomes(gone.jobId, 'failed');
    assert.deepEqual([failed.error.code, failed.attempts], ['webhook.gone', 1]);
    await arrived('busy');
    const waiting = await waitFor(
      async () => {
        const webhook = await webhookOf(busy.jobId);
        return webhook.error !== null && webhook;
      },
      { description: 'the refusal' },
    );
    assert.equal(waiting.error.code, 'webhook.throttled');
    const pause = Date.parse(waiting.error.next_retry_at) - Date.now();
    assert.ok(pause > 3_500_000 && pause <= 3_600_000);
    assert.equal((await endOfJob(owner.client, busy.jobId)).status, 'succeeded', 'the job itself is done');
  });

  test('a slow receiver holds up neither documents nor the receivers of others', async () => {
    receiver.answer(({ path }) => (path === '/slow' ? 'hold' : 200));
    for (let number = 1; number <= 8; number += 1)
      accepted(await upload(`slow`, { title: `slow ${number}`, text: `Slow text ${number}.` }));
    await arrived('slow', 4);
    const other = await stage.newOwner();
    await newSecret(other);
    const { jobId } = accepted(await upload('quick', {}, other));
    await endOfJob(other.client, jobId);
    // All four places are taken; the first to be free is the other user's.
    await waitFor(() => messagesTo('quick').length === 1, {
      description: 'the quick one',
      timeoutMs: 15_000,
    });
    assert.ok(messagesTo('slow').length <= 8);
  });

  test('redirects are not followed', async () => {
    receiver.answer(({ path }) =>
      path === '/moved' ? { status: 302, headers: { location: receiver.url('elsewhere') } } : 200,
    );
    const { jobId } = accepted(await upload('moved'));
    await arrived('moved');
    await waitFor(async () => (await webhookOf(jobId)).error?.code === 'webhook.refused', {
      description: 'the refusal',
    });
    assert.equal(messagesTo('elsewhere').length, 0);
  });

  test('a new secret signs beside the one before it, and no longer than a day', async () => {
    const before = secret;
    const fresh = await newSecret(owner);
    secret = fresh.secret;
    accepted(await upload('both'));
    const [message] = await arrived('both');
    assert.ok(isSignedBy(message!, before) && isSignedBy(message!, secret));
    const listed = (await owner.client.get('webhooks/secret')).body.data as Json[];
    assert.deepEqual(
      listed.map(({ id, expires_at: end }) => [id === fresh.id, end === null]),
      [
        [true, true],
        [false, false],
      ],
    );
    assert.ok(!JSON.stringify(listed).includes('whsec_'));
    const hours = (Date.parse(listed[1].expires_at) - Date.now()) / 3_600_000;
    assert.ok(hours > 23.9 && hours <= 24);
    await stage.sql(`update webhook_secrets set expires_at = now() where expires_at is not null`);
    accepted(await upload('one'));
    const [later] = await arrived('one');
    assert.deepEqual([isSignedBy(later!, before), isSignedBy(later!, secret)], [false, true]);
  });

  test('a job that is cancelled, and started anew, tells each of its ends', async () => {
    const calm = await startStage({ PROVIDER_ALLOWED_HOSTS: '127.0.0.1' });
    try {
      const person = await calm.newOwner();
      await newSecret(person);
      const { jobId, documentId } = accepted(await upload('twice', {}, person));
      assert.equal((await person.client.delete(`jobs/${jobId}`)).status, 204);
      await calm.startWorker();
      await arrived('twice');
      assert.equal((await person.client.post(`documents/${documentId}/retry`)).status, 202);
      const [cancelled, done] = await arrived('twice', 2);
      assert.equal(cancelled!.message.type, 'job.cancelled');
      assert.equal(done!.message.type, 'job.succeeded');
      assert.notEqual(cancelled!.headers['webhook-id'], done!.headers['webhook-id']);
    } finally {
      await calm[Symbol.asyncDispose]();
    }
  });

  test('addresses that are not open to everybody are refused, and so is one without a secret', async () => {
    for (const url of [
      'http://example.org/hook',
      'https://localhost/hook',
      'https://10.0.0.1/hook',
      'https://169.254.169.254/latest',
      'https://[::1]/hook',
      'https://user:pass@example.org/hook',
      'https://example.org:8443/hook',
    ]) {
      const { status, body } = await upload('refused', { webhook_url: url });
      assert.deepEqual([status, body.code], [422, 'webhook.url_forbidden'], url);
      assert.equal(body.errors[0].pointer, '/body/webhook_url');
    }
    const poor = await stage.newOwner();
    const { status, body } = await upload('unsigned', {}, poor);
    assert.deepEqual([status, body.code], [409, 'webhook.secret_missing']);
    assert.equal((await poor.client.get('documents')).body.data.length, 0, 'nothing was taken in');
  });

  test('a form may name a webhook too', async () => {
    const { jobId } = accepted(
      await owner.uploadFile(
        { name: 'form.txt', bytes: 'A text that came in a form.' },
        { webhook_url: receiver.url('form'), priority: 'low' },
      ),
    );
    assert.equal((await owner.client.get(`jobs/${jobId}`)).body.data.priority, 'low');
    await arrived('form');
  });
});

test('promise 55: uploads do not wait for a silent embedder, and streams resume, in short', (t) =>
  uploadWithoutWaiting(t, { uploads: 3, bytes: 1024 * 1024 }));
