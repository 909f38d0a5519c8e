import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';

const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
const questions = [...runbook.matchAll(/`(select [^`]+)`/g)].map(([, sql]) => sql!);

suite('questions that the runbook puts to PostgreSQL', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database[Symbol.asyncDispose]());

  test('there are some', () => assert.ok(questions.length >= 6));

  for (const sql of questions)
    test(sql.slice(0, 80), async () => {
      assert.ok(Array.isArray(await database.sql(sql)));
    });
});
