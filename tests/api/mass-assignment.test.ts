import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type Joi from 'joi';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { callExample, exampleBody } from '#tests/support/endpoint-calls.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { HttpClient } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

const keysOf = (schema: Joi.Schema | undefined): string[] =>
  Object.keys((schema?.describe().keys as object | undefined) ?? {});

/** Names and example values of all fields that answers show, and that clients may therefore think they can set. */
function shownFields(endpoints: readonly AnyEndpoint[]): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (typeof value === 'object' && value !== null)
      for (const [name, item] of Object.entries(value)) {
        fields.set(name, item);
        collect(item);
      }
  };
  for (const { responses } of endpoints)
    for (const { example } of Object.values(responses))
      collect((example as { data?: unknown } | undefined)?.data);
  return fields;
}

suite('promise 33 and ASVS 15.3.3: mass assignment', () => {
  let app: TestApp;
  let user: HttpClient;
  let admin: HttpClient;
  before(async () => {
    app = await startTestApp();
    user = (await registerUser(app)).client;
    const chief = await registerUser(app);
    await app.database.sql(`update users set role = 'admin' where id = $1`, [chief.id]);
    admin = chief.client;
  });
  after(() => app[Symbol.asyncDispose]());

  /** Everything that is stored. */
  const snapshot = async (): Promise<unknown> => {
    const tables = await app.database.sql<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
    );
    return Promise.all(
      tables.map(({ name }) =>
        app.database.sql(`select md5(string_agg(t::text, ',' order by t::text)) from ${name} t`),
      ),
    );
  };

  test('no field that is not the client’s to set is taken', { timeout: 120_000 }, async (t) => {
    const columns = await app.database.sql<{ name: string }>(
      `select distinct column_name as name from information_schema.columns where table_schema = 'public'`,
    );
    const values = new Map<string, unknown>([
      ...columns.map(({ name }): [string, unknown] => [name, 'x']),
      ...shownFields(app.endpoints),
      ['is_admin', true],
      ['isAdmin', true],
      ['userId', 'x'],
      ['constructor', { prototype: { role: 'admin' } }],
    ]);
    const before = await snapshot();
    let tried = 0;
    const takers = app.endpoints.filter(({ body, form }) => body !== undefined || form !== undefined);
    for (const endpoint of takers) {
      const own = new Set([...keysOf(endpoint.body), ...keysOf(endpoint.form), 'file']);
      const foreign = [...values].filter(([name]) => !own.has(name));
      // An answer names at most a hundred faults, and a form has at most twenty fields.
      const atOnce = endpoint.body === undefined ? 10 : 50;
      for (let start = 0; start < foreign.length; start += atOnce) {
        const extra = Object.fromEntries(foreign.slice(start, start + atOnce));
        const client = endpoint.auth === 'admin' ? admin : user;
        const { status, body } = await callExample(client, endpoint, exampleBody(endpoint, extra));
        assert.equal(status, 400, `${endpoint.operationId}: ${status} ${JSON.stringify(body)}`);
        const named = new Set((body.errors as { pointer: string }[]).map(({ pointer }) => pointer));
        for (const name of Object.keys(extra)) {
          assert.ok(named.has(`/body/${name}`), `${endpoint.operationId} takes ${name}`);
          tried += 1;
        }
      }
    }
    assert.deepEqual(await snapshot(), before);
    assert.ok(takers.length >= 5);
    t.diagnostic(`${tried} read-only fields over ${takers.length} operations: 0 taken, 0 changed`);
  });
});
