import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, test } from 'node:test';
import { AppError } from '#shared/errors/app-error.ts';
import type { Lookup } from '#shared/net/guarded-fetch.ts';
import { createProviderGuard } from '#shared/net/provider-guard.ts';
import { isPublicAddress } from '#shared/net/public-address.ts';

const PUBLIC = '93.184.215.14';

/** Names as an attacker's DNS would answer; a function answers anew each time. */
const zone: Readonly<Record<string, readonly string[] | (() => readonly string[])>> = {
  'api.example.com': [PUBLIC],
  'six.example.com': ['2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
  'loop.example.com': ['127.0.0.1'],
  'mixed.example.com': [PUBLIC, '10.0.0.1'],
  'mapped.example.com': ['::ffff:10.0.0.1'],
  'ten.example.com': ['10.1.2.3'],
  'metadata.example.com': ['169.254.169.254'],
  'nat64.example.com': ['64:ff9b::a9fe:a9fe'],
  'metadata.google.internal': ['169.254.169.254'],
  'printer.local': ['192.168.1.5'],
};

const resolver =
  (names: typeof zone): Lookup =>
  (host, options, done) => {
    const entry = names[host];
    const found = (typeof entry === 'function' ? entry() : (entry ?? [])).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    if (found.length === 0) done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), '', 0);
    else if (options.all === true) done(null, found);
    else done(null, found[0]!.address, found[0]!.family);
  };

const strict = createProviderGuard({ allowedHosts: [], allowPrivate: false, lookup: resolver(zone) });

const refused: readonly string[] = [
  // no URL, or not one of ours
  'not a url',
  '',
  'ftp://api.example.com/',
  'file:///etc/passwd',
  'gopher://api.example.com:443/',
  'javascript:alert(1)',
  'data:text/plain,x',
  'http://api.example.com/v1',
  'https://user@api.example.com/v1',
  'https://user:pass@api.example.com/v1',
  'https://api.example.com@127.0.0.1/v1',
  'https://api.example.com:22/v1',
  'https://api.example.com:8443/v1',
  'https://api.example.com/v1?redirect=1',
  'https://api.example.com/v1#x',
  // loopback and unspecified, in every spelling that URL parsers know
  'https://127.0.0.1/',
  'https://127.1/',
  'https://127.0.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://127.0.0.1./',
  'https://①②⑦.0.0.1/',
  'https://127。0。0。1/',
  'https://%31%32%37.0.0.1/',
  'https://0.0.0.0/',
  'https://0/',
  'https://[::]/',
  'https://[::1]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://localhost/',
  'https://LOCALHOST/',
  'https://localhost./',
  'https://redis/',
  // private, link-local, metadata, carrier-grade, benchmark, documentation, multicast, reserved
  'https://10.0.0.1/',
  'https://0xa000001/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.168.0.1/',
  'https://3232235521/',
  'https://169.254.169.254/latest/meta-data/',
  'https://2852039166/',
  'https://0xa9fea9fe/',
  'https://0251.0376.0251.0376/',
  'https://100.64.0.1/',
  'https://100.100.100.200/',
  'https://192.0.0.192/',
  'https://168.63.129.16/',
  'https://198.18.0.1/',
  'https://192.0.2.1/',
  'https://203.0.113.9/',
  'https://224.0.0.1/',
  'https://240.0.0.1/',
  'https://255.255.255.255/',
  // IPv6, and IPv4 inside it
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::127.0.0.1]/',
  'https://[::ffff:169.254.169.254]/',
  'https://[64:ff9b::127.0.0.1]/',
  'https://[64:ff9b::a9fe:a9fe]/',
  'https://[64:ff9b:1::a00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001:0:7f00:1::]/',
  'https://[fe80::1]/',
  'https://[fc00::1]/',
  'https://[fd00:ec2::254]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://[2001:db8::1]/',
  'https://[100::1]/',
  // names that lead inside
  'https://loop.example.com/',
  'https://mixed.example.com/',
  'https://mapped.example.com/',
  'https://ten.example.com/',
  'https://metadata.example.com/',
  'https://nat64.example.com/',
  'https://metadata.google.internal/',
  'https://printer.local/',
  'https://nowhere.example.com/',
];

