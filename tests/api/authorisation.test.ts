import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { asksForProof } from '#api/http/prove-presence.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import { SCOPES } from '#shared/domain/scopes.ts';
import type { Scope } from '#shared/domain/scopes.ts';
import { makeApiKey, USER_SCOPES } from '#tests/support/api-keys.ts';
import type { TestKey } from '#tests/support/api-keys.ts';
import { callExample, exampleBody, examplePath } from '#tests/support/endpoint-calls.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

/** Answers of those who stand at the door; anything else means that one was let in. */
const DENIALS: readonly ErrorCode[] = [
  'auth.required',
  'auth.session_expired',
  'auth.session_required',
  'auth.forbidden',
  'auth.ambiguous',
  'auth.key_invalid',
  'auth.key_expired',
  'auth.scope_missing',
  'auth.csrf_invalid',
  'auth.origin_forbidden',
  'auth.reauthentication_required',
  'auth.signature_required',
  'auth.signature_invalid',
  'auth.signature_expired',
  'auth.signature_replayed',
];

type Role =
  | 'anonymous'
  | 'user'
  | 'admin'
  | 'key with the scope'
  | 'signing key with the scope'
  | "user's key with every scope"
  | 'key without the scope'
  | 'expired key'
  | 'revoked key';

const KEY_ROLES: readonly Role[] = [
  'key with the scope',
  'signing key with the scope',
  "user's key with every scope",
  'key without the scope',
  'expired key',
  'revoked key',
];
const ROLES: readonly Role[] = ['anonymous', 'user', 'admin', ...KEY_ROLES];

const provesItself = (endpoint: AnyEndpoint): boolean => asksForProof(endpoint, endpoint.example.query ?? {});

/** What the contract promises: who is let in, and what the others are told. */
function expected(endpoint: AnyEndpoint, role: Role): ErrorCode | 'let in' {
  const { auth, scope } = endpoint;
  if (auth === 'public') return 'let in';
  if (role === 'expired key') return 'auth.key_expired';
  if (role === 'revoked key') return 'auth.key_invalid';
  if (role === 'anonymous') return auth === 'optional' ? 'let in' : 'auth.required';
  if (role === 'user') return auth === 'admin' ? 'auth.forbidden' : 'let in';
  if (role === 'admin') return 'let in';
  if (scope === undefined) return 'auth.session_required';
  if (role === 'key without the scope') return 'auth.scope_missing';
  if (role === "user's key with every scope" && auth === 'admin') return 'auth.scope_missing';
  return provesItself(endpoint) && role !== 'signing key with the scope'
    ? 'auth.signature_required'
    : 'let in';
}

