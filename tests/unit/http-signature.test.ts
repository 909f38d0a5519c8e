import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { suite, test } from 'node:test';
import {
  contentDigest,
  ed25519PublicKey,
  parseCanonical,
  rawPublicKey,
  signatureBase,
  verifyBase,
} from '#shared/crypto/http-signature.ts';
import type { InnerList, SignableRequest } from '#shared/crypto/http-signature.ts';

/** RFC 9421, appendix B.1.4: test-key-ed25519. */
const privateKey = createPrivateKey(`-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----`);
const publicKey = createPublicKey(privateKey);

/** RFC 9421, appendix B.2: test-request. */
const testRequest: SignableRequest = {
  method: 'POST',
  authority: 'example.com',
  target: '/foo?param=Value&Pet=dog',
  headers: {
    date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    'content-type': 'application/json',
    'content-digest':
      'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
    'content-length': '18',
  },
};

const inputOf = (text: string): InnerList => parseCanonical(`sig=${text}`)!.get('sig') as InnerList;

/** Name, request, value of Signature-Input, lines of the base before the last, signature in base64. */
const vectors: readonly (readonly [string, SignableRequest, string, readonly string[], string])[] = [
  [
    'B.2.6, signing a request using ed25519',
    testRequest,
    '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    [
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@authority": example.com',
      '"content-type": application/json',
      '"content-length": 18',
    ],
    'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
  ],
  [
    'B.4, HTTP message transformations',
    {
      method: 'GET',
      authority: 'example.org',
      target: '/demo?name1=Value1&Name2=value2',
      headers: { accept: 'application/json, */*' },
    },
    '("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"',
    ['"@method": GET', '"@path": /demo', '"@authority": example.org', '"accept": application/json, */*'],
    'ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==',
  ],
];

suite('RFC 9421 vectors', () => {
  for (const [name, request, input, lines, expected] of vectors)
    test(name, (t) => {
      const base = signatureBase(request, inputOf(input));
      assert.equal(base, [...lines, `"@signature-params": ${input}`].join('\n'));
      // Ed25519 is deterministic, so that the very bytes of the RFC come out.
      assert.equal(sign(null, Buffer.from(base), privateKey).toString('base64'), expected);
      assert.ok(verifyBase(base, Buffer.from(expected, 'base64'), publicKey));
      let refused = 0;
      for (let bit = 0; bit < 512; bit += 1) {
        const flipped = Buffer.from(expected, 'base64');
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        if (!verifyBase(base, flipped, publicKey)) refused += 1;
      }
      assert.equal(refused, 512);
      t.diagnostic(`${refused} of 512 flipped bits refused`);
    });

  test('B.1.4: the public key of the key pair', () => {
    const raw = Buffer.from('JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=', 'base64');
    assert.deepEqual(rawPublicKey(publicKey), raw);
    assert.ok(ed25519PublicKey(raw).equals(publicKey));
  });

  test('2.2.3, 2.2.6 and 2.2.7: authority, path and query', () => {
    const base = (target: string): string =>
      signatureBase(
        { method: 'GET', authority: 'WWW.Example.com', target, headers: {} },
        inputOf('("@authority" "@path" "@query")'),
      );
    const of = (path: string, query: string): string =>
      `"@authority": www.example.com\n"@path": ${path}\n"@query": ${query}\n` +
      '"@signature-params": ("@authority" "@path" "@query")';
    assert.equal(
      base('/path?param=value&foo=bar&baz=bat%2Dman'),
      of('/path', '?param=value&foo=bar&baz=bat%2Dman'),
    );
    assert.equal(base('/path?queryString'), of('/path', '?queryString'));
    assert.equal(base('/path?'), of('/path', '?'));
    assert.equal(base('/path'), of('/path', '?'));
  });

  test('components that are unknown, absent, repeated or have parameters make no base', () => {
    for (const input of [
      '("@status")',
      '("@request-target")',
      '("accept")',
      '("date" "date")',
      '("date";sf)',
      '("@method";req)',
      '("Date")',
      '(1)',
    ])
      assert.throws(() => signatureBase(testRequest, inputOf(input)), input);
  });
});

suite('RFC 9530 vectors', () => {
  test('appendix B and D: digests of {"hello": "world"}', () => {
    const body = Buffer.from('{"hello": "world"}');
    assert.equal(contentDigest(body, 'sha-512'), testRequest.headers['content-digest']);
    assert.equal(contentDigest(body), 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:');
    const withNewline = Buffer.from('{"hello": "world"}\n');
    assert.equal(contentDigest(withNewline), 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:');
  });
});

test('only canonical dictionaries are read', () => {
  assert.ok(parseCanonical('sig=:AA==:'));
  for (const text of [
    'sig=:AA==: ',
    ' sig=:AA==:',
    'sig= :AA==:',
    'sig=:AA:',
    'sig=:AA==:,sig=:AA==:',
    'sig=:AA==:, sig=:AA==:',
    'sig=("a"  "b")',
    'sig=("a");x=1;x=2',
    'sig=("a"); x=1',
    'sig=("a");x=01',
    'Sig=:AA==:',
    'sig=?1;',
    'sig="\u00e9"',
  ])
    assert.equal(parseCanonical(text), undefined, text);
});
