import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startInstallation } from '#tests/support/chaos/installation.ts';
import { findViolations, openJobs } from '#tests/support/chaos/invariants.ts';
import { newOwners } from '#tests/support/chaos/uploads.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import { startOwnServices } from '#tests/support/own-services.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const DEAD_MS = 10_000;
const ANSWER_MS = 1_000;
const RECOVERY_MS = 2_000;
const EVERY_MS = 50;

interface Answer {
  readonly sentAt: number;
  readonly tookMs: number;
  readonly status: number;
  readonly problem: boolean;
}

test('promise 9: PostgreSQL is killed and stays dead for 10 s, while uploads and reads go on', async (t) => {
  await using services = await startOwnServices();
  if (services === undefined) {
    t.skip('PostgreSQL runs elsewhere and cannot be killed from here');
    return;
  }
  await using server = await startEmbeddingServer();
  await using installation = await startInstallation({ services, server, workers: 1 });
  const [owner] = await newOwners(installation.url, 1);
  const answers: Answer[] = [];
  const accepted: string[] = [];
  const ask = async (number: number): Promise<void> => {
    const sentAt = performance.now();
    const title = `Document ${number}`;
    const { client, assistantId } = owner!;
    const { status, headers, body } = await (number % 2 === 0
      ? client.get('documents')
      : client.post('documents', { assistant_id: assistantId, title, text: `${title} is about hay.` }));
    if (status === 202) accepted.push(body.data.document.id);
    const problem = headers.get('content-type')?.startsWith('application/problem+json') === true;
    answers.push({ sentAt, tookMs: performance.now() - sentAt, status, problem });
  };
  const over = new AbortController();
  const load = (async () => {
    const asked: Promise<void>[] = [];
    for (let number = 1; !over.signal.aborted; number++) {
      asked.push(ask(number));
      await sleep(EVERY_MS);
    }
    await Promise.all(asked);
  })();
  await waitFor(() => accepted.length >= 20, { description: 'some uploads' });

  await services.postgres.kill();
  const deadFrom = performance.now();
  await sleep(DEAD_MS);
  const deadUntil = performance.now();
  await services.postgres.start();
  const backAt = performance.now();
  await waitFor(() => answers.filter((answer) => answer.sentAt > backAt + RECOVERY_MS).length >= 40, {
    description: 'requests after the recovery',
  });
  over.abort();
  await load;

  const meanwhile = answers.filter(({ sentAt }) => sentAt > deadFrom && sentAt < deadUntil - ANSWER_MS);
  const slowest = Math.max(...meanwhile.map(({ tookMs }) => tookMs));
  const lastFailure = Math.max(...answers.filter(({ status }) => status >= 500).map(({ sentAt }) => sentAt));
  const recoveryMs = Math.max(0, lastFailure - backAt);
  t.diagnostic(
    `${meanwhile.length} requests while it was dead, all 503; slowest answer ${slowest.toFixed(0)} ms; ` +
      `last failure ${recoveryMs.toFixed(0)} ms after PostgreSQL was back; ${accepted.length} uploads accepted`,
  );
  assert.ok(meanwhile.length > 100);
  assert.deepEqual(
    new Set(meanwhile.map(({ status, problem }) => `${status} ${problem}`)),
    new Set(['503 true']),
  );
  assert.ok(slowest <= ANSWER_MS, `${slowest} ms`);
  assert.ok(recoveryMs <= RECOVERY_MS, `${recoveryMs} ms`);
  const { sql } = installation.database;
  await waitFor(async () => (await openJobs(sql)) === 0, {
    description: 'all jobs to end',
    timeoutMs: 120_000,
  });
  const rows = await sql<{ id: string; status: string }>('select id, status from documents');
  assert.deepEqual(new Set(rows.map(({ status }) => status)), new Set(['completed']));
  assert.ok(accepted.every((id) => rows.some((row) => row.id === id)));
  assert.deepEqual(await findViolations(sql), [], 'nothing is half-written');
});