const accepted: readonly string[] = [
  'https://api.example.com',
  'https://api.example.com/v1',
  'https://API.example.com:443/v1',
  'https://api.example.com./v1'.replace('./', '/'),
  'https://six.example.com/v1',
  `https://${PUBLIC}/v1`,
  'https://[2606:4700::6810:84e5]/v1',
  'https://100.128.0.1/',
  'https://172.32.0.1/',
];

const isRefusal = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'credential.base_url_forbidden';

suite('ASVS 5.0 1.3.6: addresses that users give (SSRF)', () => {
  test('every address inside is refused, and none is named in the answer', async (t) => {
    const through: string[] = [];
    for (const url of refused)
      await strict.check(url).then(
        () => through.push(url),
        (error: unknown) => {
          assert.ok(isRefusal(error), `${url}: ${String(error)}`);
          assert.doesNotMatch((error as AppError).detail, /\d{1,3}\.\d{1,3}|::/, url);
        },
      );
    t.diagnostic(`${refused.length} forbidden URLs, ${through.length} let through`);
    assert.deepEqual(through, []);
    assert.ok(refused.length >= 40);
  });

  test('public addresses are accepted', async () => {
    for (const url of accepted) await strict.check(url);
  });

  test('the same table is refused when it comes to the request itself', async () => {
    const post = { headers: {}, body: '{}', signal: new AbortController().signal };
    for (const url of refused)
      await assert.rejects(
        strict.post(url, post),
        (error) => isRefusal(error) || (error as { code?: string }).code === 'ENOTFOUND',
        url,
      );
  });

  test('hosts that the operator names are trusted, by name or by name and port', async () => {
    const named = createProviderGuard({
      allowedHosts: ['localhost', '10.0.0.1:8080', '[::1]'],
      allowPrivate: false,
      lookup: resolver(zone),
    });
    for (const url of ['http://localhost:1234/v1', 'http://10.0.0.1:8080/v1', 'http://[::1]/v1'])
      await named.check(url);
    for (const url of ['http://10.0.0.1:8081/', 'http://10.0.0.2:8080/', 'https://localhost.example.com/'])
      await assert.rejects(named.check(url), isRefusal, url);
    await assert.rejects(named.check('ftp://localhost/'), isRefusal);
    await assert.rejects(named.check('http://user:pass@localhost/'), isRefusal);
    const open = createProviderGuard({ allowedHosts: [], allowPrivate: true, lookup: resolver(zone) });
    await open.check('http://192.168.0.1:11434/v1');
  });

  test('what is no address is not public', () => {
    for (const text of ['', 'example.com', '1.2.3', '1.2.3.4.5', '::g'])
      assert.ok(!isPublicAddress(text), text);
  });
});

test('a name that changes its mind after the check reaches nothing (DNS rebinding)', async () => {
  let reached = 0;
  const server = createServer((_req, res) => {
    reached += 1;
    res.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    let asked = 0;
    const rebinding = () => [++asked === 1 ? PUBLIC : '127.0.0.1'];
    const lookup = resolver({ 'rebind.example.com': rebinding });
    const guard = createProviderGuard({ allowedHosts: [], allowPrivate: false, lookup });
    await guard.check('https://rebind.example.com/v1');
    const signal = AbortSignal.timeout(5_000);
    const post = { headers: {}, body: '{}', signal };
    await assert.rejects(guard.post('https://rebind.example.com/v1', post), isRefusal);
    assert.deepEqual([asked, reached], [2, 0]);
    // The same way does reach a server that the operator trusts, so the test could have failed.
    const trusting = createProviderGuard({
      allowedHosts: ['rebind.example.com'],
      allowPrivate: false,
      lookup,
    });
    const answer = await trusting.post(`http://rebind.example.com:${port}/v1`, post);
    assert.deepEqual([answer.status, await answer.text(), reached], [200, '{}', 1]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('redirects are not followed', async () => {
  let reached = 0;
  const server = createServer((req, res) => {
    reached += 1;
    if (req.url === '/v1') res.writeHead(307, { location: '/elsewhere' }).end();
    else res.end('followed');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const guard = createProviderGuard({ allowedHosts: [`127.0.0.1:${port}`], allowPrivate: false });
    const answer = await guard.post(`http://127.0.0.1:${port}/v1`, {
      headers: {},
      body: '{}',
      signal: AbortSignal.timeout(5_000),
    });
    assert.deepEqual([answer.status, reached], [307, 1]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
