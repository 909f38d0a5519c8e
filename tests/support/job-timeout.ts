import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { createModelsInUse } from '#db/models-in-use.ts';
import type { Env } from '#shared/config/env.ts';
import { createEnvelope } from '#shared/crypto/envelope.ts';
import { createSummariser } from '#shared/summary/summarise.ts';
import { createCompleter } from '#shared/completion/create-completer.ts';
import { createEmbedders } from '#shared/embedding/create-embedder.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { createProviderGuard } from '#shared/net/provider-guard.ts';
import { jobCatalog } from '#shared/queue/catalog.ts';
import { createJobConsumer } from '#shared/queue/consumer.ts';
import { createJobProducer } from '#shared/queue/producer.ts';
import { createPdfWatch } from '#worker/documents/pdf-watch.ts';
import { createHandlers } from '#worker/handlers.ts';
import { createTurns } from '#worker/turns.ts';
import { createReceiverBreakers } from '#worker/webhooks/receiver-breakers.ts';
import { startEmbeddingServer } from './embedding-server.ts';
import { makeFormBombPdf } from './fixtures/pdf-files.ts';
import { accepted } from './ingestion.ts';
import { connected } from './queue-bench.ts';
import { testConfig } from './test-config.ts';
import { openDatabase } from './test-database.ts';
import { startStage } from './test-stage.ts';
import { waitFor } from './wait-for.ts';

/** Promise 12: the product's own work, a PDF that takes for ever and a provider that never answers, under a short limit. */
export async function stopAtTimeout(t: TestContext, limitMs: number): Promise<void> {
  await using server = await startEmbeddingServer();
  await using stage = await startStage({
    ...server.env,
    EXTRACT_TIMEOUT_MS: '60000',
    EXTRACT_MEMORY_BYTES: '2000000000',
  });
  const owner = await stage.newOwner();
  server.behave('hold');
  await using _ = await consumeHere(stage.env, limitMs);
  const text = accepted(await owner.uploadText('Held', 'The provider never answers to this.'));
  const pdf = accepted(await owner.uploadFile({ name: 'bomb.pdf', bytes: makeFormBombPdf() }));
  await waitFor(() => server.held === 1 && childrenOf(process.pid).length > 0, {
    description: 'a call that waits and a PDF that is read',
  });
  for (const { type, documentId } of [
    { type: 'document.embed', ...text },
    { type: 'document.chunk', ...pdf },
  ]) {
    const [first] = await waitFor(
      async () => {
        const attempts = await stage.sql<{ seconds: number; outcome: string; code: string }>(
          `select extract(epoch from a.ended_at - a.started_at)::float as seconds, a.outcome, a.error ->> 'code' as code
           from job_attempts a join jobs j on j.id = a.job_id
           where j.document_id = $1 and j.type = $2 and a.ended_at is not null order by a.id`,
          [documentId, type],
        );
        // The second attempt shows that it is tried again.
        return attempts.length >= 2 && attempts;
      },
      { description: `two attempts at ${type}` },
    );
    assert.deepEqual([first!.outcome, first!.code], ['retry', 'job.timeout']);
    t.diagnostic(`${type}: stopped after ${first!.seconds.toFixed(2)} s, with a limit of ${limitMs} ms`);
    assert.ok(first!.seconds * 1000 >= limitMs - 50 && first!.seconds * 1000 <= limitMs + 500);
  }
  for (const { documentId } of [text, pdf])
    assert.equal((await owner.client.delete(`documents/${documentId}`)).status, 204);
  await waitFor(() => server.held === 0 && childrenOf(process.pid).length === 0, {
    description: 'all connections and processes to be gone',
    timeoutMs: 5_000,
  });
}

/** Runs the product's handlers in this process, every job with one limit. */
async function consumeHere(env: Env, limitMs: number): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const config = testConfig(env);
  const logger = createLogger({ level: 'silent', service: 'test' });
  const metrics = createMetrics('test');
  const database = stack.use(openDatabase(config.database.url));
  const queue = { url: config.redis.queueUrl, prefix: config.redis.keyPrefix, logger };
  const { ledger } = database;
  const producer = stack.use(createJobProducer({ ...queue, ledger }));
  await connected(producer);
  const guard = createProviderGuard(config.integrations);
  const embedders = createEmbedders(config.embedding, { logger, metrics, guard });
  const completer = createCompleter(config.completion, { logger, metrics, guard });
  const handlers = createHandlers({
    database,
    producer,
    indexing: createTurns(database),
    models: createModelsInUse({ read: database.read, embedders }),
    findOwnCredential: () => Promise.resolve(undefined),
    completer,
    findCompleterCredential: () => Promise.resolve(undefined),
    summariser: createSummariser({ completer, contextTokens: config.completion.contextTokens }),
    isolation: [],
    pdfWatch: createPdfWatch(metrics),
    config,
    envelope: createEnvelope(config.integrations.keys),
    guard,
    breakers: createReceiverBreakers({ logger, metrics }),
  });
  const short = { timeoutMs: limitMs, backoff: { baseMs: 200, maxMs: 200 } };
  stack.use(
    createJobConsumer({
      ...queue,
      ledger,
      handlers,
      metrics,
      catalog: {
        ...jobCatalog,
        'document.chunk': { ...jobCatalog['document.chunk'], ...short },
        'document.embed': { ...jobCatalog['document.embed'], ...short },
      },
      concurrency: { extraction: 2, embedding: 2 },
      leaseMs: 5_000,
      shutdownTimeoutMs: 100,
    }),
  );
  return stack.move();
}

/** Processes that read PDFs: children of a process that run. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' '))
    .map(Number)
    .filter((child) => child > 0);
}
