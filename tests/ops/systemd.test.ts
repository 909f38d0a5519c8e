import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { settings } from '#shared/config/settings.ts';
import type { Setting } from '#shared/config/settings.ts';

const FOLDER = 'ops/systemd';
const INSTALLED = '/opt/donkey-workspace';
const COMMON = join(FOLDER, 'donkey-.service.d/common.conf');
const services = readdirSync(FOLDER).filter((name) => name.endsWith('.service'));

/** Values of a key in a unit file, in order. */
const valuesOf = (path: string, key: string): string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${key}=`))
    .map((line) => line.slice(key.length + 1));

const missing =
  spawnSync('systemd-analyze', ['--version']).status === 0 ? false : 'there is no systemd-analyze';

suite('ops/systemd', () => {
  /** The units as they would be installed, but of this checkout. */
  const installed = mkdtempSync(join(tmpdir(), 'donkey-units-'));
  cpSync(FOLDER, installed, { recursive: true });
  for (const path of [
    ...services.map((name) => join(installed, name)),
    join(installed, 'donkey-.service.d/common.conf'),
  ])
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(INSTALLED, process.cwd()));
  after(() => rmSync(installed, { recursive: true }));

  const analyze = (...given: string[]) =>
    spawnSync('systemd-analyze', given, {
      encoding: 'utf8',
      // The colon adds the units of the system.
      env: { PATH: process.env.PATH, SYSTEMD_UNIT_PATH: `${installed}:` },
    });
  const unit = (name: string): string => join(installed, name.replace('@.', '@1.'));

  test('starts programs that there are', () => {
    for (const name of services)
      for (const command of valuesOf(join(FOLDER, name), 'ExecStart')) {
        const words = command.split(' ');
        const file = words.find((word) => word.endsWith('.ts') || word.startsWith(INSTALLED)) ?? '';
        const path = file.replace(`${INSTALLED}/`, '');
        assert.ok(existsSync(path), `${name}: ${command}`);
      }
  });

  test('hands every secret to the processes alone', () => {
    const secrets = Object.entries<Setting>(settings).filter(([, { secret }]) => secret === true);
    assert.deepEqual(
      valuesOf(COMMON, 'LoadCredential').sort(),
      secrets
        .map(([name]) => `${name.toLowerCase()}:/etc/donkey-workspace/secrets/${name.toLowerCase()}`)
        .sort(),
    );
    const environment = valuesOf(COMMON, 'Environment').map((line) => line.split('=', 2));
    assert.deepEqual(
      environment.filter(([name = '']) => name.endsWith('_FILE')).sort(),
      secrets.map(([name]) => [`${name}_FILE`, `%d/${name.toLowerCase()}`]).sort(),
    );
    for (const [name = ''] of environment)
      assert.ok(name === 'PATH' || name.endsWith('_FILE') || name in settings, name);
  });

  test('gives a stopping process the time that it takes', () => {
    const most = Number(settings.SHUTDOWN_TIMEOUT_MS.fallback) + Number(settings.SHUTDOWN_NOTICE_MS.fallback);
    for (const name of ['donkey-api.service', 'donkey-worker@.service']) {
      const [seconds = ''] = valuesOf(join(FOLDER, name), 'TimeoutStopSec');
      assert.ok(Number(seconds) * 1000 > most + 5000, name);
      assert.deepEqual(valuesOf(join(FOLDER, name), 'Restart'), ['always'], name);
      assert.deepEqual(valuesOf(join(FOLDER, name), 'Wants'), ['donkey-migrate.service'], name);
    }
  });

  test('is understood by systemd', { skip: missing }, () => {
    const units = [...services, 'donkey.target'].map(unit);
    const { status, stderr } = analyze('verify', ...units);
    const ours = stderr.split('\n').filter((line) => line.includes('donkey'));
    assert.deepEqual(ours, []);
    assert.equal(status, 0, stderr);
    writeFileSync(unit('donkey-api.service'), '[Service]\nExecStrat=/bin/true\n', { flag: 'a' });
    assert.match(analyze('verify', unit('donkey-api.service')).stderr, /ExecStrat/);
  });

  test('leaves the processes few rights', { skip: missing }, (t) => {
    for (const name of services) {
      const { stdout } = analyze('security', '--offline=true', unit(name));
      const [, exposure = ''] = /Overall exposure level for \S+: ([\d.]+)/.exec(stdout) ?? [];
      assert.ok(exposure !== '' && Number(exposure) <= 2.5, `${name}: ${exposure}`);
      t.diagnostic(`${name}: exposure ${exposure} of 10`);
    }
  });
});
