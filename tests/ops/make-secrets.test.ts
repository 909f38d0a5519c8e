import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { createConfig } from '#shared/config/config.ts';
import type { Config } from '#shared/config/config.ts';
import { readEnv } from '#shared/config/env.ts';
import { readCompose } from '#tests/support/compose-file.ts';

const { services, secrets } = readCompose('docker-compose.yml');

suite('secrets for containers', () => {
  let directory = '';
  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'donkey-')), 'secrets');
  });
  afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

  /** Runs the script without anything of the developer's own environment. */
  function make(environment: NodeJS.ProcessEnv = {}, ...given: string[]): string {
    const { status, stdout, stderr } = spawnSync('scripts/ops/make-secrets.sh', given, {
      env: { PATH: process.env.PATH, SECRETS_DIR: directory, ...environment },
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  const read = (name: string): string => readFileSync(join(directory, name), 'utf8');

  /** What the API of docker-compose.yml makes of them, in production. */
  function configOfApi(): Config {
    const environment = Object.entries(services.api?.environment ?? {})
      .filter(([name]) => name !== 'NODE_ENV' && name !== 'PUBLIC_URL' && name !== 'TRUST_PROXY')
      .map(([name, value]) => [name, String(value).replace('/run/secrets', directory)] as const);
    return createConfig(
      readEnv({
        ...Object.fromEntries(environment),
        NODE_ENV: 'production',
        PUBLIC_URL: 'https://donkey.test',
      }),
    );
  }

  test('are complete, random, and good enough for production', () => {
    make();
    for (const name of Object.keys(secrets)) assert.doesNotThrow(() => read(name), name);
    const { auth, database, redis, integrations } = configOfApi();
    assert.equal(database.url, `postgres://donkey:${read('postgres_password')}@postgres:5432/donkey`);
    assert.equal(redis.queueUrl, `redis://:${read('redis_password')}@redis:6379/0`);
    assert.equal(Buffer.from(auth.signingKeys[0] ?? '', 'base64url').length, 32);
    assert.equal(integrations.keys[0]?.bytes.length, 32);
    const random = [
      'postgres_password',
      'redis_password',
      'csrf_secret',
      'auth_signing_keys',
      'credential_keys',
    ];
    const first = random.map(read);
    rmSync(directory, { recursive: true });
    make();
    for (const [index, name] of random.entries()) assert.notEqual(read(name), first[index], name);
  });

  test('are never made anew, so that nothing encrypted is lost', () => {
    make();
    const before = readdirSync(directory).map((name) => [name, read(name)]);
    assert.match(make({ CSRF_SECRET: 'another' }), /are there already/);
    assert.deepEqual(
      readdirSync(directory).map((name) => [name, read(name)]),
      before,
    );
  });

  test('can be read by the users of containers, and entered by nobody else', () => {
    make();
    assert.equal(statSync(directory).mode & 0o777, 0o700);
    for (const name of readdirSync(directory))
      assert.equal(statSync(join(directory, name)).mode & 0o777, 0o444, name);
  });

  test('are those of the environment where it has some', () => {
    make({
      SMTP_URL: 'smtps://mail.test',
      POSTGRES_PASSWORD: 'known',
      DATABASE_URL: 'postgres://far.test/x',
    });
    assert.equal(read('smtp_url'), 'smtps://mail.test');
    assert.equal(read('postgres_password'), 'known');
    assert.equal(configOfApi().database.url, 'postgres://far.test/x');
  });

  test('name the standby once it is asked for', () => {
    make();
    assert.deepEqual(configOfApi().database.replicaUrls, []);
    make({}, '--replica');
    const url = `postgres://donkey:${read('postgres_password')}@postgres-standby:5432/donkey`;
    assert.deepEqual(configOfApi().database.replicaUrls, [url]);
    assert.ok('postgres-standby' in services);
  });
});
