import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { createUser, invite, printResetLink } from '#scripts/manage/user-commands.ts';
import type { OperatorContext } from '#scripts/manage/operator-context.ts';
import { HttpClient } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

suite('commands about accounts', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp({ SIGN_UP: 'invitation' });
  });
  after(() => app[Symbol.asyncDispose]());

  /** Runs a command and returns what the operator was told. */
  const run = async (work: (context: OperatorContext) => Promise<void>): Promise<string[]> => {
    const said: string[] = [];
    const { config, database, logger, metrics } = app.context;
    await work({ config, database, logger, metrics, say: (line) => void said.push(line) });
    return said;
  };
  const anonymous = async (): Promise<HttpClient> => {
    const client = new HttpClient(app.url);
    await client.get('auth/csrf');
    return client;
  };

  test('invite prints a code that lets one person register; the database holds no more than its hash', async () => {
    const code = (await run((context) => invite(context, 7))).at(-1)!;
    assert.ok(!JSON.stringify(await app.database.sql('select * from invitations')).includes(code));
    const account = { username: 'guest', email: 'guest@example.org', password: 'eleven green bottles' };
    const client = await anonymous();
    assert.equal((await client.post('auth/register', account)).status, 403);
    assert.equal((await client.post('auth/register', { ...account, invitation_code: code })).status, 201);
  });

  test('ASVS 6.4.6: reset-link prints a token and never a password', async () => {
    const options = { username: 'forgetful', email: 'forgetful@example.org' };
    const made = await run((context) => createUser(context, options));
    const old = /: (\S+)$/.exec(made.at(-1)!)![1]!;
    const said = await run((context) => printResetLink(context, 'forgetful@example.org'));
    const token = /[\w-]{43}$/.exec(said.at(-1)!)![0];
    const client = await anonymous();
    const body = { token, password: 'eleven green bottles' };
    assert.equal((await client.post('auth/password-reset/confirm', body)).status, 204);
    for (const [password, status] of [
      [old, 401],
      [body.password, 200],
    ] as const) {
      const login = await (await anonymous()).post('auth/login', { username: 'forgetful', password });
      assert.equal(login.status, status);
    }
    await assert.rejects(
      run((context) => printResetLink(context, 'nobody')),
      /user\.not_found/,
    );
  });

  test('create refuses passwords that are easy to guess', async () => {
    const options = { username: 'careless', email: 'careless@example.org', password: 'careless1' };
    await assert.rejects(
      run((context) => createUser(context, options)),
      /auth\.password_weak/,
    );
  });
});
