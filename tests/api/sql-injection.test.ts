import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { batchObstacle } from '#api/batch/batch-policy.ts';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { callExample, exampleBody, examplePath } from '#tests/support/endpoint-calls.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { RequestOptions, TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

/** Draws a number wherever it is evaluated; what has been drawn stays drawn, also after a rollback. */
const CANARY = `nextval('injection_canary')`;

/** One for each place in a statement where a text could end up. */
const payloads: readonly string[] = [
  `'||${CANARY}||'`,
  `' or ${CANARY} > 0 --`,
  `x'; select ${CANARY}; --`,
  `') or ${CANARY} > 0 --`,
  `1 or ${CANARY} > 0`,
  `(select ${CANARY})`,
  `" or ${CANARY} > 0 --`,
  `x' union select ${CANARY}::text --`,
  `\\' or ${CANARY} > 0 --`,
  `$$||${CANARY}||$$`,
  `id desc, (select ${CANARY})`,
  `{"a":"' or ${CANARY} > 0 --"}`,
  `%' or ${CANARY} > 0 or 'a' like '%`,
  `?::text, ?? , :id, ${CANARY}`,
  `\u02bc or ${CANARY} > 0 --`,
];

/** Payloads each input is given; which ones goes round, so that every operation sees all of them. */
const PAYLOADS_PER_INPUT = 3;

interface Attack {
  readonly endpoint: AnyEndpoint;
  readonly options: RequestOptions;
  readonly what: string;
}

const keysOf = (endpoint: AnyEndpoint, part: 'params' | 'query' | 'headers' | 'body' | 'form'): string[] =>
  Object.keys((endpoint[part]?.describe().keys ?? {}) as object);

/** Each input of an endpoint's contract, one at a time, with payloads in its place. */
function attacksOn(endpoint: AnyEndpoint): Attack[] {
  const byPayload = payloads.map((payload) => [...attacksWith(endpoint, payload)]);
  const inputs = byPayload[0]?.length ?? 0;
  return Array.from({ length: inputs * PAYLOADS_PER_INPUT }, (_, turn) => {
    const input = turn % inputs;
    return byPayload[turn % byPayload.length]?.[input] as Attack;
  });
}

function* attacksWith(endpoint: AnyEndpoint, payload: string): Generator<Attack> {
  const { operationId, example } = endpoint;
  for (const part of ['params', 'query'] as const)
    for (const key of keysOf(endpoint, part)) {
      const changed = { ...endpoint, example: { ...example, [part]: { ...example[part], [key]: payload } } };
      yield {
        endpoint: changed,
        options: exampleBody(endpoint),
        what: `${operationId} ${part} ${key} = ${payload}`,
      };
    }
  const latin1 = payload.replace(/[^\x20-\x7e]/g, '');
  for (const key of [...keysOf(endpoint, 'headers'), 'user-agent', 'x-request-id'])
    yield {
      endpoint,
      options: { ...exampleBody(endpoint), headers: { [key]: latin1 } },
      what: `${operationId} header ${key} = ${payload}`,
    };
  for (const part of ['body', 'form'] as const)
    for (const key of keysOf(endpoint, part)) {
      const only = part === 'form' ? { ...endpoint, body: undefined } : endpoint;
      const bodies = [exampleBody(only, { [key]: payload })];
      if (part === 'body')
        bodies.push(exampleBody(only, { [key]: [payload] }), exampleBody(only, { [payload]: 1 }));
      for (const options of bodies)
        yield { endpoint, options, what: `${operationId} ${part} ${key} = ${payload}` };
    }
}

suite('ASVS 5.0 1.2.4, promise 36: SQL injection', () => {
  let app: TestApp;
  let user: TestUser;
  before(async () => {
    app = await startTestApp({ AUTH_ATTEMPTS_PER_15_MIN: '1000000', REQUESTS_PER_MINUTE: '1000000' });
    await app.database.sql('create sequence injection_canary');
    user = await registerUser(app);
  });
  after(() => app[Symbol.asyncDispose]());

  const drawn = async (): Promise<boolean> =>
    (await app.database.sql<{ is_called: boolean }>('select is_called from injection_canary'))[0]!.is_called;

  test('no payload in any input of any operation is run or makes the server fail', async (t) => {
    const faults: string[] = [];
    const statuses: Record<string, number> = {};
    let requests = 0;
    // What ends the session of the caller says nothing about the payload.
    const endpoints = app.endpoints.filter(({ operationId }) => !/logout/i.test(operationId));
    for (const endpoint of endpoints) {
      for (const { endpoint: changed, options, what } of attacksOn(endpoint)) {
        requests += 1;
        const { status, body } = await callExample(user.client, changed, options);
        const kind = `${String(status)[0] ?? ''}xx`;
        statuses[kind] = (statuses[kind] ?? 0) + 1;
        if (status >= 500) faults.push(`${what}: ${status} ${JSON.stringify(body)}`);
      }
      if (await drawn()) faults.push(`${endpoint.operationId} has run a payload`);
      if (
        (await user.client.get('auth/csrf')).status !== 200 ||
        (await user.client.get('auth/me')).status !== 200
      )
        user = await registerUser(app);
      if (faults.length > 20) break;
    }
    t.diagnostic(
      `${requests} requests to ${endpoints.length} operations, ${JSON.stringify(statuses)}, ${faults.length} faults`,
    );
    assert.deepEqual(faults, []);
    assert.ok(requests > 500);
  });

  test('nor in the operations of batches', async (t) => {
    const faults: string[] = [];
    let tried = 0;
    const open = app.endpoints.filter((endpoint) => batchObstacle(endpoint, false) === undefined);
    const attacks = open
      .flatMap((endpoint) => attacksOn(endpoint))
      .filter(({ options }) => options.raw === undefined)
      .filter((_, index) => index % 5 === 0);
    for (let start = 0; start < attacks.length; start += 20) {
      const slice = attacks.slice(start, start + 20);
      const operations = slice.map(({ endpoint, options: { json } }) => ({
        method: endpoint.method,
        path: examplePath(endpoint),
        ...(endpoint.precondition ? { headers: { 'if-match': '*' } } : {}),
        ...(json === undefined ? {} : { body: json }),
      }));
      const { status, body } = await user.client.post('batch', { operations });
      assert.equal(status, 200, JSON.stringify(body));
      for (const [index, item] of body.data.entries()) {
        tried += 1;
        if (item.status >= 500) faults.push(`${slice[index]!.what}: ${JSON.stringify(item.body)}`);
      }
    }
    assert.equal(await drawn(), false);
    assert.deepEqual(faults, []);
    assert.ok(tried > 200);
    t.diagnostic(`${tried} operations of batches, 0 faults`);
  });

  test('the payloads would be noticed: against a statement that is put together they work', async () => {
    assert.equal(await drawn(), false);
    const worked: string[] = [];
    for (const payload of payloads) {
      await app.database.sql('alter sequence injection_canary restart');
      for (const statement of [
        `select 1 from users where username = '${payload}'`,
        `select 1 from users where (username = '${payload}')`,
        `select 1 from users order by ${payload}`,
        `select 1 from users where true = ${payload}`,
        `select 1 from users where ${payload}`,
      ])
        await app.database.sql(statement).catch(() => undefined);
      if (await drawn()) worked.push(payload);
    }
    assert.ok(worked.length >= 6, `only ${worked.length} did`);
  });
});
