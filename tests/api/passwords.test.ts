import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { beginReset } from '#api/auth/password-resets.ts';
import { createPasswords } from '#shared/crypto/passwords.ts';
import { makeApiKey } from '#tests/support/api-keys.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { TestResponse, TestUser } from '#tests/support/http-client.ts';
import { createPausingPasswords } from '#tests/support/pausing-passwords.ts';
import { startSmtpServer } from '#tests/support/smtp-server.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const codeOf = ({ status, body }: TestResponse): [number, string] => [status, body.code as string];

const anonymous = async (app: TestApp): Promise<HttpClient> => {
  const client = new HttpClient(app.url);
  await client.get('auth/csrf');
  return client;
};
const logIn = async (app: TestApp, username: string, password: string) => {
  const client = await anonymous(app);
  return { client, ...(await client.post('auth/login', { username, password })) };
};

const resetTokenFor = async (app: TestApp, user: TestUser): Promise<string> => {
  const { database } = app.context;
  const found = await database.read.users.findCredentials(user.username);
  return database.transaction((tx) =>
    beginReset(tx, found!.user, { passwordResetTtlMinutes: 30 }, { actorId: null, apiKeyId: undefined }),
  );
};
const countEvents = async (app: TestApp, user: TestUser, action: string): Promise<number> =>
  (await app.database.sql('select 1 from audit_events where user_id = $1 and action = $2', [user.id, action]))
    .length;

