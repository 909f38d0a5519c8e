import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { after, before, suite, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

suite('content codings and tags', () => {
  let app: TestApp;
  let user: TestUser;
  let id: string;
  before(async () => {
    app = await startTestApp();
    user = await registerUser(app);
    for (let n = 0; n < 12; n++) await user.client.post('assistants', { name: `Assistant ${n}` });
    id = (await user.client.get('assistants')).body.data[0].id as string;
  });
  after(() => app[Symbol.asyncDispose]());

  /** As it comes over the wire: nothing unpacked. */
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      request(
        `${app.url}${path}`,
        { method, headers: { cookie: user.client.cookieHeader(), ...headers } },
        (res) => {
          const chunks: Buffer[] = [];
          res.on('data', (chunk: Buffer) => chunks.push(chunk));
          res.on('end', () =>
            resolve({ status: res.statusCode ?? 0, headers: res.headers, bytes: Buffer.concat(chunks) }),
          );
        },
      )
        .on('error', reject)
        .end();
    });

  const list = '/api/v1/assistants';

  test('large answers are packed as the client likes it, and say so', async () => {
    const plain = await get(list);
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.ok(plain.bytes.length > 1024);
    const cases: [accept: string, coding: string | undefined, unpack: (bytes: Buffer) => Buffer][] = [
      ['br, gzip', 'br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['gzip;q=1, br;q=0.5', 'gzip', gunzipSync],
      ['identity, gzip;q=0', undefined, (bytes) => bytes],
      ['br;q=0, gzip;q=0', undefined, (bytes) => bytes],
    ];
    for (const [accept, coding, unpack] of cases) {
      const answer = await get(list, { 'accept-encoding': accept });
      assert.equal(answer.headers['content-encoding'], coding, accept);
      assert.deepEqual(unpack(answer.bytes), plain.bytes, accept);
      assert.match(answer.headers.vary ?? '', /Accept-Encoding/i);
      if (coding !== undefined) assert.ok(answer.bytes.length < plain.bytes.length / 2);
      assert.equal(
        answer.headers.etag,
        coding === undefined ? plain.headers.etag : plain.headers.etag?.replace(/"$/, `-${coding}"`),
      );
    }
  });

  test('small answers, errors of a line and whatever shows secrets stay as they are', async () => {
    const packed = { 'accept-encoding': 'br, gzip' };
    for (const path of [`${list}/${id}`, '/api/v1/nowhere', '/api/v1/auth/csrf', '/api/v1/auth/api-keys'])
      assert.equal((await get(path, packed)).headers['content-encoding'], undefined, path);
    for (let n = 0; n < 6; n++) {
      const browser = new HttpClient(app.url);
      await browser.get('auth/csrf');
      await browser.post('auth/login', { username: user.username, password: user.password });
    }
    const sessions = await get('/api/v1/auth/sessions', packed);
    assert.ok(sessions.bytes.length > 1024, 'it is large enough to be packed');
    assert.equal(sessions.headers['content-encoding'], undefined);
  });

  test('a list that has not changed costs no body, in whichever coding it was read', async () => {
    for (const accept of ['identity', 'gzip', 'br']) {
      const first = await get(list, { 'accept-encoding': accept });
      const second = await get(list, { 'accept-encoding': accept, 'if-none-match': first.headers.etag! });
      assert.deepEqual([second.status, second.bytes.length], [304, 0], accept);
      assert.equal(second.headers.etag, first.headers.etag?.replace(/-(br|gzip)"$/, '"'));
    }
    const before = await get(list);
    await user.client.patch(`assistants/${id}`, { thinking_style: 'cot' });
    const changed = await get(list, { 'if-none-match': before.headers.etag! });
    assert.equal(changed.status, 200);
    assert.notEqual(changed.headers.etag, before.headers.etag);
  });

  test('If-Match takes the tag of a packed answer', async () => {
    const { etag = '' } = (await get(`${list}/${id}`)).headers;
    const stale = { 'if-match': etag.replace(/"(\d+)/, (_, version) => `"${Number(version) + 7}`) };
    assert.equal((await user.client.patch(`assistants/${id}`, { name: 'No' }, stale)).status, 412);
    const packed = { 'if-match': etag.replace(/"$/, '-br"') };
    assert.equal((await user.client.patch(`assistants/${id}`, { name: 'Yes' }, packed)).status, 200);
  });
});
