import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { request } from 'node:http';
import { json as readJson } from 'node:stream/consumers';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { after, before, suite, test } from 'node:test';
import { serializeDictionary } from 'structured-headers';
import { contentDigest, signatureBase } from '#shared/crypto/http-signature.ts';
import type { BareItem, InnerList, Item } from '#shared/crypto/http-signature.ts';
import { makeApiKey } from '#tests/support/api-keys.ts';
import type { TestKey } from '#tests/support/api-keys.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { Json, TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

/** A request as it goes out; whatever the signature says of it may be a lie. */
interface Wire {
  readonly method: string;
  readonly path: string;
  /** A header with several values is sent in several lines. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string;
}

interface Spec {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly authority: string;
  readonly components: readonly string[];
  readonly parameters: Readonly<Record<string, BareItem | undefined>>;
  readonly label: string;
  readonly digest: string;
  readonly contentType: string;
  readonly privateKey: KeyObject;
}

const AUTHORITY = 'donkey.test';
const BODY = JSON.stringify({ label: 'Signed', scopes: ['account:read'], expires_in_days: 1 });
const OTHER_BODY = BODY.replace('account:read', 'account:write');
const now = (): number => Math.floor(Date.now() / 1000);
const newNonce = (): string => randomBytes(18).toString('base64url');

suite('promise 29 and ASVS 4.1.5: signed requests', () => {
  let app: TestApp;
  let twin: TestApp;
  let user: TestUser;
  let key: TestKey;
  before(async () => {
    const env = { CREDENTIAL_KEYS: `test:${randomBytes(32).toString('base64url')}` };
    app = await startTestApp(env);
    // Another instance over the same database.
    twin = await startTestApp({ ...env, DATABASE_URL: app.database.url });
    user = await registerUser(app);
    key = await makeApiKey(app, user);
  });
  after(async () => {
    await twin[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
  });

  /** A good request that makes a key, but for what `change` says. */
  const wireOf = (change: Partial<Spec> = {}): Wire => {
    const spec: Spec = {
      method: 'POST',
      path: '/api/v1/auth/api-keys',
      body: BODY,
      authority: AUTHORITY,
      components: ['@method', '@authority', '@path', '@query', 'content-type', 'content-digest'],
      label: 'sig',
      digest: contentDigest(Buffer.from(change.body ?? BODY)),
      contentType: 'application/json',
      privateKey: key.privateKey,
      ...change,
      parameters: {
        created: now(),
        expires: now() + 60,
        nonce: newNonce(),
        keyid: key.prefix,
        tag: 'donkey-workspace',
        ...change.parameters,
      },
    };
    const entity: Record<string, string> =
      spec.body === '' ? {} : { 'content-type': spec.contentType, 'content-digest': spec.digest };
    const parameters = Object.entries(spec.parameters).filter(([, value]) => value !== undefined);
    const input: InnerList = [
      spec.components.map((name): Item => [name, new Map()]),
      new Map(parameters as [string, BareItem][]),
    ];
    const base = signatureBase(
      {
        method: spec.method,
        authority: spec.authority,
        target: spec.path,
        headers: { ...entity, 'x-extra': 'x' },
      },
      input,
    );
    return {
      method: spec.method,
      path: spec.path,
      body: spec.body,
      headers: {
        ...entity,
        host: AUTHORITY,
        authorization: `Bearer ${key.key}`,
        'signature-input': serializeDictionary(new Map([[spec.label, input]])),
        signature: serializeDictionary({ [spec.label]: sign(null, Buffer.from(base), spec.privateKey) }),
      },
    };
  };
  const withHeaders = (wire: Wire, headers: Wire['headers']): Wire => ({
    ...wire,
    headers: { ...wire.headers, ...headers },
  });
  const without = (wire: Wire, ...names: string[]): Wire => ({
    ...wire,
    headers: Object.fromEntries(Object.entries(wire.headers).filter(([name]) => !names.includes(name))),
  });

