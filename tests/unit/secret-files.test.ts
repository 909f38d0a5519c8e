import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { ConfigError } from '#shared/config/config.ts';
import { readEnv } from '#shared/config/env.ts';
import { settings } from '#shared/config/settings.ts';
import type { Setting } from '#shared/config/settings.ts';

suite('secrets in files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'donkey-secrets-'));
  after(() => rmSync(directory, { recursive: true }));

  function fileOf(name: string, text: string): string {
    const path = join(directory, name.toLowerCase());
    writeFileSync(path, text);
    return path;
  }

  test('every secret is read from the file that NAME_FILE names, and nothing else is', () => {
    for (const [name, setting] of Object.entries<Setting>(settings)) {
      const env: Record<string, string | undefined> = readEnv({
        [`${name}_FILE`]: fileOf(name, `  value of ${name}\n`),
      });
      assert.equal(env[name], setting.secret === true ? `value of ${name}` : undefined, name);
    }
  });

  test('an empty file, like an empty variable, sets nothing', () => {
    assert.deepEqual(readEnv({ SMTP_URL_FILE: fileOf('SMTP_URL', '\n') }), {});
    assert.deepEqual(readEnv({ SMTP_URL: '', SMTP_URL_FILE: fileOf('SMTP_URL', 'smtp://127.0.0.1') }), {
      SMTP_URL: 'smtp://127.0.0.1',
    });
  });

  test('what is given twice or cannot be read is named, all at once, without its value', () => {
    const environment = {
      CSRF_SECRET: 'one-of-two',
      CSRF_SECRET_FILE: fileOf('CSRF_SECRET', 'other-of-two'),
      DATABASE_URL_FILE: join(directory, 'not-there'),
      REDIS_URL_FILE: directory,
    };
    assert.throws(
      () => readEnv(environment),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError);
        assert.deepEqual(
          error.faults.map((fault) => fault.replace(directory, '')),
          [
            'DATABASE_URL_FILE: /not-there cannot be read (ENOENT)',
            'REDIS_URL_FILE:  cannot be read (EISDIR)',
            'CSRF_SECRET and CSRF_SECRET_FILE are both set: keep one of them',
          ],
        );
        assert.doesNotMatch(error.message, /of-two/);
        return true;
      },
    );
  });
});
