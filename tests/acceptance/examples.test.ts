import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { EmbeddingServer } from '#tests/support/embedding-server.ts';
import { makeWorld } from '#tests/support/examples/example-world.ts';
import { runExample } from '#tests/support/examples/run-example.ts';
import { withWorker, withoutWorker } from '#tests/support/examples/scenarios.ts';
import type { Scenario } from '#tests/support/examples/scenarios.ts';
import { differencesOf } from '#tests/support/examples/compare-shapes.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { TestStage } from '#tests/support/test-stage.ts';

const env = { SECURITY_CONTACT: 'mailto:security@donkey.test', MAINTENANCE_INTERVAL_MS: '300' };

suite('every example of the description works', () => {
  let idle: TestStage;
  let busy: TestStage;
  let provider: EmbeddingServer;
  let executed = 0;
  before(async () => {
    provider = await startEmbeddingServer();
    // The example registers the built-in model, so that searches must use another one.
    const model = { EMBEDDING_MODEL: 'words-384', EMBEDDING_DIMENSIONS: '384' };
    const other = { ...env, ...provider.env, ...model };
    [idle, busy] = await Promise.all([startStage(env), startStage(other)]);
    await busy.startWorker();
  });
  after(async () => {
    await busy[Symbol.asyncDispose]();
    await idle[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });

  const executes = (name: string, scenario: Scenario, stageOf: () => TestStage): void => {
    test(name, async () => {
      const stage = stageOf();
      const endpoint = stage.app.endpoints.find(({ operationId }) => operationId === name);
      assert.ok(endpoint, 'there is no such operation');
      const world = await makeWorld(stage);
      const { real = {}, client = world.owner.client } = await scenario(world);
      await runExample(endpoint, client, real);
      executed += 1;
    });
  };
  for (const [name, scenario] of Object.entries(withoutWorker)) executes(name, scenario, () => idle);
  for (const [name, scenario] of Object.entries(withWorker)) executes(name, scenario, () => busy);

  test('and there is no operation whose example is not executed', (t) => {
    const names = [...Object.keys(withoutWorker), ...Object.keys(withWorker)];
    const missing = idle.app.endpoints.filter(({ operationId }) => !names.includes(operationId));
    t.diagnostic(`${executed} of ${idle.app.endpoints.length} operations: their examples were executed`);
    assert.deepEqual(
      missing.map(({ operationId }) => operationId),
      [],
    );
    assert.equal(executed, idle.app.endpoints.length);
  });

  test('an answer of another shape would be noticed', () => {
    const item = { properties: { id: { type: 'string' }, size: { type: 'number' } } };
    const schema = { properties: { data: { type: 'array', items: item } } };
    const differences = (actual: object) => differencesOf(schema, { data: [{ id: 'a', size: 1 }] }, actual);
    assert.deepEqual(differences({ data: [{ id: 'b', size: 2 }] }), []);
    assert.deepEqual(differences({ data: [{ id: 1, size: 2 }] }), ['/data/0/id: string is number']);
    assert.deepEqual(differences({ data: [{ id: 'b' }] }), ['/data/0/size: only in the example']);
    assert.deepEqual(differences({ data: [] }), ['/data: the list of the example is not empty']);
  });
});
