import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { settings } from '#shared/config/settings.ts';

interface Service {
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Record<string, unknown>;
}

const { services } = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
};

test('only the API is published, on loopback, so that workers can be multiplied', () => {
  for (const [name, { ports = [] }] of Object.entries(services))
    if (name === 'api') for (const port of ports) assert.match(port, /^127\.0\.0\.1:/);
    else assert.deepEqual(ports, [], name);
  assert.equal(services.api?.ports?.length, 1);
});

test('the queue never evicts and survives a restart; the cache may forget', () => {
  assert.match(services.redis?.command?.join(' ') ?? '', /--appendonly yes --maxmemory-policy noeviction/);
  assert.match(services['redis-cache']?.command?.join(' ') ?? '', /--maxmemory-policy allkeys-lru/);
});

test('what compose gives the product are declared settings', () => {
  for (const name of ['api', 'worker', 'migrate'])
    for (const variable of Object.keys(services[name]?.environment ?? {}))
      assert.ok(variable in settings, `${name}: ${variable}`);
});
