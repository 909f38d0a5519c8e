import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';
import express from 'express';
import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { errorHandler } from '#api/http/error-handler.ts';
import { createOpenApi } from '#api/http/openapi.ts';
import { requestContext } from '#api/http/request-context.ts';
import { createRoutes } from '#api/http/routes.ts';
import { signedHeaders } from '#scripts/sign-request.ts';
import { makeApiKey } from '#tests/support/api-keys.ts';
import type { TestKey } from '#tests/support/api-keys.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

const flag = { force: Joi.boolean().default(false) };
const common = { tag: 'assistants', auth: 'user', scope: 'assistants:write' } as const;
const responses = { 204: { description: 'Done.' } };

const removeThing = defineEndpoint({
  ...common,
  method: 'DELETE',
  path: '/things/:id',
  operationId: 'removeThing',
  summary: 'Remove a thing',
  sensitive: { when: 'with force=true', applies: ({ force }) => force },
  params: Joi.object<{ id: string }>({ id: Joi.string().guid().required() }),
  query: Joi.object<{ force: boolean }>(flag),
  responses,
  example: { params: { id: randomUUID() } },
});

const changeThings = defineEndpoint({
  ...common,
  method: 'POST',
  path: '/things',
  operationId: 'changeThings',
  summary: 'Change things',
  sensitive: { when: 'with force=true', applies: ({ force }) => force },
  query: Joi.object<{ force: boolean }>(flag),
  body: Joi.object<{ ids: string[] }>({ ids: Joi.array().items(Joi.string()).max(9).required() }),
  responses,
  example: { body: { ids: [] } },
});

