import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { createApiContext } from '#api/context.ts';
import type { Transaction } from '#db/database.ts';
import { ensureCredentialKeys } from '#db/ensure-credential-keys.ts';
import {
  retireCredentialKey,
  rewrapCredentials,
  verifyCredentials,
} from '#scripts/manage/credential-commands.ts';
import type { OperatorContext } from '#scripts/manage/operator-context.ts';
import { ConfigError } from '#shared/config/config.ts';
import { placeOf } from '#shared/credentials/credential.ts';
import { webhookSecretPlace } from '#shared/credentials/webhook-secret.ts';
import { createEnvelope } from '#shared/crypto/envelope.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { Json, TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { testConfig } from '#tests/support/test-config.ts';

const PATH = 'integrations/credentials';
const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64url')}`;
const newSecret = (): string => `sk-${randomBytes(18).toString('base64url')}`;
const [k1, k2] = [newKey('k1'), newKey('k2')];

suite('credentials', () => {
  let app: TestApp;
  let owner: TestUser;
  before(async () => {
    app = await startTestApp({ CREDENTIAL_KEYS: k1, PROVIDER_ALLOWED_HOSTS: 'llm.internal:8080' });
    owner = await registerUser(app);
  });
  after(() => app[Symbol.asyncDispose]());

  /** What a management command runs with, under other keys than the API. */
  const operator = (keys: string): OperatorContext & { said: string[] } => {
    const said: string[] = [];
    const { logger, metrics } = app.context;
    const config = testConfig({ DATABASE_URL: app.database.url, CREDENTIAL_KEYS: keys });
    const { database } = app.database;
    return { config, database, logger, metrics, said, say: (line) => void said.push(line) };
  };
  const create = async (user: TestUser, body: object = {}): Promise<Json> => {
    const full = {
      provider: 'openai',
      label: `L${randomBytes(4).toString('hex')}`,
      secret: newSecret(),
      ...body,
    };
    const response = await user.client.post(PATH, full);
    assert.equal(response.status, 201, JSON.stringify(response.body));
    return response.body.data;
  };
  const rejectsWith = (work: Promise<unknown>, code: string): Promise<void> =>
    assert.rejects(work, (error) => error instanceof AppError && error.code === code);
  /** Reads secrets as the worker does. */
  const openAs = async (keys: string, userId: string): Promise<string> => {
    const envelope = createEnvelope(testConfig({ CREDENTIAL_KEYS: keys }).integrations.keys);
    const sealed = (await app.database.database.read.credentials.findSealed(userId, 'openai'))!;
    return envelope.open(sealed, placeOf(sealed));
  };

  test('ASVS 5.0 15.3.1, promise 31: a secret goes in and never comes out', async () => {
    const secret = `sk-${randomBytes(18).toString('hex')}`;
    const label = '  My\naccount\u202e ';
    const made = await owner.client.post(PATH, { provider: 'openai', label, secret });
    assert.equal(made.status, 201);
    const { data } = made.body;
    assert.equal(made.headers.get('location'), `/api/v1/${PATH}/${data.id}`);
    assert.deepEqual(
      [data.label, data.last_four, data.key_id, data.base_url, data.rotated_at],
      ['My account', secret.slice(-4), 'k1', null, null],
    );
    const answers = [
      made,
      await owner.client.get(PATH),
      await owner.client.get(`${PATH}/${data.id}`),
      await owner.client.patch(`${PATH}/${data.id}`, { label: 'Renamed' }),
      await owner.client.post(`${PATH}/${data.id}/rotate`, { secret }),
      await owner.client.post(PATH, { provider: 'openai', label: 'Renamed', secret }),
      await owner.client.post(PATH, { provider: 'other', label: 'X', secret }),
      await owner.client.post(PATH, { provider: 'openai', label: 'X', secret, unknown: secret.slice(3) }),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 200, 200, 200, 200, 409, 400, 400],
    );
    for (const { body } of answers) assert.ok(!JSON.stringify(body).includes(secret.slice(3, -4)));
    const rows = await app.database.sql(
      `select (to_jsonb(c)::text || encode(ciphertext, 'escape')) as row from integration_credentials c
       union all select to_jsonb(a)::text from audit_events a`,
    );
    assert.ok(rows.length > 1);
    assert.ok(!JSON.stringify(rows).includes(secret.slice(3, -4)), 'nor does it stand in the database');
    assert.equal((await owner.client.delete(`${PATH}/${data.id}`)).status, 204);
  });

  test('short secrets show nothing of themselves, and no secret can break a header', async () => {
    assert.equal((await create(owner, { secret: 'short-key' })).last_four, '');
    for (const secret of [
      'a'.repeat(7),
      'with space 123',
      'line\r\nx-admin: 1',
      'größe-größe',
      'x'.repeat(513),
    ]) {
      const response = await owner.client.post(PATH, { provider: 'openai', label: 'Bad', secret });
      assert.equal(response.body.code, 'request.invalid', secret);
    }
  });

  test('the list is paged, labels are unique, versions guard edits', async () => {
    const user = await registerUser(app);
    const labels = ['One', 'Two', 'Three'];
    for (const label of labels) await create(user, { label });
    const first = await user.client.get(`${PATH}?limit=2`);
    const second = await user.client.get(`${PATH}?limit=2&cursor=${first.body.meta.next_cursor}`);
    const names = [...first.body.data, ...second.body.data].map((one: Json) => one.label);
    assert.deepEqual(names, labels.toReversed());
    const { id } = first.body.data[0];
    const same = await user.client.patch(`${PATH}/${id}`, { label: 'ONE' });
    assert.equal(same.body.code, 'credential.label_taken');
    const read = await user.client.get(`${PATH}/${id}`);
    const tag = { 'if-match': read.headers.get('etag')! };
    assert.equal((await user.client.patch(`${PATH}/${id}`, { label: 'Four' }, tag)).status, 200);
    assert.equal(
      (await user.client.patch(`${PATH}/${id}`, { label: 'Five' }, tag)).body.code,
      'precondition.failed',
    );
    assert.equal((await user.client.delete(`${PATH}/${id}`, tag)).body.code, 'precondition.failed');
  });

  test('there is an end to how many one may have', async () => {
    const user = await registerUser(app);
    await app.database.sql(
      `insert into integration_credentials (id, user_id, provider, label, last_four, key_id, wrapped_key, ciphertext)
       select gen_random_uuid(), $1, 'openai', 'n' || n, '', 'k1', '', '' from generate_series(1, 50) n`,
      [user.id],
    );
    const response = await user.client.post(PATH, { provider: 'openai', label: 'More', secret: newSecret() });
    assert.equal(response.body.code, 'credential.limit_reached');
    await app.database.sql('delete from integration_credentials where user_id = $1', [user.id]);
  });

  test("another user's credential is 404 in every operation, and stays as it is", async () => {
    const { id } = await create(owner);
    const stranger = await registerUser(app);
    const before = await app.database.sql('select * from integration_credentials where id = $1', [id]);
    const answers = [
      await stranger.client.get(`${PATH}/${id}`),
      await stranger.client.patch(`${PATH}/${id}`, { label: 'Mine' }),
      await stranger.client.post(`${PATH}/${id}/rotate`, { secret: newSecret() }),
      await stranger.client.delete(`${PATH}/${id}`),
    ];
    for (const { status, body } of answers)
      assert.deepEqual([status, body.code], [404, 'credential.not_found']);
    assert.deepEqual((await stranger.client.get(PATH)).body.data, []);
    assert.deepEqual(
      await app.database.sql('select * from integration_credentials where id = $1', [id]),
      before,
    );
  });

  test('ASVS 5.0 1.3.6: a base URL that leads inside is refused and nothing is stored', async () => {
    const user = await registerUser(app);
    for (const base_url of [
      'http://127.0.0.1:6379',
      'https://169.254.169.254/latest',
      'https://2130706433/',
      'https://[::ffff:10.0.0.1]/',
      'https://user:pass@93.184.215.14/',
      'http://llm.internal:8081/v1',
    ]) {
      const body = { provider: 'openai', label: 'Inside', secret: newSecret(), base_url };
      const response = await user.client.post(PATH, body);
      assert.deepEqual(
        [response.status, response.body.code],
        [422, 'credential.base_url_forbidden'],
        base_url,
      );
    }
    assert.deepEqual((await user.client.get(PATH)).body.data, []);
    const allowed = await create(user, { base_url: 'http://llm.internal:8080/v1/' });
    assert.equal(allowed.base_url, 'http://llm.internal:8080/v1');
  });

  test('whoever was not asked for the password lately may look but not touch', async () => {
    const user = await registerUser(app);
    const { id } = await create(user);
    await app.database.sql(
      `update sessions set reauthenticated_at = now() - interval '6 minutes' where user_id = $1`,
      [user.id],
    );
    assert.equal((await user.client.get(`${PATH}/${id}`)).status, 200);
    for (const response of [
      await user.client.post(PATH, { provider: 'openai', label: 'Late', secret: newSecret() }),
      await user.client.patch(`${PATH}/${id}`, { label: 'Late' }),
      await user.client.post(`${PATH}/${id}/rotate`, { secret: newSecret() }),
      await user.client.delete(`${PATH}/${id}`),
    ])
      assert.deepEqual([response.status, response.body.code], [403, 'auth.reauthentication_required']);
  });

  test('what was done is in the audit log, without any secret', async () => {
    const user = await registerUser(app);
    const { id } = await create(user);
    // ASVS 5.0 15.3.4: no proxy is trusted here, so nobody chooses the address that is noted.
    await user.client.patch(`${PATH}/${id}`, { label: 'Other' }, { 'x-forwarded-for': '198.51.100.7' });
    await user.client.post(`${PATH}/${id}/rotate`, { secret: newSecret() });
    await user.client.delete(`${PATH}/${id}`);
    const events = await app.database.sql<{
      action: string;
      target_id: string;
      actor_id: string;
      address: string;
    }>(
      `select action, target_id::text, actor_id, address::text from audit_events where user_id = $1 and action like 'credential.%' order by id`,
      [user.id],
    );
    assert.deepEqual(
      events.map(({ action }) => action),
      ['create', 'update', 'rotate', 'delete'].map((verb) => `credential.${verb}`),
    );
    assert.ok(events.every((event) => event.target_id === id && event.actor_id === user.id));
    assert.ok(events.every(({ address }) => address.startsWith('127.0.0.1')));
  });

  test('promise 30: rows that were swapped in the database give no secret away', async () => {
    const [one, two] = [await registerUser(app), await registerUser(app)];
    const [a, b] = [await create(one), await create(two)];
    await app.database.sql(
      `update integration_credentials c set wrapped_key = o.wrapped_key, ciphertext = o.ciphertext
       from integration_credentials o where c.id = $1 and o.id = $2`,
      [a.id, b.id],
    );
    await rejectsWith(openAs(k1, one.id), 'credential.unreadable');
    await app.database.sql('update integration_credentials set user_id = $1 where id = $2', [one.id, b.id]);
    await rejectsWith(openAs(k1, one.id), 'credential.unreadable');
    // Nor can a secret be sent elsewhere than its owner said.
    const third = await registerUser(app);
    const c = await create(third);
    await app.database.sql(
      `update integration_credentials set base_url = 'https://evil.example' where id = $1`,
      [c.id],
    );
    await rejectsWith(openAs(k1, third.id), 'credential.unreadable');
    const { said, ...context } = operator(k1);
    await assert.rejects(verifyCredentials(context), (error) =>
      [a.id, b.id, c.id].every((id) => String(error).includes(id as string)),
    );
    assert.ok(said.some((line) => line.startsWith('Under the key k1')));
    for (const { id } of [a, b, c])
      await app.database.sql('delete from integration_credentials where id = $1', [id]);
  });

  test('promise 30: secrets of webhooks are moved, verified and counted like credentials', async () => {
    const user = await registerUser(app);
    const { secret, id } = (await user.client.post('webhooks/secret')).body.data;
    await rejectsWith(retireCredentialKey(operator(`${k2},${k1}`), 'k1'), 'credential.key_in_use');
    await rewrapCredentials(operator(`${k2},${k1}`));
    const [sealed] = await app.database.database.read.webhookSecrets.active(user.id);
    assert.equal(sealed?.keyId, 'k2');
    const envelope = createEnvelope(testConfig({ CREDENTIAL_KEYS: k2 }).integrations.keys);
    assert.equal(envelope.open(sealed, webhookSecretPlace(sealed)), secret);
    await app.database.sql('update webhook_secrets set ciphertext = $2 where id = $1', [
      id,
      Buffer.alloc(60),
    ]);
    await assert.rejects(verifyCredentials(operator(k2)), (error) => String(error).includes(String(id)));
    await app.database.sql('delete from webhook_secrets where id = $1', [id]);
  });

  test('promise 30: all move to a new key while they are read and rotated; nothing is unreadable', async (t) => {
    const both = `${k2},${k1}`;
    const users = await Promise.all(Array.from({ length: 6 }, () => registerUser(app)));
    const secrets = new Map<string, string>();
    for (const user of users) {
      const secret = newSecret();
      secrets.set(user.id, secret);
      await create(user, { secret });
    }
    const [{ count }] = (await app.database.sql<{ count: number }>(
      'select count(*)::int as count from integration_credentials',
    )) as [{ count: number }];
    // A deployment gives every instance both keys before the first of them encrypts; this one still writes under k1.
    const moved = new AbortController();
    let reads = 0;
    const reading = (async () => {
      while (!moved.signal.aborted)
        for (const user of users) {
          // The readers have both keys, as all instances do by then.
          const secret = await openAs(both, user.id);
          assert.ok([secrets.get(user.id), `new-${secrets.get(user.id) ?? ''}`].includes(secret));
          reads += 1;
        }
    })();
    const rotating = Promise.all(
      users.slice(0, 3).map(async (user) => {
        const [{ id }] = (await user.client.get(PATH)).body.data;
        const rotated = await user.client.post(`${PATH}/${id}/rotate`, {
          secret: `new-${secrets.get(user.id) ?? ''}`,
        });
        assert.equal(rotated.status, 200, JSON.stringify(rotated.body));
      }),
    );
    const context = operator(both);
    try {
      await rewrapCredentials(context);
      await rotating;
      // What was written under the old key meanwhile; the command is safe to repeat.
      await rewrapCredentials(context);
    } finally {
      moved.abort();
    }
    await reading;
    await verifyCredentials(operator(k2));
    const uses = await app.database.database.read.credentials.keyUses();
    assert.deepEqual(uses, [{ keyId: 'k2', count }]);
    assert.ok(context.said.some((line) => line.startsWith('Credentials put under the key k2')));
    t.diagnostic(`${count} credentials moved, ${reads} reads meanwhile, 0 unreadable`);
    assert.ok(reads > 0);
  });

  test('promise 30: a key in use cannot be retired, one that is not can', async () => {
    const both = `${k2},${k1}`;
    // The API of this test still encrypts with k1.
    const user = await registerUser(app);
    await create(user);
    await rejectsWith(retireCredentialKey(operator(both), 'k1'), 'credential.key_in_use');
    await rejectsWith(retireCredentialKey(operator(both), 'k2'), 'credential.key_in_use');
    await rewrapCredentials(operator(both));
    const { said, ...context } = operator(both);
    await retireCredentialKey(context, 'k1');
    assert.deepEqual(said, ['Retired k1: take it out of CREDENTIAL_KEYS.']);
    const events = await app.database.sql(
      `select user_id, action, target_id, details from audit_events
       where target_type = 'credential_key' order by id desc limit 2`,
    );
    assert.deepEqual(events, [
      { user_id: null, action: 'credential.retire', target_id: 'k1', details: {} },
      { user_id: null, action: 'credential.rewrap', target_id: 'k2', details: { count: 1 } },
    ]);
    await verifyCredentials(operator(k2));
    // Whoever goes on writing with the retired key fails rather than making rows that will be unreadable.
    const late = await user.client.post(PATH, { provider: 'openai', label: 'Late', secret: newSecret() });
    assert.equal(late.status, 500);
  });

  test('of two first starts with different keys under one id the second is refused, even at the same moment', async () => {
    const { database } = app.database;
    const keysOf = (text: string) => testConfig({ CREDENTIAL_KEYS: text }).integrations.keys;
    const first = newKey('twin');
    await ensureCredentialKeys(database, [...keysOf(k2), ...keysOf(first)]);
    // What the second one read before the first one had committed.
    const canaries = (await database.read.credentialKeys.canaries()).filter(({ keyId }) => keyId !== 'twin');
    const late = {
      read: { ...database.read, credentialKeys: { canaries: () => Promise.resolve(canaries) } },
      transaction: <T>(work: (tx: Transaction) => Promise<T>) => database.transaction(work),
    };
    await assert.rejects(
      ensureCredentialKeys(late, [...keysOf(k2), ...keysOf(newKey('twin'))]),
      (error) => error instanceof ConfigError && /"twin" is not the key that was used/.test(error.message),
    );
    await ensureCredentialKeys(late, [...keysOf(k2), ...keysOf(first)]);
    await database.transaction((tx) => tx.credentialKeys.retire('twin'));
  });

  test('no process starts without the keys that its credentials need, and each missing one is named', async () => {
    const start = (keys: string) =>
      createApiContext(testConfig({ DATABASE_URL: app.database.url, CREDENTIAL_KEYS: keys }));
    const names = (text: RegExp) => (error: unknown) =>
      error instanceof ConfigError && text.test(error.message);
    await assert.rejects(
      start(newKey('k9')),
      names(/CREDENTIAL_KEYS lacks the key "k2", which \d+ credentials/),
    );
    await assert.rejects(start(newKey('k2')), names(/"k2" is not the key that was used/));
    await using context = await start(k2);
    assert.deepEqual(await context.readiness.faults(), []);
    await ensureCredentialKeys(app.database.database, testConfig({ CREDENTIAL_KEYS: k2 }).integrations.keys);
  });
});
