import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensureEmbeddingModel } from '#db/ensure-embedding-model.ts';
import {
  activateModel,
  buildModel,
  dropModel,
  listModels,
  registerModel,
  rollbackModel,
} from '#scripts/manage/embedding-model-commands.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import { testConfig } from '#tests/support/test-config.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';

const builtin = { provider: 'builtin', name: 'hashed-words-1', dimensions: 768 };

test('an operator registers, builds, switches, goes back and drops by commands', async () => {
  await using it = await createTestDatabase();
  await using server = await startEmbeddingServer();
  const baseUrl = server.env.EMBEDDING_BASE_URL!;
  const said: string[] = [];
  const context = {
    config: testConfig({ DATABASE_URL: it.url, EMBEDDING_NEXT_BASE_URL: `${baseUrl}/` }),
    database: it.database,
    logger: createLogger({ level: 'silent', service: 'test' }),
    metrics: createMetrics('test'),
    say: (line: string) => void said.push(line),
  };
  const first = await ensureEmbeddingModel(it.database, builtin);
  await registerModel(context, { provider: 'openai', name: 'words', dimensions: 64, baseUrl });
  const next = await it.database.read.embeddingModels.find({
    provider: 'openai',
    name: 'words',
    dimensions: 64,
  });
  assert.equal(next?.baseUrl, baseUrl);
  await assert.rejects(rollbackModel(context), { code: 'embedding_model.no_previous' });
  await buildModel(context, next.id);
  const jobs = await it.sql(`select type, priority, payload ->> 'model_id' as model from jobs`);
  assert.deepEqual(jobs, [{ type: 'embedding.build', priority: 'low', model: String(next.id) }]);
  await buildModel(context, next.id);
  assert.equal((await it.sql('select 1 from jobs')).length, 1, 'one build at a time');
  await activateModel(context, next.id);
  assert.equal((await it.database.read.embeddingModels.active())?.id, next.id);
  await rollbackModel(context);
  assert.equal((await it.database.read.embeddingModels.active())?.id, first.id);
  await assert.rejects(dropModel(context, first.id), { code: 'embedding_model.in_use' });
  await dropModel(context, next.id);
  await assert.rejects(activateModel(context, next.id), { code: 'embedding_model.dropping' });
  await assert.rejects(buildModel(context, 99), { code: 'embedding_model.not_found' });
  said.length = 0;
  await listModels(context);
  assert.match(said[0]!, /^1 {2}active .* builtin hashed-words-1, 768 dimensions$/);
  assert.match(said[1]!, /^2 {2}dropping .* openai words, 64 dimensions at http/);
  const audit = await it.sql<{ action: string }>('select action from audit_events order by id');
  assert.equal(audit.length, 6);
});

test('an openai model at the address of the settings needs a provider that is set up', async () => {
  await using it = await createTestDatabase();
  const context = {
    config: testConfig({ DATABASE_URL: it.url }),
    database: it.database,
    logger: createLogger({ level: 'silent', service: 'test' }),
    metrics: createMetrics('test'),
    say: () => undefined,
  };
  await assert.rejects(registerModel(context, { provider: 'openai', name: 'words', dimensions: 64 }), {
    code: 'embedding.model_unavailable',
  });
  assert.deepEqual(await it.sql('select 1 from embedding_models'), []);
});
