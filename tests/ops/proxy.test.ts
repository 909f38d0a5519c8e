import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:https';
import { after, before, suite, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { freePort } from '#scripts/services/free-port.ts';
import { startApiProcess } from '#tests/support/api-process.ts';
import type { ApiProcess } from '#tests/support/api-process.ts';
import { followJob } from '#tests/support/event-stream.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { TestUser } from '#tests/support/http-client.ts';
import { caddy, nginx } from '#tests/support/https-proxy.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const MEBIBYTE = 1024 * 1024;

for (const kind of [nginx, caddy])
  suite(`${kind.name} in front of the API in production`, { skip: kind.missing }, () => {
    const stack = new AsyncDisposableStack();
    let stage: TestStage;
    let api: ApiProcess;
    let origin = '';
    let user: TestUser;

    before(async () => {
      stage = stack.use(await startStage());
      const port = await freePort(24_000 + (process.pid % 1_000));
      origin = `https://localhost:${port}`;
      const redis = new URL(stage.env.REDIS_URL ?? '');
      redis.pathname = '/1';
      api = stack.use(
        await startApiProcess({
          ...stage.env,
          NODE_ENV: 'production',
          PUBLIC_URL: origin,
          TRUST_PROXY: '127.0.0.1',
          REDIS_CACHE_URL: redis.href,
        }),
      );
      const proxy = stack.use(await kind.start(port, new URL(api.url).host));
      setDefaultCACertificates([...getCACertificates('default'), proxy.certificate]);
      await waitFor(
        () =>
          fetch(`${origin}/health`).then(
            ({ ok }) => ok,
            () => false,
          ),
        { description: 'the API by way of the proxy' },
      );
      user = await registerUser({ url: origin });
    });
    after(() => stack[Symbol.asyncDispose]());

    /** An assistant with a document that waits for a worker, of which there is none. */
    async function waitingJob(): Promise<string> {
      const assistant = await user.client.post('assistants', { name: 'Behind the proxy' });
      const upload = await user.client.upload(
        'documents',
        { assistant_id: assistant.body.data.id as string },
        { name: 'note.txt', bytes: 'A donkey at the gate.', type: 'text/plain' },
      );
      assert.equal(upload.status, 202);
      return upload.body.data.job.id as string;
    }

    test('people log in over https, with cookies that no other way takes', async () => {
      assert.ok([...user.client.cookies.keys()].every((name) => name.startsWith('__Host-')));
      const me = await user.client.get('auth/me', { origin });
      assert.equal(me.status, 200);
      assert.match(me.headers.get('strict-transport-security') ?? '', /max-age=\d+/);
      const foreign = await user.client.post(
        'assistants',
        { name: 'Foreign' },
        { origin: 'https://evil.test' },
      );
      assert.equal(foreign.status, 403);
    });

    test('server-sent events arrive while the stream is open', async () => {
      const events = followJob(user.client, await waitingJob());
      const first = await events.next();
      assert.equal(first.done, false);
      assert.equal(first.value.data.status, 'queued');
      await events.return(undefined);
    });

    test('the API itself refuses a file that is too large, and takes one that is not', async () => {
      const assistant = await user.client.post('assistants', { name: 'Heavy' });
      const upload = (bytes: number) =>
        user.client.upload(
          'documents',
          { assistant_id: assistant.body.data.id as string },
          { name: 'large.txt', bytes: 'donkey '.repeat(bytes / 7), type: 'text/plain' },
        );
      assert.equal((await upload(9 * MEBIBYTE)).status, 202);
      const refused = await upload(11 * MEBIBYTE);
      assert.equal(refused.status, 413);
      assert.match(refused.body.code as string, /too_large/);
    });

    test('the address of a client is that of its connection, whatever it says of itself', async () => {
      const logout = request(`${origin}/api/v1/auth/logout`, {
        method: 'POST',
        localAddress: '127.0.0.9',
        family: 4,
        headers: {
          cookie: user.client.cookieHeader(),
          'x-csrf-token': user.client.csrfToken,
          'x-forwarded-for': '203.0.113.7',
          forwarded: 'for=203.0.113.7',
        },
      });
      logout.end();
      const [response] = (await once(logout, 'response')) as [{ statusCode: number; resume(): void }];
      response.resume();
      assert.ok(response.statusCode < 300, String(response.statusCode));
      const rows = await stage.sql<{ address: string }>(
        'select address from audit_events order by id desc limit 1',
      );
      assert.equal(rows[0]?.address, '127.0.0.9');
    });
  });
