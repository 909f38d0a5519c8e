import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { startEmbeddingServer } from './embedding-server.ts';
import { followJob } from './event-stream.ts';
import { accepted } from './ingestion.ts';
import { startStage } from './test-stage.ts';
import { waitFor } from './wait-for.ts';

/** Promise 55: large files go in while the embedder does not answer, and a broken event stream is taken up again. */
export async function uploadWithoutWaiting(
  t: TestContext,
  { uploads, bytes }: { uploads: number; bytes: number },
): Promise<void> {
  await using server = await startEmbeddingServer();
  await using stage = await startStage({
    ...server.env,
    EMBEDDING_TIMEOUT_MS: '100000',
    EMBEDDING_BATCH_SIZE: '64',
  });
  const owner = await stage.newOwner();
  server.behave('hold');
  await stage.startWorker();
  const first = accepted(await owner.uploadText('Followed', 'A short text to follow. '.repeat(400)));
  await waitFor(() => server.held > 0, { description: 'the embedder to be busy' });
  const latencies: number[] = [];
  for (let number = 1; number <= uploads; number += 1) {
    const line = `Line of file ${number}: donkeys carry hay over the hills all day long.\n`;
    const content = line.repeat(Math.floor(bytes / line.length));
    const start = performance.now();
    accepted(await owner.uploadFile({ name: `large-${number}.txt`, bytes: content }));
    latencies.push(performance.now() - start);
  }
  const p95 = latencies.sort((a, b) => a - b)[
    Math.min(latencies.length - 1, Math.floor(latencies.length * 0.95))
  ]!;
  const broken = followJob(owner.client, first.jobId);
  const seen = (await broken.next()).value!;
  assert.equal(seen.data.progress.stage, 'embed');
  await broken.return(undefined);
  const resumed = followJob(owner.client, first.jobId, seen.id);
  const next = resumed.next();
  server.release();
  const event = (await next).value!;
  assert.notEqual(event.id, seen.id, 'what was seen is not sent again');
  let last = event;
  for await (const one of resumed) last = one;
  assert.equal(last.data.status, 'succeeded');
  t.diagnostic(
    `${uploads} uploads of ${bytes} bytes while the embedder was silent: 202, p95 ${p95.toFixed(0)} ms; the stream went on after event ${seen.id} with ${event.id}`,
  );
  assert.ok(p95 < 1_000, `p95 ${p95} ms`);
}