suite('promise 32 and ASVS 8.2.1: who may do what', () => {
  let app: TestApp;
  let user: TestUser;
  let admin: TestUser;
  let keys: Readonly<Record<'expired' | 'revoked' | 'users', TestKey>>;
  const keysWith = new Map<Scope, TestKey>();
  const keysWithout = new Map<Scope, TestKey>();
  before(async () => {
    app = await startTestApp();
    user = await registerUser(app);
    admin = await newAdmin();
    keys = {
      expired: await makeApiKey(app, admin, SCOPES),
      revoked: await makeApiKey(app, admin, SCOPES),
      users: await makeApiKey(app, user, USER_SCOPES),
    };
    for (const scope of SCOPES) {
      const others = SCOPES.filter((one) => one !== scope);
      keysWithout.set(scope, await makeApiKey(app, admin, others));
      keysWith.set(scope, await makeApiKey(app, admin, [scope]));
    }
    await app.database.sql('update api_keys set expires_at = now() where id = $1', [keys.expired.id]);
    await app.database.sql('update api_keys set revoked_at = now() where id = $1', [keys.revoked.id]);
  });
  after(() => app[Symbol.asyncDispose]());

  const newAdmin = async (): Promise<TestUser> => {
    const made = await registerUser(app);
    await app.database.sql(`update users set role = 'admin' where id = $1`, [made.id]);
    return made;
  };

  type Caller = (endpoint: AnyEndpoint, isSafe: boolean) => Promise<HttpClient>;
  const session =
    (known: () => TestUser, fresh: () => Promise<TestUser>): Caller =>
    async ({ auth }, isSafe) =>
      (isSafe && auth !== 'refresh' ? known() : await fresh()).client;
  const scoped: Caller = async ({ scope = 'search' }, isSafe) =>
    (isSafe ? keysWith.get(scope)! : await makeApiKey(app, await newAdmin(), [scope])).client;
  /** A caller of each role; one that is let in is a fresh one, since some calls end accounts and sessions. */
  const callers: Readonly<Record<Role, Caller>> = {
    anonymous: async ({ auth, csrf }) => {
      const client = new HttpClient(app.url);
      if (csrf && auth === 'optional') await client.get('auth/csrf');
      return client;
    },
    user: session(
      () => user,
      () => registerUser(app),
    ),
    admin: session(
      () => admin,
      () => newAdmin(),
    ),
    'key with the scope': scoped,
    'signing key with the scope': scoped,
    "user's key with every scope": async (_, isSafe) =>
      (isSafe ? keys.users : await makeApiKey(app, await registerUser(app))).client,
    'key without the scope': ({ scope = 'search' }) => Promise.resolve(keysWithout.get(scope)!.client),
    'expired key': () => Promise.resolve(keys.expired.client),
    'revoked key': () => Promise.resolve(keys.revoked.client),
  };

  const call = async (endpoint: AnyEndpoint, role: Role): Promise<{ status: number; code: string }> => {
    const isSafe = endpoint.method === 'GET' || expected(endpoint, role) !== 'let in';
    const { scope } = endpoint;
    if (role === 'signing key with the scope' && provesItself(endpoint) && scope !== undefined) {
      const key = await makeApiKey(app, await newAdmin(), [scope]);
      const { json } = exampleBody(endpoint);
      const { status, body } = await key.signed(
        endpoint.method,
        examplePath(endpoint).replace('/api/v1/', ''),
        json,
      );
      return { status, code: body.code };
    }
    const { status, body } = await callExample(await callers[role](endpoint, isSafe), endpoint);
    return { status, code: body.code };
  };

  /** Everything that is stored, but for the log and the marks of use. */
  const snapshot = async (): Promise<unknown> => {
    const tables = await app.database.sql<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'
         and tablename not in ('audit_events', 'api_keys', 'sessions') order by 1`,
    );
    return Promise.all(
      tables.map(({ name }) =>
        app.database.sql(`select md5(string_agg(t::text, ',' order by t::text)) from ${name} t`),
      ),
    );
  };

  test('every endpoint declares its rule', (t) => {
    for (const { operationId, auth, scope, ownership } of app.endpoints) {
      assert.equal(scope !== undefined, auth === 'user' || auth === 'admin', operationId);
      if (auth === 'user' || auth === 'session') assert.equal(ownership, 'own', operationId);
      if (scope !== undefined) assert.equal(scope.startsWith('admin:'), auth === 'admin', operationId);
    }
    const used = new Set(app.endpoints.map(({ scope }) => scope));
    assert.deepEqual(
      SCOPES.filter((scope) => !used.has(scope)),
      [],
      'scopes that open nothing',
    );
    t.diagnostic(`${app.endpoints.length} endpoints, ${SCOPES.length} scopes`);
  });

  test('whoever is not admitted is told so, and nothing changes', { timeout: 300_000 }, async (t) => {
    const before = await snapshot();
    let cells = 0;
    for (const endpoint of app.endpoints)
      for (const role of ROLES) {
        const denial = expected(endpoint, role);
        if (denial === 'let in') continue;
        const { status, code } = await call(endpoint, role);
        assert.equal(code, denial, `${endpoint.operationId}, ${role}: ${status}`);
        cells += 1;
      }
    assert.deepEqual(await snapshot(), before);
    t.diagnostic(
      `${cells} refusals over ${app.endpoints.length} endpoints and ${ROLES.length} roles: 0 leaks`,
    );
  });

  test('whoever is admitted gets past the door', { timeout: 300_000 }, async (t) => {
    let cells = 0;
    for (const endpoint of app.endpoints)
      for (const role of ROLES) {
        if (expected(endpoint, role) !== 'let in') continue;
        const { status, code } = await call(endpoint, role);
        const denied = (DENIALS as readonly string[]).includes(code) || status >= 500;
        assert.ok(!denied, `${endpoint.operationId}, ${role}: ${status} ${code}`);
        cells += 1;
      }
    t.diagnostic(`${cells} admissions`);
  });
});
