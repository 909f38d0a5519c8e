import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { Ajv } from 'ajv';
import { DCLinter } from 'dclint';
import { exampleFile } from '#scripts/env-file.ts';
import { settings } from '#shared/config/settings.ts';
import type { Setting } from '#shared/config/settings.ts';
import { readCompose } from '#tests/support/compose-file.ts';
import type { ComposeService } from '#tests/support/compose-file.ts';

const text = readFileSync('docker-compose.yml', 'utf8');
const compose = readCompose('docker-compose.yml');
const services = Object.entries(compose.services);
const product = ['api', 'worker', 'migrate'];
const secretNames = Object.entries<Setting>(settings)
  .filter(([, { secret }]) => secret === true)
  .map(([name]) => name);

/** What the linter found; its own types are not found by TypeScript. */
interface Finding {
  readonly rule: string;
  readonly line: number;
  readonly message: string;
}

/** The service of that name. */
function service(name: string): ComposeService {
  const found = compose.services[name];
  assert.ok(found, name);
  return found;
}

suite('docker-compose.yml', () => {
  test('keeps to the schema of the Compose Specification', () => {
    const folder = dirname(createRequire(import.meta.url).resolve('dclint/package.json'));
    const schema = JSON.parse(readFileSync(join(folder, 'schemas/compose.schema.json'), 'utf8')) as object;
    const ajv = new Ajv({ strict: false, allErrors: true });
    ajv.addFormat('duration', true);
    // Ajv knows the dialect by another address.
    const validate = ajv.compile({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' });
    for (const path of ['docker-compose.yml', 'scripts/lib/compose-loopback-ports.yml'])
      assert.ok(validate(readCompose(path)), JSON.stringify(validate.errors, null, 1));
    const wrong = { services: { api: { ...service('api'), read_onyl: true } } };
    assert.ok(!validate(wrong), 'the schema refuses what it does not know');
  });

  test('has nothing that its linter objects to', () => {
    const linter = new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] });
    const results = linter.lintFiles(['docker-compose.yml'], false) as { readonly messages: Finding[] }[];
    const found = results
      .flatMap(({ messages }) => messages)
      // Services stand in the order in which they need each other, and the proxy is there to be reached by all.
      .filter(({ rule }) => !rule.endsWith('-order'))
      .filter(({ message }) => !/Service "proxy" is exporting port "(?:80|443):/.test(message));
    assert.deepEqual(
      found.map(({ line, message }) => `line ${line}: ${message}`),
      [],
    );
  });

  test('publishes the API on loopback, the proxy to all, and no worker, so that these can be multiplied', () => {
    for (const [name, { ports = [], profiles = [] }] of services)
      if (name === 'proxy') assert.ok(ports.length > 0);
      else if (name === 'api' || ['monitoring', 'logging'].some((profile) => profiles.includes(profile)))
        for (const port of ports) assert.match(port, /^127\.0\.0\.1:/, name);
      else assert.deepEqual(ports, [], name);
    assert.equal(service('api').ports?.length, 1);
    assert.equal(service('worker').ports, undefined);
    assert.ok(!/container_name|hostname:/.test(text), 'a name could be had by one container only');
  });

  test('has the profiles it promises, and what is in none is the product', () => {
    const byProfile = Map.groupBy(services, ([, { profiles }]) => profiles?.join() ?? '');
    assert.deepEqual(
      [...byProfile.keys()].sort(),
      ['', 'logging', 'models', 'monitoring', 'proxy', 'replica'].sort(),
    );
    assert.deepEqual(
      byProfile.get('')?.map(([name]) => name),
      ['postgres', 'redis', 'redis-cache', 'migrate', 'api', 'worker'],
    );
  });

  test('keeps each service within limits and without rights', () => {
    for (const [name, one] of services) {
      const limits = one.deploy?.resources?.limits;
      assert.ok(limits?.cpus && limits.memory && limits.pids, `${name} has limits`);
      assert.deepEqual(one.cap_drop, ['ALL'], name);
      assert.deepEqual(one.security_opt, ['no-new-privileges:true'], name);
      assert.equal(one.read_only, !['elasticsearch', 'kibana'].includes(name), name);
      assert.match(one.tmpfs?.join() ?? '', /\/tmp:/, name);
      assert.ok(one.logging?.options?.['max-size'], `${name} has an end of its log`);
      assert.ok(!(one.volumes ?? []).some((volume) => volume.includes('docker.sock')), name);
    }
  });

  test('starts each service again, and asks each whether it is well, except for those that end', () => {
    const once = services.filter(([, { restart }]) => restart === 'no').map(([name]) => name);
    assert.deepEqual(once, ['migrate', 'logging-setup', 'ollama-models', 'replication-setup']);
    for (const [name, { restart, healthcheck }] of services)
      if (once.includes(name)) assert.equal(healthcheck?.disable, true, name);
      else {
        assert.equal(restart, 'unless-stopped', name);
        assert.ok((healthcheck?.test?.length ?? 0) > 1, name);
      }
  });

  test('migrates once, before the rest', () => {
    for (const name of ['api', 'worker'])
      assert.equal(service(name).depends_on?.migrate?.condition, 'service_completed_successfully');
    assert.match(service('migrate').command?.join(' ') ?? '', /manage\.ts migrate && .*manage\.ts seed/);
    for (const name of product) assert.equal(service(name).image, service('api').image);
    for (const [name, { depends_on = {} }] of services)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const ends = compose.services[other]?.restart === 'no';
        assert.equal(condition, ends ? 'service_completed_successfully' : 'service_healthy', name);
      }
  });

  test('gives a stopping process the time that it takes', () => {
    const most = Number(settings.SHUTDOWN_TIMEOUT_MS.fallback) + Number(settings.SHUTDOWN_NOTICE_MS.fallback);
    for (const name of ['api', 'worker']) {
      const seconds = Number(/^(\d+)s$/.exec(service(name).stop_grace_period ?? '')?.[1]);
      assert.ok(seconds * 1000 > most + 5000, `${name}: ${seconds} s`);
    }
  });

  test('hands every secret over as a file, and none as a variable', () => {
    for (const name of product) {
      const { environment = {}, secrets = [] } = service(name);
      for (const setting of secretNames) {
        const secret = setting.toLowerCase();
        assert.equal(environment[setting], '', `${name}: .env must not bring ${setting} in`);
        assert.equal(environment[`${setting}_FILE`], `/run/secrets/${secret}`, name);
        assert.ok(secrets.includes(secret), `${name}: ${secret}`);
      }
      for (const variable of Object.keys(environment))
        assert.ok(
          variable in settings ||
            secretNames.includes(variable.replace(/_FILE$/, '')) ||
            ['POSTGRES_PASSWORD', 'REDIS_PASSWORD'].includes(variable),
          `${name}: ${variable}`,
        );
    }
    for (const [name, { secrets = [] }] of services)
      for (const secret of secrets) assert.ok(secret in compose.secrets, `${name}: ${secret}`);
    for (const [name, { file }] of Object.entries(compose.secrets))
      assert.equal(file, `\${SECRETS_DIR:-./secrets}/${name}`);
  });

  test('the queue never evicts and survives a restart; the cache may forget', () => {
    const commandOf = (name: string): string => service(name).command?.join(' ') ?? '';
    assert.match(commandOf('redis'), /--appendonly yes .*--maxmemory-policy noeviction/);
    assert.match(commandOf('redis-cache'), /--maxmemory-policy allkeys-lru/);
    for (const name of ['redis', 'redis-cache']) {
      assert.match(service(name).user ?? '', /^[1-9]/);
      assert.doesNotMatch(commandOf(name), /--requirepass/, 'a command line can be read by everybody');
    }
  });

  test('takes every image in a version', () => {
    for (const [name, { image }] of services) {
      if (product.includes(name)) continue;
      const [, tag = ''] = /:([^:/]+)$/.exec(image) ?? [];
      assert.match(tag, /^v?\d+\.\d+\.\d+/, `${name}: ${image}`);
    }
  });

  test('mounts only what there is', () => {
    /** Folders that come with the parts of the product that fill them. */
    for (const [name, { volumes = [], networks = [] }] of services) {
      for (const [source = ''] of volumes.map((volume) => volume.split(':')))
        if (source.startsWith('./')) assert.ok(existsSync(source), `${name}: ${source}`);
        else if (!source.startsWith('/')) assert.ok(source in compose.volumes, `${name}: ${source}`);
      for (const network of Array.isArray(networks) ? networks : Object.keys(networks))
        assert.ok(network in compose.networks, `${name}: ${String(network)}`);
    }
  });

  test('asks for no variable that .env.example does not explain', () => {
    const example = exampleFile();
    const asked = [...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name = '']) => name);
    assert.ok(asked.length > 10);
    for (const name of asked) assert.match(example, new RegExp(`^(# )?${name}=`, 'm'), name);
    assert.doesNotMatch(text, /(?<!\$)\$\w/, 'variables are written with braces');
  });
});
