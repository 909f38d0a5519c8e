import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import { registerUser } from '#tests/support/http-client.ts';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const BOUNDARY = 'donkey-boundary';
/** A form that is refused as soon as it is read: a field whose name is too long. */
const BAD_FORM = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${'n'.repeat(1000)}"\r\n\r\nx\r\n--${BOUNDARY}--\r\n`;

interface Answer {
  readonly status: number;
  readonly retryAfter: number;
  readonly body: Json;
}

/** Opens an upload by a client from an address of its own. */
function open({ url }: TestApp, client: HttpClient, localAddress: string, length?: number) {
  const upload = request(`${url}/api/v1/documents`, {
    method: 'POST',
    agent: false,
    localAddress,
    headers: {
      cookie: client.cookieHeader(),
      'x-csrf-token': client.csrfToken ?? '',
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      ...(length === undefined ? {} : { 'content-length': String(length) }),
    },
  });
  upload.on('error', () => undefined);
  return upload;
}

/** The answer to an upload, or undefined where the connection was closed without one. */
async function answerTo(upload: ReturnType<typeof open>): Promise<Answer | undefined> {
  const [response] = (await once(upload, 'response').catch(() => [])) as [IncomingMessage?];
  if (response === undefined) return undefined;
  const retryAfter = Number(response.headers['retry-after']);
  return { status: response.statusCode ?? 0, retryAfter, body: await json(response) };
}

async function sendBad(app: TestApp, client: HttpClient, address: string): Promise<Answer | undefined> {
  const upload = open(app, client, address);
  upload.end(BAD_FORM);
  return answerTo(upload);
}

async function upload(
  client: HttpClient,
  assistantId: string,
  bytes: string,
  name = 'a.txt',
): Promise<number> {
  return (await client.upload('documents', { assistant_id: assistantId }, { name, bytes })).status;
}

/** Five at once of one session, fifteen of one address; fifteen refusals. */
const startGuardedApp = () => startTestApp({ UPLOAD_FAILURES_PER_MINUTE: '30' });

test('promise 35: whose uploads come to nothing is refused before anybody is looked up, and then not listened to', async (t) => {
  await using app = await startGuardedApp();
  const { client } = await registerUser(app);
  const neighbour = (await registerUser(app)).client;
  const own = (await neighbour.post('assistants', { name: 'Neighbour' })).body.data.id as string;
  const lookUps = t.mock.method(app.context.database.read.sessions, 'findIdentity');
  let refused = await sendBad(app, client, '127.0.0.2');
  let read = 0;
  for (; refused?.status === 413 && read <= 20; read += 1) refused = await sendBad(app, client, '127.0.0.2');
  // One more for every two seconds that this took.
  assert.ok(read >= 5 && read <= 10, `${read} were read`);
  assert.deepEqual([refused?.status, refused?.body.code], [429, 'request.rate_limited']);
  assert.ok(refused!.retryAfter >= 1 && refused!.retryAfter <= 5, String(refused?.retryAfter));
  assert.equal(lookUps.mock.callCount(), read, 'the refusal asked the database for nothing');
  const held = connect({ host: '127.0.0.1', port: Number(new URL(app.url).port), localAddress: '127.0.0.2' });
  await once(held, 'connect');
  const isUnheard = async () => (await sendBad(app, client, '127.0.0.2')) === undefined;
  let refusals = 1;
  while (!(await isUnheard()) && refusals <= 40) refusals += 1;
  assert.ok(refusals >= 14 && refusals <= 30, `${refusals} refusals`);
  held.write('GET /health HTTP/1.1\r\nHost: donkey.test\r\n\r\n');
  const [heard] = (await once(held, 'data')) as [Buffer];
  assert.match(heard.toString(), /^HTTP\/1\.1 200 /, 'a connection that stood before is left alone');
  held.destroy();
  assert.equal(await upload(neighbour, own, 'of somebody at another address'), 202);
  assert.equal((await client.get('assistants')).status, 200, 'only uploads are refused elsewhere');
  await waitFor(async () => !(await isUnheard()), { description: 'being listened to again' });
  t.diagnostic(`${read} uploads were read and ${refusals} refused before the address was not listened to`);
});

