import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, suite, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { problemSchema } from '#api/http/error-handler.ts';
import { callExample } from '#tests/support/endpoint-calls.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

const HSTS = 'max-age=63072000; includeSubDomains';

/** What every answer carries, by ASVS 5.0 requirement. */
const required: readonly [requirement: string, header: string, value: RegExp][] = [
  ['3.4.3', 'content-security-policy', /default-src 'none'/],
  ['3.4.4', 'x-content-type-options', /^nosniff$/],
  ['3.4.5', 'referrer-policy', /^no-referrer$/],
  ['cross-origin opener', 'cross-origin-opener-policy', /^same-origin$/],
  ['cross-origin resource', 'cross-origin-resource-policy', /^same-origin$/],
  ['permissions', 'permissions-policy', /camera=\(\).*geolocation=\(\)/],
  ['correlation', 'x-request-id', /./],
  ['caching', 'cache-control', /no-store|no-cache/],
];

const faultsOf = (headers: Headers): string[] => {
  const faults = required
    .filter(([, header, value]) => !value.test(headers.get(header) ?? ''))
    .map(([requirement, header]) => `${requirement}: ${header} is ${headers.get(header) ?? 'missing'}`);
  const csp = headers.get('content-security-policy') ?? '';
  // The download of a document has a policy of its own, which is stricter: a sandbox.
  if (!csp.includes('sandbox'))
    for (const directive of [
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "form-action 'none'",
    ])
      if (!csp.includes(directive)) faults.push(`3.4.3, 3.4.6: the policy lacks ${directive}`);
  if (/unsafe-|\*/.test(csp)) faults.push(`3.4.3: the policy is ${csp}`);
  if (headers.has('x-powered-by') || headers.has('server'))
    faults.push('13.4.6: the answer names its software');
  if (headers.get('access-control-allow-origin') === '*') faults.push('3.4.2: every origin may read');
  return faults;
};

suite('headers of all answers', () => {
  let app: TestApp;
  let user: TestUser;
  before(async () => {
    app = await startTestApp({ SECURITY_CONTACT: 'mailto:security@donkey.example' });
    user = await registerUser(app);
  });
  after(() => app[Symbol.asyncDispose]());

  test('ASVS 5.0 3.4: every operation, well or badly, as a user and as nobody', async (t) => {
    const statuses: Record<number, number> = {};
    const faults: string[] = [];
    const endpoints = app.endpoints.filter(({ operationId }) => operationId !== 'logout');
    for (const endpoint of endpoints) {
      const stranger = new HttpClient(app.url);
      await user.client.get('auth/csrf');
      const answers = [
        await callExample(user.client, endpoint),
        await callExample(stranger, endpoint),
        await callExample(user.client, endpoint, {
          raw: '{',
          headers: { 'content-type': 'application/json' },
        }).catch(() => undefined),
      ];
      for (const answer of answers) {
        if (answer === undefined) continue;
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        faults.push(
          ...faultsOf(answer.headers).map((fault) => `${endpoint.operationId} ${answer.status} ${fault}`),
        );
      }
      // Some operations end the session or the account of the caller.
      if ((await user.client.get('auth/me')).status !== 200) user = await registerUser(app);
    }
    t.diagnostic(
      `${endpoints.length} operations, answers by status ${JSON.stringify(statuses)}, ${faults.length} faults`,
    );
    assert.deepEqual(faults, []);
    assert.ok((statuses[200] ?? 0) > 10 && (statuses[401] ?? 0) > 10);
  });

  test('so do answers that belong to no operation', async () => {
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['PUT', '/api/v1/assistants'],
      ['GET', '/api/v1/assistants/%E0%A4%A'],
      ['OPTIONS', '/api/v1/assistants'],
    ] as const) {
      const { headers, status } = await new HttpClient(app.url).request(method, path);
      const faults = faultsOf(headers).filter((fault) => !(status === 204 && fault.startsWith('caching')));
      assert.deepEqual(faults, [], `${method} ${path}`);
    }
  });

  test('ASVS 5.0 3.4.2: origins that are not listed may not read anything, listed ones exactly', async () => {
    const client = new HttpClient(app.url);
    for (const origin of [
      'https://evil.example',
      'null',
      'http://donkey.test.evil.example',
      'https://donkey.test',
    ]) {
      const { headers } = await client.get('/health', { origin });
      assert.equal(headers.get('access-control-allow-origin'), null, origin);
      assert.equal(headers.get('access-control-allow-credentials'), null, origin);
      assert.match(headers.get('vary') ?? '', /origin/i);
    }
    const { headers } = await client.get('/health', { origin: 'http://donkey.test' });
    assert.equal(headers.get('access-control-allow-origin'), 'http://donkey.test');
    assert.equal(headers.get('access-control-allow-credentials'), 'true');
    const preflight = await client.request('OPTIONS', '/api/v1/assistants', {
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    assert.equal(preflight.headers.get('access-control-allow-methods'), null);
  });

  test('RFC 9116: security.txt says where to report to', async () => {
    const response = await new HttpClient(app.url).get('/.well-known/security.txt');
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.match(
      String(response.body),
      /^Contact: mailto:security@donkey\.example\r\nExpires: \d{4}-\d\d-\d\dT/,
    );
  });

  test('more headers than anybody needs, and larger ones, are 431', async () => {
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`x-h-${n}`, '1']));
    const response = await new HttpClient(app.url).get('/health', many);
    assert.deepEqual([response.status, response.body.code], [431, 'request.headers_too_large']);
    assert.deepEqual(faultsOf(response.headers), []);
    const few = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`x-h-${n}`, '1']));
    assert.equal((await new HttpClient(app.url).get('/health', few)).status, 200);
  });

  const raw: [what: string, request: string, status: number, code: string][] = [
    [
      'one header of 20 kB',
      `GET /health HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      'request.headers_too_large',
    ],
    ['no HTTP', 'HELLO\r\n\r\n', 400, 'request.malformed'],
    [
      'a line break in a header',
      'GET /health HTTP/1.1\r\nHost: x\r\nX A: 1\r\n\r\n',
      400,
      'request.malformed',
    ],
    [
      'two lengths',
      'POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'request.malformed',
    ],
    [
      'a length and chunks',
      'POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'request.malformed',
    ],
  ];
  for (const [what, request, status, code] of raw)
    test(`promise 38: ${what} is answered with a problem, and the connection ends`, async () => {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(request);
      const answer = await text(socket);
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(head, /^content-type: application\/problem\+json/im);
      assert.match(head, /^x-content-type-options: nosniff/im);
      assert.match(head, /^connection: close/im);
      const problem = JSON.parse(body) as { code: string };
      assert.equal(problem.code, code);
      assert.equal(problemSchema.validate(problem).error, undefined);
    });
});

test('ASVS 5.0 3.4.1: HTTPS is insisted on in production, and not where people come by plain HTTP', async () => {
  const { default: express } = await import('express');
  const { securityHeaders } = await import('#api/http/security-headers.ts');
  for (const https of [true, false]) {
    const server = express()
      .use(...securityHeaders(https))
      .listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { headers } = await fetch(`http://127.0.0.1:${port}/`);
    assert.equal(headers.get('strict-transport-security'), https ? HSTS : null);
    server.close();
    server.closeAllConnections();
  }
});