/** The parts of a request around the product's own, for endpoints that it has not. */
async function serveThings({ context }: TestApp) {
  const done: string[] = [];
  const { services } = context;
  const routes = createRoutes({
    ...context,
    identify: {
      session: services.sessions.identify,
      key: services.apiKeys.identify,
      family: services.sessions.family,
      isAlive: services.sessions.isAlive,
    },
    useNonce: services.apiKeys.useNonce,
  });
  routes.mount(removeThing, ({ query }) => {
    done.push(query.force ? 'forced' : 'plain');
    return { status: 204 };
  });
  routes.mount(changeThings, ({ query, body }) => {
    done.push(`${query.force ? 'forced' : 'plain'} ${body.ids.join()}`);
    return { status: 204 };
  });
  const app = express().use(requestContext(context.tracer), routes.router, errorHandler(context));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    done,
    endpoints: routes.endpoints,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

suite('promise 29 and ASVS 7.5.3: proof that only some queries ask for', () => {
  const path = `things/${randomUUID()}`;
  let app: TestApp;
  let things: Awaited<ReturnType<typeof serveThings>>;
  let user: TestUser;
  /** The user's session, and their key, at the things' address. */
  let browser: HttpClient;
  let program: TestKey;
  before(async () => {
    app = await startTestApp();
    things = await serveThings(app);
    user = await registerUser(app);
    browser = new HttpClient(things.url);
    for (const [name, value] of user.client.cookies) browser.cookies.set(name, value);
    browser.csrfToken = user.client.csrfToken;
    program = await makeApiKey(things, user);
  });
  after(async () => {
    await things[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
  });

  /** What the handlers did while `work` ran. */
  const doneBy = async (work: () => Promise<void>): Promise<string[]> => {
    things.done.length = 0;
    await work();
    return [...things.done];
  };
  const ageSession = (seconds: number) =>
    app.database.sql(
      `update sessions set reauthenticated_at = now() - make_interval(secs => $2) where user_id = $1`,
      [user.id, seconds],
    );

  test('a key signs where the query makes it sensitive, and nowhere else', async () => {
    const done = await doneBy(async () => {
      assert.equal((await program.client.delete(path)).status, 204);
      assert.equal((await program.client.delete(`${path}?force=false`)).status, 204);
      const bare = await program.client.delete(`${path}?force=true`);
      assert.deepEqual([bare.status, bare.body.code], [401, 'auth.signature_required']);
      assert.equal((await program.signed('DELETE', `${path}?force=true`)).status, 204);
      assert.equal((await program.signed('DELETE', path)).status, 204, 'a signature more than asked for');
    });
    assert.deepEqual(done, ['plain', 'plain', 'forced', 'plain']);
  });

  test('bodies are signed as well', async () => {
    const body = { ids: ['a', 'b'] };
    const done = await doneBy(async () => {
      assert.equal((await program.client.post('things', body)).status, 204);
      const bare = await program.client.post('things?force=true', body);
      assert.deepEqual([bare.status, bare.body.code], [401, 'auth.signature_required']);
      assert.equal((await program.signed('POST', 'things?force=true', body)).status, 204);
    });
    assert.deepEqual(done, ['plain a,b', 'forced a,b']);
  });

  test('a signature for one query is none for another', async () => {
    const done = await doneBy(async () => {
      const { prefix: keyId, privateKey } = program;
      const url = new URL(`/api/v1/${path}`, things.url);
      const headers = signedHeaders({ method: 'DELETE', url, keyId, privateKey });
      const answer = await program.client.delete(`${path}?force=true`, headers);
      assert.deepEqual([answer.status, answer.body.code], [401, 'auth.signature_invalid']);
    });
    assert.deepEqual(done, []);
  });

  test('a query that reads in two ways gets nobody past', async (t) => {
    const queries = [
      'force=true&force=false',
      'force=false&force=true',
      'force[]=true',
      'force[a]=true',
      'force=1',
      'force=yes',
      'FORCE=true',
      'force=%00true',
      'force',
      '__proto__[force]=false&force=true&x=1',
    ];
    const done = await doneBy(async () => {
      for (const query of queries) {
        const { status, body } = await program.client.delete(`${path}?${query}`);
        assert.deepEqual([status, body.code], [400, 'request.invalid'], query);
      }
      for (const query of [
        'force=TRUE',
        'force=True',
        'force=%74rue',
        '%66orce=true',
        'force=true#force=false',
      ]) {
        const { status, body } = await program.client.delete(`${path}?${query}`);
        assert.deepEqual([status, body.code], [401, 'auth.signature_required'], query);
      }
    });
    assert.deepEqual(done, []);
    t.diagnostic(`${queries.length + 5} odd queries: 0 accepted`);
  });

  test('a session gives the password again where the query makes it sensitive, and nowhere else', async () => {
    const done = await doneBy(async () => {
      assert.equal(
        (await browser.delete(`${path}?force=true`)).status,
        204,
        'the password was given just now',
      );
      await ageSession(301);
      assert.equal((await browser.delete(path)).status, 204);
      const late = await browser.delete(`${path}?force=true`);
      assert.deepEqual([late.status, late.body.code], [403, 'auth.reauthentication_required']);
      const lateWithBody = await browser.post('things?force=true', { ids: [] });
      assert.equal(lateWithBody.body.code, 'auth.reauthentication_required');
      const again = await user.client.post('auth/reauthenticate', { password: user.password });
      assert.equal(again.status, 204, JSON.stringify(again.body));
      assert.equal((await browser.delete(`${path}?force=true`)).status, 204);
    });
    assert.deepEqual(done, ['forced', 'plain', 'forced']);
  });

  test('the description says when', () => {
    const { paths } = createOpenApi(things.endpoints, {
      publicUrl: things.url,
      version: '1.0.0',
      sessionCookie: 'session',
      refreshCookie: 'refresh',
    });
    const operation = paths['/api/v1/things/{id}']?.delete;
    assert.equal(
      operation?.description,
      'Asks with force=true for a password given within the last five minutes, of API keys for a signed request.',
    );
    assert.equal(operation['x-access'].sensitive_when, 'with force=true');
    assert.ok(operation['x-error-codes'].includes('auth.signature_replayed'));
    assert.ok(operation.parameters.some(({ name }) => name === 'signature-input'));
  });

  test('a contract whose condition can never be met is refused', () => {
    const sensitive = { when: 'with force=true', applies: () => true };
    const define = (): AnyEndpoint =>
      defineEndpoint({ ...removeThing, sensitive, query: undefined } as never);
    assert.throws(define, /no query can make it sensitive/);
  });
});