test('uploads that stand in line when others of theirs come to nothing are not read either', async (t) => {
  await using app = await startTestApp({ UPLOAD_FAILURES_PER_MINUTE: '30', UPLOADS_IN_FLIGHT: '2' });
  const { client } = await registerUser(app);
  const answers = await Promise.all(Array.from({ length: 8 }, () => sendBad(app, client, '127.0.0.1')));
  const statuses = answers.map((answer) => answer?.status);
  assert.ok(statuses.includes(429), String(statuses));
  t.diagnostic(`8 at once: ${statuses.join(', ')}`);
});

test('one account cannot use up what its neighbours at the same address have', async () => {
  await using app = await startGuardedApp();
  const { client } = await registerUser(app);
  const neighbour = (await registerUser(app)).client;
  const own = (await neighbour.post('assistants', { name: 'Neighbour' })).body.data.id as string;
  for (let count = 0; count < 10; count += 1) await sendBad(app, client, '127.0.0.1');
  assert.equal((await sendBad(app, client, '127.0.0.1'))?.status, 429);
  assert.equal(await upload(neighbour, own, 'from the same address'), 202);
});

test('whoever uploads a lot, duplicates and wrong types among it, never meets the limit', async () => {
  await using app = await startGuardedApp();
  const { client } = await registerUser(app);
  const own = (await client.post('assistants', { name: 'Librarian' })).body.data.id as string;
  for (let count = 0; count < 60; count += 1) assert.equal(await upload(client, own, `Text ${count}.`), 202);
  for (let count = 0; count < 20; count += 1) {
    const status = await upload(client, own, `\x89PNG\r\n\x1a\n${count}`, 'a.png');
    assert.ok(status >= 400 && status !== 429, String(status));
  }
  assert.equal(await upload(client, own, 'the last'), 202);
});

test('UPLOADS_PER_MINUTE is a limit of its own', async () => {
  await using app = await startTestApp({ UPLOADS_PER_MINUTE: '2' });
  const { client } = await registerUser(app);
  const own = (await client.post('assistants', { name: 'Librarian' })).body.data.id as string;
  const statuses = [];
  for (let count = 0; count < 3; count += 1) statuses.push(await upload(client, own, `Text ${count}.`));
  assert.deepEqual(statuses, [202, 202, 429]);
  assert.equal((await client.get('assistants')).status, 200);
});

test('a trusted proxy is always listened to, and its clients are told apart', async () => {
  await using app = await startTestApp({ UPLOAD_FAILURES_PER_MINUTE: '30', TRUST_PROXY: '127.0.0.1' });
  const { client } = await registerUser(app);
  const send = (from: string) =>
    client.request('POST', 'documents', {
      raw: BAD_FORM,
      headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, 'x-forwarded-for': from },
    });
  for (let count = 0; count < 60; count += 1)
    assert.ok([413, 429].includes((await send('203.0.113.1')).status));
  const other = (await registerUser(app)).client;
  assert.equal((await other.get('assistants')).status, 200);
});

test(
  'what is too large by its length is refused at once, and little of the rest is read',
  { timeout: 60_000 },
  async () => {
    await using app = await startTestApp();
    const { client } = await registerUser(app);
    const sent = open(app, client, '127.0.0.1', 2 ** 40);
    sent.write(`--${BOUNDARY}\r\n`);
    const answer = await answerTo(sent);
    assert.deepEqual([answer?.status, answer?.body.code], [413, 'document.too_large']);
    const closed = once(sent, 'close');
    let bytes = 0;
    const chunk = Buffer.alloc(65_536, 'x');
    const push = (): void => {
      bytes += chunk.length;
      sent.write(chunk, (error) => {
        if (!error && bytes < 2 ** 30) push();
      });
    };
    push();
    await closed;
    // What the system holds on its way is not read by anybody.
    assert.ok(bytes < 64 * 2 ** 20, `${bytes} bytes were taken`);
  },
);

test(
  'a body without a length is read no further than the largest good one',
  { timeout: 60_000 },
  async () => {
    await using app = await startTestApp({ UPLOAD_MAX_BYTES: '65536' });
    const { client } = await registerUser(app);
    const sent = open(app, client, '127.0.0.1');
    // Refused by its first part, which by itself would be said only at the end that never comes.
    sent.write(BAD_FORM.slice(0, -4));
    const chunk = Buffer.alloc(65_536, 'x');
    const timer = setInterval(() => sent.write(chunk), 1);
    try {
      const answer = await answerTo(sent);
      assert.equal(answer?.status, 413);
    } finally {
      clearInterval(timer);
      sent.destroy();
    }
  },
);
