import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { getIntrospectionQuery } from 'graphql';
import { serverAudits } from 'graphql-http';
import { createLogger } from '#shared/logging/logger.ts';
import { askGraphql, codesOf, dataOfGraphql } from '#tests/support/graphql.ts';
import { holdLock } from '#tests/support/held-lock.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { Json, TestUser } from '#tests/support/http-client.ts';
import { recordQueries } from '#tests/support/query-recorder.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { waitFor } from '#tests/support/wait-for.ts';
import { insertLife } from '#tests/support/whole-life-rows.ts';

const times = (count: number, of: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => of(n)).join(' ');

/** Each asks for more than there should be work for. */
const BOMBS: Readonly<Record<string, string>> = {
  depth: `{ assistant(id: "x") ${'{ parent '.repeat(60)}{ id }${' }'.repeat(60)} }`,
  'depth by fragments': `{ assistant(id: "x") { ...F0 } } ${times(30, (n) => `fragment F${n} on Assistant { parent { ${n < 29 ? `...F${n + 1}` : 'id'} } }`)}`,
  'aliases at the root': `{ ${times(100, (n) => `a${n}: me { id }`)} }`,
  'aliases below': `{ me { ${times(100, (n) => `a${n}: id`)} } }`,
  'root fields': `{ ${times(11, () => 'me { id }')} }`,
  'cost of pages in pages':
    '{ assistants(first: 100) { nodes { documents(first: 100) { nodes { chunks(first: 100) { nodes { text } } } } } } }',
  'cost of edges':
    '{ assistants(first: 100) { edges { node { children(first: 100) { edges { node { id } } } } } } }',
  searches: `{ ${times(9, (n) => `s${n}: search(query: "x", limit: 200) { hits { document { id } } }`)} }`,
  'fragments that double': `{ me { ...F0 } } ${times(25, (n) => `fragment F${n} on User { ${n < 24 ? `...F${n + 1} ...F${n + 1}` : 'id'} }`)}`,
  'a fragment in itself': '{ me { ...F } } fragment F on User { ...F }',
  'fragments in a ring': '{ me { ...A } } fragment A on User { ...B } fragment B on User { ...A }',
  'a ring that nothing asks for': '{ me { id } } fragment A on User { ...B } fragment B on User { ...A }',
  'the same field a thousand times': `{ me { ${'id '.repeat(900)} } }`,
  'overlapping fields': `{ me { ${'... on User { id } '.repeat(160)} ${'id '.repeat(350)} } }`,
  directives: `{ me { id ${'@skip(if: false) '.repeat(40)} } }`,
  'unknown directives': `{ me { id ${times(60, (n) => `@d${n}`)} } }`,
  'tokens, in lists': `{ search(query: "x", documentIds: [${'"x" '.repeat(2000)}]) { tookMs } }`,
  'tokens, nested': `{ search(query: ${'['.repeat(5000)}`,
  variables: `query(${times(400, (n) => `$v${n}: Int`)}) { me { id } }`,
  operations: times(200, (n) => `query Q${n} { me { id } }`),
  'introspection in introspection': `{ __schema { types { ${'fields { type { '.repeat(20)} name ${'} } '.repeat(20)} } } }`,
};

