import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import fc from 'fast-check';
import type { Page, SortedPageRequest } from '#db/page.ts';
import { sortedPage } from '#db/sorted-page.ts';
import type { SortColumn } from '#db/sorted-page.ts';
import type { Row } from '#db/rows.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { createExplainer } from '#tests/support/explain.ts';
import type { Explainer } from '#tests/support/explain.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';

const SORTABLE = {
  made: { column: 'made', kind: 'time' },
  weight: { column: 'weight', kind: 'number' },
  name: { column: 'name', kind: 'text' },
} as const satisfies Record<string, SortColumn>;
type Sort = keyof typeof SORTABLE;

suite('pages of a list that the client sorts', () => {
  let database: TestDatabase;
  let explainer: Explainer;
  before(async () => {
    database = await createTestDatabase();
    explainer = createExplainer(database.url);
    await database.sql(`
      create table things (id uuid primary key, made timestamptz not null, weight real not null,
        name text collate "C" not null);
      insert into things select gen_random_uuid(),
        '2026-01-01'::timestamptz + (n / 3) * interval '1 microsecond', (n % 50) / 7.0 * 10 ^ (n % 12 - 9), 'n' || n % 90
        from generate_series(1, 400) n;
      create index on things (made, id)`);
  });
  after(async () => {
    await explainer[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const read = (request: SortedPageRequest<Sort>, connection = explainer.connection): Promise<Page<Row>> =>
    sortedPage(
      connection,
      connection('things'),
      { table: 'things', columns: ['id', 'name'], sortable: SORTABLE },
      request,
    );
  const readAll = async (by: Sort, descending: boolean, between?: (page: number) => Promise<unknown>) => {
    const ids: string[] = [];
    let after: string | null = null;
    for (let page = 1; ; page += 1) {
      const { items, nextAfter }: Page<Row> = await read({ limit: 37, sort: { by, descending }, after });
      ids.push(...items.map(({ id }) => id as string));
      if (nextAfter === null) return ids;
      after = nextAfter;
      await between?.(page);
    }
  };
  const inOrder: Readonly<Record<Sort, readonly [up: string, down: string]>> = {
    made: ['select id from things order by made, id', 'select id from things order by made desc, id desc'],
    weight: [
      'select id from things order by weight, id',
      'select id from things order by weight desc, id desc',
    ],
    name: ['select id from things order by name, id', 'select id from things order by name desc, id desc'],
  };

  for (const by of ['made', 'weight', 'name'] as const)
    for (const descending of [false, true])
      test(`every row once, in order: ${by} ${descending ? 'descending' : 'ascending'}`, async () => {
        const all = await database.sql<{ id: string }>(inOrder[by][Number(descending)]!);
        assert.deepEqual(
          await readAll(by, descending),
          all.map(({ id }) => id),
        );
      });

  test('rows that come and go meanwhile neither repeat nor hide others', async () => {
    const before = await database.sql<{ id: string }>('select id from things order by made, id');
    const victims = before.slice(200, 210).map(({ id }) => id);
    const seen = await readAll('made', false, async (page) => {
      await database.sql(
        `insert into things select gen_random_uuid(), '2025-12-31'::timestamptz + n * interval '1 second', 1, 'late'
         from generate_series(1, 20) n`,
      );
      if (page === 2) await database.sql('delete from things where id = any($1)', [victims]);
    });
    assert.equal(new Set(seen).size, seen.length, 'none twice');
    assert.deepEqual(
      seen,
      before.map(({ id }) => id).filter((id) => !victims.includes(id)),
    );
    await database.sql(`delete from things where name = 'late'`);
  });

  test('a cursor is good whatever the time zone of the server', async () => {
    for (const zone of [
      'UTC',
      'America/St_Johns',
      'Asia/Kathmandu',
      'Pacific/Kiritimati',
      'Pacific/Pago_Pago',
    ]) {
      const { items, nextAfter } = await explainer.connection.transaction(async (trx) => {
        await trx.raw(`select set_config('timezone', ?, true)`, [zone]);
        return read({ limit: 5, sort: { by: 'made', descending: false }, after: null }, trx);
      });
      const next = await read({ limit: 5, sort: { by: 'made', descending: false }, after: nextAfter });
      const first = await database.sql<{ id: string }>('select id from things order by made, id limit 10');
      assert.deepEqual(
        [...items, ...next.items].map(({ id }) => id),
        first.map(({ id }) => id),
        zone,
      );
    }
  });

  test('no cursor that a client could make up is an error of the database', async (t) => {
    const time = fc
      .tuple(
        fc.integer({ min: 0, max: 9999 }),
        ...[13, 33, 25, 61, 61].map((max) => fc.integer({ min: 0, max })),
        fc.constantFrom('+00', '-03:30', '+14', '+15:59', '+99', '', 'Z'),
      )
      .map(([year, month, day, hour, minute, second, zone]) => {
        const two = (part: unknown): string => String(part).padStart(2, '0');
        const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
        return `${date} ${two(hour)}:${two(minute)}:${two(second)}${String(zone)}`;
      });
    const number = fc.oneof(
      fc.double().map(String),
      fc.stringMatching(/^-?\d{1,12}(\.\d{1,14})?(e-?\d{1,3})?$/),
    );
    const key = fc.oneof(time, number, fc.string({ unit: 'binary' }), fc.constant(7), fc.constant(null));
    const forged = fc
      .tuple(key, fc.oneof(fc.uuid(), fc.string(), fc.constant(null)))
      .map((pair) => Buffer.from(JSON.stringify(pair)).toString('base64url'));
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(forged, fc.string()),
        fc.constantFrom<Sort>('made', 'weight', 'name'),
        async (after, by) => {
          try {
            await read({ limit: 2, sort: { by, descending: false }, after });
            taken += 1;
          } catch (error) {
            assert.ok(error instanceof AppError && error.code === 'page.cursor_invalid', String(error));
          }
        },
      ),
      { numRuns: 1500 },
    );
    for (const day of ['2026-02-30', '2026-04-31', '2026-13-01', '0000-01-01']) {
      const after = Buffer.from(JSON.stringify([`${day} 00:00:00+00`, randomUUID()])).toString('base64url');
      await assert.rejects(read({ limit: 2, sort: { by: 'made', descending: false }, after }), AppError, day);
    }
    t.diagnostic(`1,500 forged cursors: ${taken} read as a place in the list, 0 errors of the database`);
    assert.ok(taken > 0);
  });
});
