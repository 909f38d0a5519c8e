import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';

/**
 * Stands in for the client of an engine, of which there is none where tests run: it writes down what it is told, and fails
 * at what FAIL names. What an engine makes of the commands is not tested here; in which order they come, and what follows
 * from a failure, is.
 */
const DOCKER = String.raw`#!/usr/bin/env bash
line="$*"
printf '%s\n' "$line" >>"$CALLS"
case "$line" in *"$FAIL"*) [ -z "$FAIL" ] || exit 1 ;; esac
case "$line" in
  *pg_database_size*) echo "$SIZE" ;;
  *pg_dump*) echo 'a dump' ;;
  *'pg_restore --list'*) cat >/dev/null; echo '1; 0 2 TABLE DATA public documents donkey' ;;
  *'ps --quiet worker'*) printf 'one\ntwo\nthree\n' ;;
esac
`;

suite('the upgrade of an installation of docker-compose.yml', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'donkey-upgrade-'));
    writeFileSync(join(folder, 'docker'), DOCKER, { mode: 0o755 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  interface Outcome {
    readonly status: number | null;
    readonly output: string;
    /** What the engine was told, without where the project lies. */
    readonly calls: readonly string[];
    readonly backups: readonly string[];
  }

  function upgrade(options: { fail?: string; size?: string; given?: readonly string[] } = {}): Outcome {
    const { fail = '', size = '1000', given = ['--backups', join(folder, 'backups')] } = options;
    writeFileSync(join(folder, 'calls'), '');
    const { status, stdout, stderr } = spawnSync('scripts/ops/upgrade.sh', given, {
      encoding: 'utf8',
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        CALLS: join(folder, 'calls'),
        FAIL: fail,
        SIZE: size,
      },
    });
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
    return {
      status,
      output: stdout + stderr,
      calls: calls.map((line) => line.replace(/--project-directory \S+ /, '')),
      backups: given.length === 0 ? [] : readdirSync(join(folder, 'backups')),
    };
  }

  /** The commands that change something, by a word each. */
  const changes = (calls: readonly string[]): string[] =>
    calls.flatMap((line) => /pg_dump|compose build|compose pull|run --rm|up -d/.exec(line)?.[0] ?? []);

  test('backs up, builds, migrates, and replaces all workers and then the API', () => {
    const { status, calls, output, backups } = upgrade();
    assert.equal(status, 0, output);
    assert.deepEqual(changes(calls), ['pg_dump', 'compose build', 'run --rm', 'up -d', 'up -d']);
    assert.match(calls.at(-2) ?? '', /--scale worker=3 worker$/);
    assert.match(calls.at(-1) ?? '', /--wait .* api$/);
    assert.equal(backups.length, 1);
    assert.match(backups[0] ?? '', /^donkey-\d{8}T\d{6}Z\.dump$/);
    assert.equal(readFileSync(join(folder, 'backups', backups[0]!), 'utf8'), 'a dump\n');
    assert.match(output, /to go back to the old code/);
  });

  test('fetches an image where it is asked to', () => {
    const { calls } = upgrade({ given: ['--backups', join(folder, 'backups'), '--pull'] });
    assert.deepEqual(changes(calls), ['pg_dump', 'compose pull', 'run --rm', 'up -d', 'up -d']);
  });

  test('changes nothing without a place for the backup, or without room in it', () => {
    const nowhere = upgrade({ given: [] });
    assert.equal(nowhere.status, 1);
    assert.match(nowhere.output, /--backups FOLDER/);
    const full = upgrade({ size: '900000000000000' });
    assert.equal(full.status, 1);
    assert.match(full.output, /make room/);
    for (const { calls } of [nowhere, full]) assert.deepEqual(changes(calls), []);
  });

  for (const [step, fail, done] of [
    ['the backup fails', 'pg_dump', ['pg_dump']],
    ['the backup cannot be read', 'pg_restore --list', ['pg_dump']],
    ['there is no new image', 'build --pull', ['pg_dump', 'compose build']],
    ['the migrations fail', 'run --rm', ['pg_dump', 'compose build', 'run --rm']],
    ['no worker becomes ready', 'up -d', ['pg_dump', 'compose build', 'run --rm', 'up -d']],
  ] as const)
    test(`stops where ${step}`, () => {
      const { status, calls, output, backups } = upgrade({ fail });
      assert.equal(status, 1, output);
      assert.match(output, /FAILED in step \d.*\n {2}reason: .*\n {2}remedy: /);
      assert.deepEqual(changes(calls), done);
      const kept = backups.filter((name) => name.endsWith('.dump'));
      assert.equal(kept.length, done.length > 1 ? 1 : 0, 'an unusable backup does not look like one');
    });
});

/** Stand in for systemd and npm in the same way: what they would do to this host is not for a test. */
const RECORD = String.raw`#!/usr/bin/env bash
printf '%s %s\n' "${'$'}{0##*/}" "$*" >>"$CALLS"
case "$*" in *"$FAIL"*) exit 1 ;; esac
`;

suite('the upgrade of a plain server', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'donkey-upgrade-'));
    for (const name of ['systemctl', 'npm']) writeFileSync(join(folder, name), RECORD, { mode: 0o755 });
    for (const name of ['donkey-20260101', 'donkey-20260102'])
      mkdirSync(join(folder, 'nightly', name), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function upgrade(fail: string): { readonly status: number | null; readonly calls: readonly string[] } {
    writeFileSync(join(folder, 'calls'), '');
    const { status } = spawnSync('scripts/ops/upgrade.sh', ['--host', '--backups', join(folder, 'kept')], {
      encoding: 'utf8',
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        CALLS: join(folder, 'calls'),
        FAIL: fail,
        HOST_BACKUPS: join(folder, 'nightly'),
      },
    });
    return { status, calls: readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') };
  }

  const steps = [
    'systemctl start donkey-backup.service',
    'npm ci --no-audit --no-fund',
    'systemctl restart donkey-migrate.service',
    'systemctl try-restart donkey-worker@*.service',
  ];

  for (const [index, step] of steps.entries())
    test(`stops where "${step}" fails, after what comes before it`, () => {
      const { status, calls } = upgrade(step.slice(step.indexOf(' ') + 1));
      assert.equal(status, 1);
      assert.deepEqual(calls, steps.slice(0, index + 1));
      assert.deepEqual(readdirSync(join(folder, 'kept')), index === 0 ? [] : ['donkey-20260102']);
    });
});