suite('passwords', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app[Symbol.asyncDispose]());

  const tokenFor = (user: TestUser): Promise<string> => resetTokenFor(app, user);
  const events = (user: TestUser, action: string): Promise<number> => countEvents(app, user, action);

  test('ASVS 6.2.4, 6.2.11 and 6.2.12: common, trivial and self-referring passwords are refused', async () => {
    const client = await anonymous(app);
    const account = { username: 'grace.hopper', email: 'grace@navy.example' };
    for (const password of [
      'password',
      'Password123!',
      'iloveyou1',
      'sunshine2024',
      '12345678',
      'aaaaaaaa',
      'abcabcabc',
      'qwertyuiop',
      '98765432',
      'gracehopper',
      'Grace.Hopper1!',
      'hopper-navy-1906',
      'donkey-workspace',
      'DonkeyWorkspace99',
    ]) {
      const response = await client.post('auth/register', { ...account, password });
      assert.deepEqual(codeOf(response), [400, 'auth.password_weak'], password);
      assert.equal(response.body.errors[0].pointer, '/body/password');
      assert.doesNotMatch(
        JSON.stringify(response.body),
        /Password123|sunshine2024|gracehopper/,
        'not repeated',
      );
    }
    const good = await client.post('auth/register', {
      ...account,
      password: 'grace has eleven green bottles',
    });
    assert.equal(good.status, 201, 'a name in a long phrase is no fault');
  });

  test('ASVS 6.2.2, 6.2.3 and 7.4.3: changing the password takes the current one and ends other sessions', async () => {
    const user = await registerUser(app);
    const { client: elsewhere } = await logIn(app, user.username, user.password);
    const next = 'eleven green bottles';
    const change = (body: object) => user.client.post('auth/password', body);
    assert.equal((await change({ new_password: next })).status, 400);
    assert.deepEqual(codeOf(await change({ current_password: 'not it', new_password: next })), [
      401,
      'auth.invalid_credentials',
    ]);
    const weak = await change({ current_password: user.password, new_password: 'password1' });
    assert.deepEqual(codeOf(weak), [400, 'auth.password_weak']);
    assert.equal(weak.body.errors[0].pointer, '/body/new_password');
    assert.equal((await elsewhere.get('auth/me')).status, 200, 'nothing has ended so far');
    assert.equal((await change({ current_password: user.password, new_password: next })).status, 204);
    assert.equal((await user.client.get('auth/me')).status, 200);
    assert.equal((await elsewhere.get('auth/me')).status, 401);
    assert.equal((await logIn(app, user.username, user.password)).status, 401);
    assert.equal((await logIn(app, user.username, next)).status, 200);
    assert.equal(await events(user, 'auth.password_changed'), 1);
  });

  test('whoever holds a session cannot guess the password with it', async () => {
    const { client } = await registerUser(app);
    const statuses: number[] = [];
    for (let turn = 0; turn < 10; turn += 1)
      statuses.push((await client.post('auth/reauthenticate', { password: `guess ${turn}` })).status);
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429, 429, 429, 429]);
  });

  test('ASVS 6.4.3: a token sets a new password once and ends all sessions', async () => {
    const user = await registerUser(app);
    const token = await tokenFor(user);
    const stored = JSON.stringify(await app.database.sql('select * from password_resets'));
    assert.ok(!stored.includes(token), 'it is kept as a hash');
    const client = await anonymous(app);
    const confirm = (body: object) => client.post('auth/password-reset/confirm', body);
    const password = 'eleven green bottles';
    assert.deepEqual(codeOf(await confirm({ token: `${token}x`, password })), [400, 'auth.reset_invalid']);
    assert.deepEqual(codeOf(await confirm({ token, password: user.username })), [400, 'auth.password_weak']);
    assert.equal((await confirm({ token, password })).status, 204, 'a refused password did not use it up');
    assert.deepEqual(codeOf(await confirm({ token, password: 'twelve green bottles' })), [
      400,
      'auth.reset_invalid',
    ]);
    assert.equal((await user.client.get('auth/me')).status, 401);
    assert.equal((await logIn(app, user.username, password)).status, 200);
    assert.equal(await events(user, 'auth.password_reset'), 1);
  });

  const confirmWith = async (token: string) =>
    (await anonymous(app)).post('auth/password-reset/confirm', { token, password: 'eleven green bottles' });

  test('ASVS 6.4.1: tokens expire, and the use of one makes the others void', async () => {
    const user = await registerUser(app);
    const [first, second, third] = [await tokenFor(user), await tokenFor(user), await tokenFor(user)];
    await app.database.sql(
      `update password_resets set expires_at = now() where user_id = $1 and id = (select max(id::text)::uuid from password_resets where user_id = $1)`,
      [user.id],
    );
    assert.deepEqual(codeOf(await confirmWith(third)), [400, 'auth.reset_invalid']);
    assert.equal(
      (await confirmWith(first)).status,
      204,
      'newer wishes, which strangers may have, left it good',
    );
    assert.deepEqual(codeOf(await confirmWith(second)), [400, 'auth.reset_invalid']);
  });

  test('a change of the password or of the address makes tokens void that are out', async () => {
    for (const change of [
      ({ client, password }: TestUser) =>
        client.post('auth/password', { current_password: password, new_password: 'twelve green bottles' }),
      ({ client, username }: TestUser) => client.patch('auth/me', { email: `${username}@example.com` }),
    ]) {
      const [user, other] = [await registerUser(app), await registerUser(app)];
      const [token, foreign] = [await tokenFor(user), await tokenFor(other)];
      assert.ok((await change(user)).status < 300);
      assert.deepEqual(codeOf(await confirmWith(token)), [400, 'auth.reset_invalid']);
      assert.equal((await confirmWith(foreign)).status, 204);
    }
  });

  test('a reset is the way out for an owner whom guessing keeps waiting on a new device', async () => {
    const user = await registerUser(app);
    for (let turn = 0; turn < 5; turn += 1) await logIn(app, user.username, `guess ${turn}`);
    assert.equal((await logIn(app, user.username, user.password)).status, 429);
    const password = 'eleven green bottles';
    const body = { token: await tokenFor(user), password };
    assert.equal((await (await anonymous(app)).post('auth/password-reset/confirm', body)).status, 204);
    const { cache } = app.context.redis;
    for await (const keys of cache.scanIterator({ MATCH: '*:guess:both:*' }))
      if (keys.length > 0) await cache.del(keys);
    assert.equal((await logIn(app, user.username, password)).status, 200, 'from another address');
  });

  test('ASVS 7.5.1: name and address are changed only by somebody who has just given the password', async () => {
    const [user, other] = [await registerUser(app), await registerUser(app)];
    const { headers } = await user.client.get('auth/me');
    const etag = headers.get('etag')!;
    const changed = await user.client.patch('auth/me', { email: 'New@Example.org' }, { 'if-match': etag });
    assert.deepEqual([changed.status, changed.body.data.email], [200, 'new@example.org']);
    const stale = await user.client.patch('auth/me', { username: 'newer' }, { 'if-match': etag });
    assert.deepEqual(codeOf(stale), [412, 'precondition.failed']);
    assert.deepEqual(codeOf(await user.client.patch('auth/me', { username: other.username })), [
      409,
      'user.username_taken',
    ]);
    assert.deepEqual(codeOf(await user.client.patch('auth/me', { role: 'admin' })), [400, 'request.invalid']);
    await app.database.sql(
      `update sessions set reauthenticated_at = now() - interval '301 seconds' where user_id = $1`,
      [user.id],
    );
    assert.deepEqual(codeOf(await user.client.patch('auth/me', { username: 'newer' })), [
      403,
      'auth.reauthentication_required',
    ]);
  });
});

