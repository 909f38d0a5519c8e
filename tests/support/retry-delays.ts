import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { startEmbeddingServer } from './embedding-server.ts';
import { accepted, assertComplete, endOfJob } from './ingestion.ts';
import { startStage } from './test-stage.ts';

/** Promise 14: a provider that fails a few times; the pauses between the attempts are those of the history. */
export async function measureRetries(t: TestContext, failures: number): Promise<void> {
  await using server = await startEmbeddingServer();
  await using stage = await startStage(server.env);
  const owner = await stage.newOwner();
  let calls = 0;
  // Within one attempt the embedder asks four times by itself. A refusal that no breaker counts keeps its pause out.
  server.behave(() => (++calls <= failures * 4 ? { status: 429 } : 'answer'));
  await using _ = await stage.startWorker();
  const { documentId, jobId } = accepted(await owner.uploadText('Retried', 'Retried until it works.'));
  assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
  await assertComplete(stage, owner.client, documentId);
  const { body } = await owner.client.get(`jobs/${jobId}/attempts`);
  const attempts = (body.data as Record<string, string>[])
    .filter(({ type }) => type === 'document.embed')
    .reverse();
  assert.deepEqual(
    attempts.map(({ outcome }) => outcome),
    [...Array.from({ length: failures }, () => 'retry'), 'succeeded'],
  );
  const pauses = attempts
    .slice(1)
    .map(
      (attempt, index) => (Date.parse(attempt.started_at!) - Date.parse(attempts[index]!.ended_at!)) / 1000,
    );
  t.diagnostic(
    `pauses before retries 1 to ${failures}: ${pauses.map((pause) => pause.toFixed(2)).join(' s, ')} s`,
  );
  // The pause itself lies within [0.5, 1] x 2^n s; until somebody takes the job, some more time passes.
  for (const [index, pause] of pauses.entries()) {
    const most = 2 ** (index + 1);
    assert.ok(pause >= most / 2 && pause <= most + 1, `${pause} s before retry ${index + 1}`);
  }
}
