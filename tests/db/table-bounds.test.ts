import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { HISTORY } from '#db/clear-history.ts';
import { expiringTables } from '#db/stores/maintenance-store.ts';
import { tableBounds } from '#db/table-bounds.ts';
import type { Bound } from '#db/table-bounds.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';

const boundBy = (bound: Bound): string[] =>
  Object.keys(tableBounds)
    .filter((table) => tableBounds[table] === bound)
    .sort();

test('every table of the schema has something that ends its growth', async () => {
  await using it = await createTestDatabase();
  const tables = await it.sql<{ name: string }>(
    `select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`,
  );
  assert.deepEqual(tables.map(({ name }) => name).sort(), Object.keys(tableBounds).sort());
  assert.deepEqual(boundBy('expires'), expiringTables.toSorted());
  assert.deepEqual(boundBy('history'), HISTORY.toSorted());
});

test('what hangs on something goes with it: a foreign key says so', async () => {
  await using it = await createTestDatabase();
  const cascades = await it.sql<{ name: string }>(
    `select distinct conrelid::regclass::text as name from pg_constraint where contype = 'f' and confdeltype = 'c'`,
  );
  const withKey = cascades.map(({ name }) => name);
  const holders = [...boundBy('hangs on'), ...boundBy('owner')].filter((table) => table !== 'users');
  assert.deepEqual(
    holders.filter((table) => !withKey.includes(table)),
    [],
  );
});

test('the page on growth names every table that something is deleted from by time', () => {
  const page = readFileSync(new URL('../../docs/scaling.md', import.meta.url), 'utf8');
  const unnamed = [...boundBy('expires'), ...boundBy('history'), ...boundBy('swept')].filter(
    (table) => !page.includes(`\`${table}\``),
  );
  assert.deepEqual(unnamed, []);
});