suite('while a password is being checked', () => {
  const passwords = createPausingPasswords();
  let app: TestApp;
  before(async () => {
    app = await startTestApp({}, { overrides: { passwords } });
  });
  after(() => app[Symbol.asyncDispose]());

  /** Sends a request, and does something else between the check of its password and its answer. */
  const meanwhile = async (
    send: () => Promise<TestResponse>,
    work: () => Promise<unknown>,
  ): Promise<TestResponse> => {
    const check = passwords.pauseNext();
    const answer = send();
    // An answer that is there already says what went wrong.
    await Promise.race([check.reached, answer]);
    try {
      await work();
    } finally {
      check.goOn();
    }
    return answer;
  };
  const reset = async (user: TestUser) => {
    const body = { token: await resetTokenFor(app, user), password: 'eleven green bottles' };
    assert.equal((await (await anonymous(app)).post('auth/password-reset/confirm', body)).status, 204);
  };
  /** As by another instance, and without an end to any session. */
  const setPassword = async (user: TestUser) => {
    const hash = await passwords.hash('eleven green bottles');
    await app.context.database.transaction((tx) => tx.users.setPasswordHash(user.id, hash));
  };
  const livingSessions = async (user: TestUser): Promise<number> =>
    (await app.database.sql('select 1 from sessions where user_id = $1 and revoked_at is null', [user.id]))
      .length;

  test('a login by the old password does not outlive a reset', async () => {
    const user = await registerUser(app);
    const client = await anonymous(app);
    const { username, password } = user;
    const answer = await meanwhile(
      () => client.post('auth/login', { username, password }),
      () => reset(user),
    );
    assert.deepEqual(codeOf(answer), [401, 'auth.invalid_credentials']);
    assert.equal(await livingSessions(user), 0);
    assert.equal(await countEvents(app, user, 'auth.login_failed'), 1);
  });

  test('the old password neither confirms a session nor sets another password', async () => {
    for (const [path, body] of [
      ['auth/reauthenticate', ({ password }: TestUser) => ({ password })],
      [
        'auth/password',
        ({ password }: TestUser) => ({ current_password: password, new_password: 'twelve green bottles' }),
      ],
    ] as const) {
      const user = await registerUser(app);
      await app.database.sql(
        `update sessions set reauthenticated_at = now() - interval '1 hour' where user_id = $1`,
        [user.id],
      );
      const answer = await meanwhile(
        () => user.client.post(path, body(user)),
        () => setPassword(user),
      );
      assert.deepEqual(codeOf(answer), [401, 'auth.invalid_credentials'], path);
      assert.equal(await countEvents(app, user, 'auth.reauthentication_failed'), 1);
      assert.deepEqual(codeOf(await user.client.patch('auth/me', { username: 'newer' })), [
        403,
        'auth.reauthentication_required',
      ]);
      assert.equal((await logIn(app, user.username, 'eleven green bottles')).status, 200);
    }
  });

  const deletionScheduled = async (user: TestUser): Promise<boolean> =>
    (await app.database.sql('select 1 from users where id = $1 and purge_after is not null', [user.id]))
      .length > 0;

  test('an account is not deleted by a password, a session or a key that has ended meanwhile', async () => {
    const endings: Readonly<Record<string, (user: TestUser) => Promise<unknown>>> = {
      'auth.invalid_credentials': setPassword,
      'auth.session_expired': (user) => user.client.request('DELETE', 'auth/sessions'),
    };
    for (const [code, end] of Object.entries(endings)) {
      const user = await registerUser(app);
      const answer = await meanwhile(
        () => user.client.request('DELETE', 'auth/me', { json: { password: user.password } }),
        () => end(user),
      );
      assert.deepEqual(codeOf(answer), [401, code]);
      assert.equal(await deletionScheduled(user), false, code);
      assert.equal(await countEvents(app, user, 'account.delete'), 0);
    }
    const user = await registerUser(app);
    const key = await makeApiKey(app, user);
    const { password } = user;
    const answer = await meanwhile(
      () => key.signed('DELETE', 'auth/me', { password }),
      async () => assert.equal((await user.client.delete(`auth/api-keys/${key.id}`)).status, 204),
    );
    assert.deepEqual(codeOf(answer), [401, 'auth.key_invalid']);
    assert.equal(await deletionScheduled(user), false);
    assert.equal((await user.client.request('DELETE', 'auth/me', { json: { password } })).status, 202);
    assert.equal(await deletionScheduled(user), true);
  });

  test('a password is neither changed nor confirmed in a session that has ended meanwhile', async () => {
    for (const [path, body] of [
      ['auth/reauthenticate', {}],
      ['auth/password', { new_password: 'twelve green bottles' }],
    ] as const) {
      const user = await registerUser(app);
      const { username, password } = user;
      const given = path === 'auth/password' ? { current_password: password } : { password };
      const answer = await meanwhile(
        () => user.client.post(path, { ...body, ...given }),
        () => user.client.request('DELETE', 'auth/sessions'),
      );
      assert.deepEqual(codeOf(answer), [401, 'auth.session_expired'], path);
      assert.equal((await logIn(app, username, password)).status, 200, 'the password is what it was');
    }
  });

  test('no login begins on an account that is closed meanwhile', async () => {
    const user = await registerUser(app);
    const client = await anonymous(app);
    const { username, password } = user;
    const answer = await meanwhile(
      () => client.post('auth/login', { username, password }),
      () => user.client.request('DELETE', 'auth/me', { json: { password } }),
    );
    assert.deepEqual(codeOf(answer), [403, 'user.deletion_pending']);
    assert.equal(await livingSessions(user), 0);
  });
});

