import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { TestUser } from '#tests/support/http-client.ts';
import { recordQueries } from '#tests/support/query-recorder.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { insertLife, lifeId } from '#tests/support/whole-life-rows.ts';
import type { Kind } from '#tests/support/whole-life-rows.ts';

/** Whose entries a list under a path shows, and what else a list is tried with. */
const HOLDERS: Readonly<Record<string, Kind>> = {
  assistants: 'assistant',
  conversations: 'conversation',
  documents: 'document',
  jobs: 'job',
  'memory-chains': 'chain',
};
const EXTRAS: Readonly<Record<string, readonly string[]>> = {
  listAssistants: [
    '',
    'include=profile,capabilities,metrics,system_prompt,parent,children,documents,memories',
  ],
};

/** Lists whose rows this test cannot make plenty of, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  listEmbeddingModels: 'of the installation, which has a few',
  listRefusedTexts: 'of administrators; tests/acceptance/refused-texts.test.ts reads all pages of it',
  listDeadLetters: 'of administrators; the same for all of the installation',
  listAudit: 'of administrators; the same query as that of the own log',
  listCredentials: 'rows are made under envelope encryption; tests/api/credentials.test.ts holds them',
};

const isList = ({ method, query }: AnyEndpoint): boolean =>
  method === 'GET' && Object.hasOwn((query?.describe().keys as object | undefined) ?? {}, 'cursor');

suite('queries of a list', () => {
  let app: TestApp;
  let few: TestUser;
  let many: TestUser;
  before(async () => {
    app = await startTestApp();
    [few, many] = await Promise.all([registerUser(app), registerUser(app)]);
    await insertLife(app.database, [few.id], 2);
    await insertLife(app.database, [many.id], 50);
  });
  after(() => app[Symbol.asyncDispose]());

  const pathOf = async ({ fullPath }: AnyEndpoint, user: TestUser): Promise<string> => {
    const [, holder] = /^\/api\/v1\/([a-z-]+)\/:id/.exec(fullPath) ?? [];
    if (holder === undefined) return fullPath;
    const kind = HOLDERS[holder];
    assert.ok(kind, `${fullPath}: this test does not know what holds these`);
    return fullPath.replace(':id', await lifeId(app.database, kind, user.id));
  };

  /** Number of statements of one request, and of rows in its answer. */
  const count = async (endpoint: AnyEndpoint, user: TestUser, query: string) => {
    const path = `${await pathOf(endpoint, user)}?limit=100&${query}`;
    using recorder = recordQueries();
    const { status, body } = await user.client.get(path);
    assert.equal(status, 200, `${endpoint.operationId}: ${JSON.stringify(body)}`);
    return { queries: recorder.queries.length, rows: (body.data as unknown[]).length };
  };

  test('there are as many for 50 rows as for two', async (t) => {
    const lists = app.endpoints.filter(isList);
    const found = lists.map(({ operationId }) => operationId);
    for (const name of [...Object.keys(LEFT_OUT), ...Object.keys(EXTRAS)])
      assert.ok(found.includes(name), name);
    const figures: string[] = [];
    for (const endpoint of lists) {
      const { operationId } = endpoint;
      if (LEFT_OUT[operationId] !== undefined) continue;
      for (const query of EXTRAS[operationId] ?? ['']) {
        const small = await count(endpoint, few, query);
        const large = await count(endpoint, many, query);
        assert.ok(small.rows >= 1, `${operationId} shows nothing`);
        assert.ok(large.rows >= 40, `${operationId} shows ${large.rows} rows`);
        assert.equal(large.queries, small.queries, `${operationId} ${query}`);
        figures.push(`${operationId} ${large.queries}`);
      }
    }
    assert.ok(lists.length >= 15, 'there are such lists');
    t.diagnostic(`statements of a request, at 2 and at 50 rows: ${figures.join(', ')}`);
  });

  test('a list that asks once a row would be noticed', async () => {
    const [list] = app.endpoints.filter(({ operationId }) => operationId === 'listReflections');
    using recorder = recordQueries();
    const { body } = await many.client.get(await pathOf(list!, many));
    const before = recorder.queries.length;
    for (const { id } of body.data as { id: string }[])
      await app.context.database.read.reflections.find(many.id, id);
    assert.equal(recorder.queries.length - before, body.data.length);
  });
});
