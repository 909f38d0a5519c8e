import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { suite, test } from 'node:test';
import { signedHeaders } from '#scripts/sign-request.ts';
import { parseCanonical, signatureBase } from '#shared/crypto/http-signature.ts';
import type { InnerList } from '#shared/crypto/http-signature.ts';
import { startTestApp } from '#tests/support/test-app.ts';

const root = join(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/request-signing.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, block = '']) => block);

test('the worked example of the guide is what comes out', () => {
  const [base = '', shown = ''] = blocks('text');
  const url = new URL('https://donkey.example.org/api/v1/auth/api-keys');
  const headers = signedHeaders({
    method: 'POST',
    url,
    json: '{"label":"Reader","scopes":["documents:read"]}',
    keyId: 'dk_k3x9p2ma',
    // RFC 9421, appendix B.1.4
    privateKey: createPrivateKey(`-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----`),
    created: 1768469400,
    nonce: 'Zm9yIHRoaXMgZXhhbXBsZQ',
  });
  const input = parseCanonical(headers['signature-input']!)!.get('sig') as InnerList;
  const request = { method: 'POST', authority: url.host, target: url.pathname, headers };
  assert.equal(`${signatureBase(request, input)}\n`, base);
  const lines = shown
    .trimEnd()
    .split('\n')
    .map((line) => line.split(': ') as [string, string]);
  assert.deepEqual(Object.fromEntries(lines.map(([name, value]) => [name.toLowerCase(), value])), headers);
});

const run = async (script: string, environment: Readonly<Record<string, string>>) => {
  const bash = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(bash.stdout),
    text(bash.stderr),
    once(bash, 'close') as Promise<[number]>,
  ]);
  return { code, stdout, stderr };
};

const curl = await run('command -v curl', {});

suite('the commands of the guide', { skip: curl.code === 0 ? false : 'curl is not installed here' }, () => {
  test('work as they stand', { timeout: 120_000 }, async () => {
    await using app = await startTestApp();
    const [script = ''] = blocks('bash');
    const { code, stdout, stderr } = await run(script, { DONKEY: app.url });
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    assert.match(stdout, /^signer-\d+\nauth\.signature_required\nauth\.signature_replayed\n\n$/);
    assert.equal(stderr, '204\n');
    const keys = await app.database.sql('select label from api_keys where revoked_at is null');
    assert.deepEqual(keys, [{ label: 'Keeper of keys' }]);
  });
});