suite('limits of GraphQL', () => {
  let app: TestApp;
  let user: TestUser;
  before(async () => {
    app = await startTestApp();
    user = await registerUser(app);
    await insertLife(app.database, [user.id], 3);
  });
  after(() => app[Symbol.asyncDispose]());

  test('promise 42: bombs are refused in 50 ms, and nothing is read for them', async (t) => {
    // Whoever asks first pays for what the process has not yet run.
    await dataOfGraphql(
      user.client,
      '{ me { id } assistants(first: 50) { nodes { documents(first: 20) { nodes { id } } } } }',
    );
    const session = await statementsOf('{ __typename }');
    const figures: string[] = [];
    for (const [name, query] of Object.entries(BOMBS)) {
      const runs: number[] = [];
      let statements = 0;
      for (let run = 0; run < 3; run += 1) {
        using recorder = recordQueries();
        const start = performance.now();
        const { status, body } = await askGraphql(user.client, query);
        runs.push(performance.now() - start);
        statements = recorder.queries.length;
        assert.equal(status, 400, `${name}: ${JSON.stringify(body).slice(0, 300)}`);
        for (const code of codesOf(body))
          assert.ok(
            ['graphql.too_complex', 'graphql.invalid', 'graphql.syntax'].includes(code),
            `${name} ${code}`,
          );
        assert.equal(body.data, undefined);
      }
      const fastest = Math.min(...runs);
      assert.equal(statements, session, `${name}: beside the session nothing is asked for`);
      assert.ok(fastest < 50, `${name}: ${fastest} ms`);
      figures.push(`${name} ${fastest.toFixed(1)}`);
    }
    t.diagnostic(`ms: ${figures.join(', ')}`);
  });

  const statementsOf = async (query: string): Promise<number> => {
    using recorder = recordQueries();
    await dataOfGraphql(user.client, query);
    return recorder.queries.length;
  };

  test('promise 42: what is within the limits is answered', async () => {
    const aliases = `{ me { ${times(30, (n) => `a${n}: id`)} } }`;
    const depth = `{ assistant(id: "life-1") ${'{ children(first: 1) { nodes '.repeat(6)}{ slug parent { id } }${' } }'.repeat(6)} }`;
    const roots = `{ ${times(10, (n) => `${n === 0 ? '' : 'again: '}me { id }`)} }`;
    const directives = `{ me { ${'... on User @include(if: true) { id } '.repeat(20)} } }`;
    const cost = '{ assistants(first: 99) { nodes { documents(first: 18) { nodes { id } } } } }';
    for (const query of [aliases, depth, roots, directives, cost]) await dataOfGraphql(user.client, query);
    const over = '{ assistants(first: 100) { nodes { documents(first: 20) { nodes { id } } } } }';
    assert.deepEqual(codesOf((await askGraphql(user.client, over)).body), ['graphql.too_complex']);
  });

  test('a page size in a variable counts as it is, and one that is none as the largest', async () => {
    const query =
      'query($n: Int) { assistants(first: $n) { nodes { documents(first: $n) { nodes { id } } } } }';
    await dataOfGraphql(user.client, query, { n: 40 });
    for (const variables of [{ n: 100 }, { n: 'all' }, { n: -1 }, {}]) {
      const { status, body } = await askGraphql(user.client, query, variables);
      assert.deepEqual([status, codesOf(body)], [400, ['graphql.too_complex']], JSON.stringify(variables));
    }
  });

  test('a body larger than an operation needs is not read', async () => {
    const variables = { text: 'x'.repeat(70_000) };
    const { status, body } = await askGraphql(user.client, 'query($text: String) { me { id } }', variables);
    assert.deepEqual([status, body.code], [413, 'request.too_large']);
  });

  test('an operation that takes too long is stopped, in the database too', async (t) => {
    await using slow = await startTestApp({ GRAPHQL_TIMEOUT_MS: '400' });
    const owner = await registerUser(slow);
    await insertLife(slow.database, [owner.id], 2);
    const query =
      '{ assistants { nodes { documents(first: 5) { nodes { chunks(first: 5) { nodes { text } } } } } } }';
    await dataOfGraphql(owner.client, query);
    await using lock = await holdLock(
      slow.database.url,
      'lock table document_chunks in access exclusive mode',
    );
    const started = performance.now();
    const asking = askGraphql(owner.client, query);
    await lock.waiting(1);
    const { status, body } = await asking;
    const took = performance.now() - started;
    assert.deepEqual([status, body.code], [503, 'graphql.timeout']);
    assert.ok(took < 2000, `${took} ms`);
    await waitFor(
      async () => {
        const [row] = await slow.database.sql<{ count: number }>(
          `select count(*)::int as count from pg_stat_activity
           where datname = current_database() and application_name = 'donkey-api' and state = 'active'`,
        );
        return row?.count === 0;
      },
      { description: 'no statement goes on' },
    );
    await lock.release();
    await dataOfGraphql(owner.client, query);
    t.diagnostic(`answered after ${Math.round(took)} ms of 400, and no statement went on`);
  });

  test('a client that goes away ends its operation', async () => {
    await using lock = await holdLock(app.database.url, 'lock table memories in access exclusive mode');
    const abort = new AbortController();
    const json = {
      query: '{ assistants { nodes { memories(first: 3) { nodes { event document { title } } } } } }',
    };
    const asking = user.client.send('POST', 'graphql', { json, signal: abort.signal });
    await lock.waiting(1);
    using recorder = recordQueries();
    abort.abort();
    await assert.rejects(asking, { name: 'AbortError' });
    const inFlight = async () => (await app.context.metrics.httpInFlight.get()).values[0]?.value;
    await waitFor(async () => (await inFlight()) === 0, {
      description: 'the API knows that the client has gone',
    });
    await lock.release();
    await dataOfGraphql(user.client, '{ me { id } }');
    assert.ok(
      !recorder.queries.some(({ text }) => text.includes('"memories"')),
      'nothing more is read for it',
    );
  });

  test('the schema is shown where the setting says so, and names are suggested only there', async () => {
    const typo = '{ assistants { nodes { titel nam } } }';
    const { body: open } = await askGraphql(user.client, typo);
    assert.match(JSON.stringify(open), /Did you mean \\"name\\"/);
    assert.ok((await dataOfGraphql(user.client, getIntrospectionQuery())).__schema.types.length > 50);
    await using closed = await startTestApp({ GRAPHQL_INTROSPECTION: 'off' });
    const owner = await registerUser(closed);
    for (const query of [
      getIntrospectionQuery(),
      '{ __schema { types { name } } }',
      '{ __type(name: "User") { name } }',
    ]) {
      const { status, body } = await askGraphql(owner.client, query);
      assert.deepEqual([status, [...new Set(codesOf(body))]], [400, ['graphql.invalid']]);
    }
    const variables = [
      'query($x: Asistant) { me { id } }',
      '{ assistants(sort: nam) { nodes { id } } }',
      '{ assistants(frst: 1) { nodes { id } } }',
    ];
    for (const query of [typo, ...variables]) {
      const { status, body } = await askGraphql(owner.client, query);
      assert.equal(status, 400);
      assert.doesNotMatch(JSON.stringify(body), /Did you mean/);
    }
    const sent = await askGraphql(
      owner.client,
      'query($s: AssistantSort) { assistants(sort: $s) { nodes { id } } }',
      { s: 'nam' },
    );
    assert.doesNotMatch(JSON.stringify(sent.body), /Did you mean/);
    await dataOfGraphql(owner.client, '{ __typename me { __typename id } }');
  });

  test('with a list of documents only these are carried out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'donkey-graphql-'));
    try {
      const path = join(folder, 'documents.json');
      writeFileSync(path, JSON.stringify(['{ me { username } }']));
      await using strict = await startTestApp({ GRAPHQL_PERSISTED_QUERIES: path });
      const owner = await registerUser(strict);
      assert.equal((await dataOfGraphql(owner.client, '{ me { username } }')).me.username, owner.username);
      const other = await askGraphql(owner.client, '{ me { id } }');
      assert.deepEqual([other.status, codesOf(other.body)], [400, ['graphql.not_persisted']]);
      writeFileSync(path, '{}');
      await assert.rejects(startTestApp({ GRAPHQL_PERSISTED_QUERIES: path }), /GRAPHQL_PERSISTED_QUERIES/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('the log names the operation and its cost, and the metrics count costs', async () => {
    const lines: string[] = [];
    const logger = createLogger(
      { level: 'info', service: 'api' },
      { write: (line) => void lines.push(line) },
    );
    await using logged = await startTestApp({}, { overrides: { logger } });
    const owner = await registerUser(logged);
    await dataOfGraphql(
      owner.client,
      'query Shelf { assistants(first: 7) { nodes { name documents(first: 2) { nodes { id } } } } }',
    );
    await owner.client.get(`graphql?query=${encodeURIComponent('{ me { canary: id } }')}`);
    const metrics = await (await fetch(logged.metricsUrl)).text();
    await logged.close();
    const line = lines.map((one): Json => JSON.parse(one)).find((one) => one.graphql_operation === 'Shelf');
    assert.equal(line.graphql_cost, 1 + 7 * (1 + 1 + 2 * 1));
    assert.ok(!lines.join('').includes('canary'), 'queries may hold what somebody looks for');
    assert.match(metrics, /donkey_graphql_cost_objects_count\{[^}]*outcome="answered"[^}]*\} 2/);
    assert.doesNotMatch(metrics, /Shelf/);
  });

  test('the audit of the specification "GraphQL over HTTP" finds nothing', async (t) => {
    const fetchFn = (url: string, init: RequestInit = {}): Promise<Response> =>
      fetch(url, {
        ...init,
        headers: {
          ...Object.fromEntries(new Headers(init.headers)),
          cookie: user.client.cookieHeader(),
          'x-csrf-token': user.client.csrfToken ?? '',
        },
      });
    const audits = serverAudits({ url: `${app.url}/api/v1/graphql`, fetchFn });
    const found: string[] = [];
    for (const audit of audits) {
      const result = await audit.fn();
      if (result.status !== 'ok') found.push(`${result.status} ${audit.name}: ${result.reason}`);
    }
    assert.deepEqual(found, []);
    t.diagnostic(`${audits.length} audits`);
  });
});