test('asking for a reset: one mail to the owner, the same answer for everybody', async () => {
  await using smtp = await startSmtpServer();
  const app = await startTestApp({ SMTP_URL: smtp.url, PASSWORD_RESET_URL: 'https://app.example/reset' });
  const user = await registerUser(app);
  const client = await anonymous(app);
  const ask = (login: string) => client.post('auth/password-reset', { login });
  const answers = [await ask('nobody@example.org'), await ask(user.email.toUpperCase())];
  for (const { status, body } of answers) assert.deepEqual([status, body], [202, '']);
  const mail = await waitFor(() => smtp.mails[0], { description: 'a mail' });
  assert.equal(mail.to, user.email);
  const token = /https:\/\/app\.example\/reset#token=([\w-]{43})/.exec(mail.text)?.[1];
  const password = 'eleven green bottles';
  assert.equal((await client.post('auth/password-reset/confirm', { token, password })).status, 204);
  for (let turn = 0; turn < 5; turn += 1) await ask(user.username);
  // The process does not end before the mails in hand are sent.
  await app[Symbol.asyncDispose]();
  assert.equal(smtp.mails.length, 3, 'three an hour at most, and none to anybody else');
});

test('asking for a reset in the name of others neither silences their wishes nor floods their mailbox', async () => {
  await using smtp = await startSmtpServer();
  await using app = await startTestApp({ SMTP_URL: smtp.url, TRUST_PROXY: '127.0.0.1' });
  const user = await registerUser(app);
  const client = await anonymous(app);
  const ask = (address: string) =>
    client.post('auth/password-reset', { login: user.username }, { 'x-forwarded-for': address });
  for (let turn = 0; turn < 6; turn += 1) await ask(`203.0.113.${turn}`);
  await waitFor(() => smtp.mails[2], { description: 'three mails because of a stranger' });
  await ask('198.51.100.1');
  await waitFor(() => smtp.mails[3], { description: 'the mail to the owner' });
  for (let network = 0; network < 20; network += 1) await ask(`192.0.${network}.1`);
  await app[Symbol.asyncDispose]();
  assert.equal(smtp.mails.length, 12);
});

