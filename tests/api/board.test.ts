import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { HttpClient } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

const PAGE = '/admin/board';
const files = [
  [PAGE, 'text/html'],
  [`${PAGE}/board.js`, 'text/javascript'],
  [`${PAGE}/board.css`, 'text/css'],
] as const;

suite('the board of the queues', () => {
  let app: TestApp;
  let client: HttpClient;
  before(async () => {
    app = await startTestApp();
    client = new HttpClient(app.url);
  });
  after(() => app[Symbol.asyncDispose]());

  test('is served to anybody, and asked for again only when it has changed', async () => {
    for (const [path, type] of files) {
      const { status, headers } = await client.get(path);
      assert.equal(status, 200, path);
      assert.equal(headers.get('content-type'), `${type}; charset=utf-8`);
      const etag = headers.get('etag') ?? '';
      const again = await client.request('GET', path, { headers: { 'if-none-match': etag } });
      assert.equal(again.status, 304, path);
    }
  });

  test('may run its own script and ask its own API, and nothing else', async () => {
    const { headers } = await client.get(PAGE);
    const policy = new Map(
      (headers.get('content-security-policy') ?? '').split('; ').map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources.join(' ')];
      }),
    );
    assert.deepEqual(Object.fromEntries(policy), {
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self'",
      'img-src': 'data:',
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': "'none'",
    });
  });

  test('has nothing inline, nothing from elsewhere, and a script that makes no markup', async () => {
    const page = (await client.get(PAGE)).body as string;
    assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=|javascript:|https?:|src="\/\//i);
    const scripts = [...page.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
    assert.deepEqual(
      scripts.map(([, attributes, content]) => [attributes, content]),
      [[' src="/admin/board/board.js" defer', '']],
    );
    const [links, known] = [[...page.matchAll(/(?:href|src)="(\/[^"]*)"/g)], files.map(([path]) => path)];
    assert.equal(links.length, 2);
    for (const [, address] of links)
      assert.ok(
        known.some((path) => path === address),
        address,
      );
    const script = (await client.get(`${PAGE}/board.js`)).body as string;
    assert.doesNotMatch(script, /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|https?:/);
    const used = [...script.matchAll(/(?:send|call|read)\('(?:(?:GET|POST)', ')?([a-z]+\/[a-z-]+)/g)];
    assert.deepEqual([...new Set(used.map(([, path]) => path))].sort(), [
      'admin/dead-letters',
      'admin/queues',
      'auth/csrf',
      'auth/login',
      'auth/logout',
      'auth/refresh',
    ]);
  });

  test('can only be read', async () => {
    for (const [path] of files)
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status, headers, body } = await client.request(method, path, { json: {} });
        assert.deepEqual([status, body.code], [405, 'route.method_not_allowed'], `${method} ${path}`);
        assert.match(headers.get('allow') ?? '', /^GET, HEAD/);
      }
    assert.equal((await client.get(`${PAGE}/board.html`)).status, 404);
    assert.equal((await client.get(`${PAGE}/..%2fadmin-router.ts`)).status, 404);
  });
});
