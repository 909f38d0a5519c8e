import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import pg from 'pg';
import { checkPostgresServer } from '#db/server-check.ts';
import { checkRedisServer } from '#shared/redis/server-check.ts';
import { freePort } from '#scripts/services/free-port.ts';
import { testServices } from '#tests/support/services.ts';

const { databaseUrl, redisUrl } = testServices();

test('suitable servers are described', async () => {
  assert.match(await checkPostgresServer(databaseUrl), /^\d+\.\d+ with pgvector \d+\.\d+/);
  assert.match(await checkRedisServer(redisUrl), /^\d+\.\d+\.\d+, noeviction$/);
});

test('a server that does not answer is explained without its password', async () => {
  const port = await freePort(27_000);
  for (const check of [
    checkPostgresServer(`postgres://donkey:topsecret@127.0.0.1:${port}/donkey`),
    checkRedisServer(`redis://:topsecret@127.0.0.1:${port}`),
  ])
    await assert.rejects(check, (error: Error) => {
      assert.match(error.message, /cannot connect .*ECONNREFUSED.*; check host, port/);
      assert.doesNotMatch(error.message, /topsecret/);
      return true;
    });
});

test('a role that may not install pgvector is told who may', async () => {
  const name = `donkey_check_${randomBytes(4).toString('hex')}`;
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  try {
    await admin.query(`create role ${name} login password 'check'`);
    await admin.query(`create database ${name} owner ${name}`);
    const url = new URL(databaseUrl);
    Object.assign(url, { username: name, password: 'check', pathname: `/${name}` });
    const { rows } = await admin.query<{ trusted: boolean }>(
      "select bool_or(trusted) as trusted from pg_available_extension_versions where name = 'vector'",
    );
    // Where the extension is marked as trusted, the owner of a database may install it.
    if (rows[0]?.trusted === true) await checkPostgresServer(url.href);
    else
      await assert.rejects(checkPostgresServer(url.href), /have a superuser run "create extension vector"/);
  } finally {
    await admin.query(`drop database if exists ${name}`);
    await admin.query(`drop role if exists ${name}`);
    await admin.end();
  }
});