  const send = async (
    wire: Wire,
    to: TestApp = app,
  ): Promise<{ status: number; code: string; body: Json }> => {
    const { hostname, port } = new URL(to.url);
    const { method, path, headers } = wire;
    const length = wire.body === '' ? {} : { 'content-length': String(Buffer.byteLength(wire.body)) };
    const outgoing = request({ hostname, port, method, path, headers: { ...length, ...headers } });
    outgoing.end(wire.body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const body: Json = response.statusCode === 204 ? {} : await readJson(response);
    response.resume();
    return { status: response.statusCode ?? 0, code: body.code, body };
  };
  const keysOfUser = async (): Promise<number> =>
    (
      await app.database.sql<{ n: number }>(
        'select count(*)::int as n from api_keys where user_id = $1 and revoked_at is null',
        [user.id],
      )
    )[0]!.n;

  /** Sends all, of which none may be let in or change anything. */
  const refuseAll = async (attempts: Readonly<Record<string, Wire>>, code?: string): Promise<number> => {
    const before = await keysOfUser();
    let accepted = 0;
    for (const [name, wire] of Object.entries(attempts)) {
      const answer = await send(wire);
      if (answer.status < 400) accepted += 1;
      assert.equal(answer.status, 401, `${name}: ${JSON.stringify(answer.body)}`);
      assert.match(answer.code, /^auth\.signature_/, name);
      if (code !== undefined) assert.equal(answer.code, code, `${name}: ${answer.body.detail as string}`);
    }
    assert.equal(await keysOfUser(), before);
    assert.equal(accepted, 0);
    return Object.keys(attempts).length;
  };

  test('a good one is accepted, with and without a body', async () => {
    const made = await send(wireOf());
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const sha512 = await send(wireOf({ digest: contentDigest(Buffer.from(BODY), 'sha-512') }));
    assert.equal(sha512.status, 201);
    const both = `${contentDigest(Buffer.from(BODY))}, ${contentDigest(Buffer.from(BODY), 'sha-512')}`;
    assert.equal((await send(wireOf({ digest: both }))).status, 201);
    const path = `/api/v1/auth/api-keys/${made.body.data.id as string}`;
    const components = ['@method', '@authority', '@path', '@query'];
    assert.equal((await send(wireOf({ method: 'DELETE', path, body: '', components }))).status, 204);
    const [event] = await app.database.sql<{ action: string; api_key_id: string }>(
      'select action, api_key_id from audit_events where user_id = $1 order by id desc limit 1',
      [user.id],
    );
    assert.deepEqual(event, { action: 'api_key.revoke', api_key_id: key.id });
  });

  test('none, or by a key that has no public half', async () => {
    const bare = without(wireOf(), 'signature', 'signature-input');
    await refuseAll({ none: bare }, 'auth.signature_required');
    const made = await user.client.post('auth/api-keys', { label: 'Mute', scopes: ['account:write'] });
    const authorization = `Bearer ${made.body.data.key as string}`;
    const forged = wireOf({ parameters: { keyid: made.body.data.prefix } });
    await refuseAll({ mute: withHeaders(forged, { authorization }) }, 'auth.signature_required');
  });

  test('ASVS 7.5.3: a session needs no signature but a password given of late', async () => {
    const signed = await user.client.post('auth/api-keys', JSON.parse(BODY));
    assert.equal(signed.status, 201);
    await app.database.sql(
      `update sessions set reauthenticated_at = now() - interval '301 seconds' where user_id = $1`,
      [user.id],
    );
    const before = await keysOfUser();
    const late = await user.client.post('auth/api-keys', JSON.parse(BODY));
    assert.equal(late.status, 403);
    assert.equal(late.body.code, 'auth.reauthentication_required');
    assert.equal(await keysOfUser(), before);
    await app.database.sql('update sessions set reauthenticated_at = now() where user_id = $1', [user.id]);
  });

  test('altered anything', async (t) => {
    const good = wireOf();
    const strange = generateKeyPairSync('ed25519').privateKey;
    const theirs = await makeApiKey(app, await registerUser(app));
    const tried = await refuseAll(
      {
        'the body': { ...good, body: OTHER_BODY },
        'the body and its digest': {
          ...withHeaders(good, { 'content-digest': contentDigest(Buffer.from(OTHER_BODY)) }),
          body: OTHER_BODY,
        },
        'a space in the body': { ...good, body: `${BODY} ` },
        'the query': { ...good, path: `${good.path}?` + 'x=1' },
        'the authority': withHeaders(good, { host: 'other.test' }),
        'the port': withHeaders(good, { host: `${AUTHORITY}:8080` }),
        'the content type': withHeaders(good, { 'content-type': 'application/json; charset=utf-8' }),
        'the method signed': { ...wireOf({ method: 'PUT' }), method: 'POST' },
        'the path signed': { ...wireOf({ path: '/api/v1/auth/api-key' }), path: good.path },
        'the query signed': { ...wireOf({ path: `${good.path}?a=b` }), path: good.path },
        'the authority signed': wireOf({ authority: 'other.test' }),
        'the key pair': wireOf({ privateKey: strange }),
        'the key pair of another account': wireOf({ privateKey: theirs.privateKey }),
        'the key id': wireOf({ privateKey: theirs.privateKey, parameters: { keyid: theirs.prefix } }),
        'the bearer key': withHeaders(good, { authorization: `Bearer ${theirs.key}` }),
        'the parameters': withHeaders(good, {
          'signature-input': String(good.headers['signature-input']).replace(
            /expires=\d+/,
            `expires=${now() + 61}`,
          ),
        }),
        'the signature of another request': withHeaders(good, { signature: wireOf().headers.signature! }),
        'a signature of nothing': withHeaders(good, { signature: 'sig=::' }),
        'a short signature': withHeaders(good, { signature: 'sig=:AAAA:' }),
      },
      'auth.signature_invalid',
    );
    let flipped = 0;
    for (let bit = 0; bit < 512; bit += 4) {
      const wire = wireOf();
      const bytes = Buffer.from(String(wire.headers.signature).slice('sig=:'.length, -1), 'base64');
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      flipped += await refuseAll({
        [`bit ${bit}`]: withHeaders(wire, { signature: serializeDictionary({ sig: bytes }) }),
      });
    }
    t.diagnostic(`${tried} alterations and ${flipped} flipped bits: 0 accepted`);
  });

  test('components and parameters missing, added, moved or odd', async (t) => {
    const all = ['@method', '@authority', '@path', '@query', 'content-type', 'content-digest'];
    const attempts: Record<string, Wire> = {
      reversed: wireOf({ components: all.toReversed() }),
      none: wireOf({ components: [] }),
      'x-extra covered': withHeaders(wireOf({ components: [...all, 'x-extra'] }), { 'x-extra': 'x' }),
      'alg named': wireOf({ parameters: { alg: 'ed25519' } }),
      'alg swapped': wireOf({ parameters: { alg: 'hmac-sha256' } }),
      'another tag': wireOf({ parameters: { tag: 'other' } }),
      'a short nonce': wireOf({ parameters: { nonce: 'short' } }),
      'a long nonce': wireOf({ parameters: { nonce: 'n'.repeat(65) } }),
      'an odd nonce': wireOf({ parameters: { nonce: `${newNonce()}'--` } }),
      'a number as nonce': wireOf({ parameters: { nonce: 12345678901234 } }),
      'created as text': wireOf({ parameters: { created: String(now()) } }),
      'created in parts of seconds': wireOf({ parameters: { created: now() + 0.5 } }),
      'the key itself as id': wireOf({ parameters: { keyid: key.key } }),
    };
    for (const name of all)
      attempts[`without ${name}`] = wireOf({ components: all.filter((one) => one !== name) });
    for (const name of ['created', 'expires', 'nonce', 'keyid', 'tag'])
      attempts[`without ${name}`] = wireOf({ parameters: { [name]: undefined } });
    t.diagnostic(`${await refuseAll(attempts)} odd signatures: 0 accepted`);
  });

  test('two of anything, and headers that are not canonical', async (t) => {
    const good = wireOf();
    const other = wireOf({ label: 'other' });
    const {
      signature,
      'signature-input': input,
      'content-digest': digest,
    } = good.headers as Record<string, string>;
    const attempts: Record<string, Wire> = {
      'two signatures': withHeaders(good, {
        signature: `${signature}, ${String(other.headers.signature)}`,
        'signature-input': `${input}, ${String(other.headers['signature-input'])}`,
      }),
      'two signatures, one described': withHeaders(good, {
        signature: `${signature}, ${String(other.headers.signature)}`,
      }),
      'one described under another name': withHeaders(good, { signature: other.headers.signature! }),
      'one twice in a header': withHeaders(good, { signature: `${signature}, ${signature}` }),
      'two lines of Signature': withHeaders(good, { signature: [signature!, signature!] }),
      'two lines of Signature-Input': withHeaders(good, { 'signature-input': [input!, input!] }),
      'two lines of Content-Digest': withHeaders(good, { 'content-digest': [digest!, digest!] }),
      'Signature alone': without(good, 'signature-input'),
      'Signature-Input alone': without(good, 'signature'),
      'parameters of the signature': withHeaders(good, { signature: `${signature};a=1` }),
      'a parameter twice': withHeaders(good, { 'signature-input': `${input};tag="donkey-workspace"` }),
      'spaces in the list': withHeaders(good, { 'signature-input': input!.replace('" "', '"  "') }),
      'parameters of a component': withHeaders(good, {
        'signature-input': input!.replace('"@query"', '"@query";req'),
      }),
      'no dictionary': withHeaders(good, { 'signature-input': '(((', signature: '???' }),
      'a list as signature': withHeaders(good, { signature: 'sig=("a")' }),
      'a token as input': withHeaders(good, { 'signature-input': 'sig=a' }),
      nothing: withHeaders(good, { 'signature-input': '', signature: '' }),
    };
    const { 'content-digest': _, ...rest } = good.headers;
    attempts['no digest'] = { ...good, headers: rest };
    t.diagnostic(`${await refuseAll(attempts)} doubled or odd headers: 0 accepted`);
  });

  test('digests that are weak, unknown, wrong or of another body', async (t) => {
    const right = contentDigest(Buffer.from(BODY));
    const wrong = contentDigest(Buffer.from(OTHER_BODY), 'sha-512');
    const tried = await refuseAll({
      md5: wireOf({ digest: 'md5=:1B2M2Y8AsgTpgAmY7PhCfg==:' }),
      unknown: wireOf({ digest: right.replace('sha-256', 'sha-999') }),
      'one right, one wrong': wireOf({ digest: `${right}, ${wrong}` }),
      'one right, one unknown': wireOf({ digest: `${right}, x=:AA==:` }),
      'of another body': wireOf({ digest: contentDigest(Buffer.from(OTHER_BODY)) }),
      'cut off': wireOf({ digest: 'sha-256=:AAAA:' }),
      'as text': wireOf({ digest: 'sha-256="abc"' }),
      'not there': wireOf({ digest: '' }),
    });
    t.diagnostic(`${tried} bad digests: 0 accepted`);
  });

  test('a body where none belongs', async () => {
    const wire = wireOf({
      method: 'DELETE',
      path: `/api/v1/auth/api-keys/${key.id}`,
      body: '',
      components: ['@method', '@authority', '@path', '@query'],
    });
    await refuseAll({ body: { ...wire, body: '{}' } }, 'auth.signature_invalid');
  });

  test('clocks: from the future, too old, too long-lived', async (t) => {
    const at = (created: number, expires: number): Wire => wireOf({ parameters: { created, expires } });
    const tried = await refuseAll(
      {
        'a minute ahead': at(now() + 60, now() + 120),
        expired: at(now() - 120, now() - 1),
        'expires at once': at(now() - 10, now()),
        'five minutes and a second': at(now(), now() + 301),
        'a year': at(now(), now() + 31_536_000),
        'ends before it begins': at(now(), now() - 10),
        'begins and ends at once': at(now() + 10, now() + 10),
        negative: at(-300, -1),
      },
      'auth.signature_expired',
    );
    assert.equal(
      (await send(at(now() + 20, now() + 320))).status,
      201,
      'a clock that is 20 s ahead is let in',
    );
    assert.equal(
      (await send(at(now() - 290, now() + 10))).status,
      201,
      'an old one that has not expired is let in',
    );
    t.diagnostic(`${tried} bad clocks: 0 accepted`);
  });

  test('replays: later, at once, on another instance, with another body', async (t) => {
    const once = wireOf();
    assert.equal((await send(once)).status, 201);
    let replays = 0;
    for (const to of [app, twin]) {
      const again = await send(once, to);
      assert.equal(again.code, 'auth.signature_replayed');
      replays += 1;
    }
    const nonce = String(/nonce="([^"]+)"/.exec(String(once.headers['signature-input']))?.[1]);
    assert.equal(
      (await send(wireOf({ body: OTHER_BODY, parameters: { nonce } }))).code,
      'auth.signature_replayed',
    );
    const burst = wireOf();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => send(burst, i % 2 === 0 ? app : twin)),
    );
    const accepted = answers.filter(({ status }) => status === 201).length;
    assert.equal(accepted, 1);
    assert.ok(answers.every(({ status, code }) => status === 201 || code === 'auth.signature_replayed'));
    t.diagnostic(`${replays + 1} replays and 30 at once on two instances: ${accepted} of 30 accepted, once`);
  });

  test('nobody uses up the nonces of another key', async () => {
    const other = await makeApiKey(app, user);
    const nonce = newNonce();
    assert.equal((await send(wireOf({ parameters: { nonce } }))).status, 201);
    const theirs = wireOf({ privateKey: other.privateKey, parameters: { nonce, keyid: other.prefix } });
    assert.equal((await send(withHeaders(theirs, { authorization: `Bearer ${other.key}` }))).status, 201);
    // A signature that is not good leaves its nonce unused.
    const fresh = newNonce();
    await refuseAll({ altered: { ...wireOf({ parameters: { nonce: fresh } }), body: OTHER_BODY } });
    assert.equal((await send(wireOf({ parameters: { nonce: fresh } }))).status, 201);
  });
});