test('SIGN_UP=closed: nobody registers', async () => {
  await using app = await startTestApp({ SIGN_UP: 'closed' });
  const account = { username: 'late', email: 'late@example.org', password: 'eleven green bottles' };
  const response = await (await anonymous(app)).post('auth/register', account);
  assert.deepEqual(codeOf(response), [403, 'auth.sign_up_closed']);
});

test('SIGN_UP=invitation: a code lets one person in, once', async () => {
  await using app = await startTestApp({ SIGN_UP: 'invitation' });
  const { makeOneTimeSecret } = await import('#shared/crypto/one-time-secrets.ts');
  const { secret, hash } = makeOneTimeSecret();
  const inAnHour = new Date(Date.now() + 3_600_000);
  const old = makeOneTimeSecret();
  await app.context.database.transaction(async (tx) => {
    await tx.invitations.insert({ codeHash: hash, expiresAt: inAnHour });
    await tx.invitations.insert({ codeHash: old.hash, expiresAt: new Date(Date.now() - 1) });
  });
  const register = async (username: string, code?: string) =>
    (await anonymous(app)).post('auth/register', {
      username,
      email: `${username}@example.org`,
      password: 'eleven green bottles',
      ...(code === undefined ? {} : { invitation_code: code }),
    });
  for (const code of [undefined, 'made-up', old.secret])
    assert.deepEqual(codeOf(await register('guest', code)), [403, 'auth.invitation_invalid']);
  const both = await Promise.all([register('guest', secret), register('gatecrasher', secret)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), [201, 403]);
  const users = await app.database.sql('select 1 from users');
  assert.equal(users.length, 1, 'who was refused has left nothing behind');
});

test('SIGN_UP=invitation: without a good code nobody is told who is here, and no password is hashed', async () => {
  const real = createPasswords();
  let hashed = 0;
  const passwords = {
    ...real,
    hash: (password: string) => {
      hashed += 1;
      return real.hash(password);
    },
  };
  await using app = await startTestApp({ SIGN_UP: 'invitation' }, { overrides: { passwords } });
  await app.context.database.transaction((tx) =>
    tx.users.insert({
      id: '01980000-0000-7000-8000-000000000001',
      username: 'resident',
      email: 'resident@example.org',
      role: 'user',
      passwordHash: 'none',
    }),
  );
  const client = await anonymous(app);
  for (const username of ['resident', 'nobody'])
    for (const code of [{}, { invitation_code: 'made-up' }]) {
      const account = { username, email: `${username}@example.org`, password: 'eleven green bottles' };
      const answer = await client.post('auth/register', { ...account, ...code });
      assert.deepEqual(codeOf(answer), [403, 'auth.invitation_invalid']);
    }
  assert.equal(hashed, 0);
});
