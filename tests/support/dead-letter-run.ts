import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { jobCatalog } from '#shared/queue/catalog.ts';
import { registerAdmin } from './admin.ts';
import { startEmbeddingServer } from './embedding-server.ts';
import type { Json } from './http-client.ts';
import { accepted } from './ingestion.ts';
import { startStage } from './test-stage.ts';
import { waitFor } from './wait-for.ts';

/**
 * Promise 15: jobs that all fail, on workers that are killed meanwhile, are all found dead, each once.
 *
 * @param kills fewer than five: a job that was in hand each time would be dead of that
 */
export async function failAll(
  t: TestContext,
  { jobs, kills }: { jobs: number; kills: number },
): Promise<void> {
  await using server = await startEmbeddingServer();
  // What an open breaker keeps waiting would not die within the time of a test.
  await using stage = await startStage({ ...server.env, BREAKER_PAUSE_MS: '100' });
  const owner = await stage.newOwner();
  const admin = (await registerAdmin(stage.app)).client;
  // All attempts but the last have failed before: the test is about how jobs end.
  const spent = jobCatalog['document.embed'].maxFailures - 1;
  await stage.sql(`create function spend_attempts() returns trigger language plpgsql as
    $$ begin new.failures := ${spent}; return new; end $$`);
  await stage.sql(`create trigger spend_attempts before insert on jobs for each row
    when (new.type = 'document.embed') execute function spend_attempts()`);
  // Every third call never ends, so that whoever is killed has something in hand.
  let calls = 0;
  server.behave(() => (++calls % 3 === 0 ? 'hold' : { status: 500 }));
  const uploads = [];
  for (let number = 1; number <= jobs; number += 1)
    uploads.push(accepted(await owner.uploadText(`Doomed ${number}`, `Doomed text ${number}.`)));
  for (let kill = 0; kill < kills; kill += 1) {
    const worker = await stage.startWorker();
    await waitFor(() => server.held > 0, { description: 'a job in hand' });
    await worker.stop('SIGKILL');
  }
  server.behave({ status: 500 });
  await using last = await stage.startWorker();
  const dead = () =>
    stage.sql<{ id: string }>(
      `select id from jobs where type = 'document.embed' and status = 'dead' order by id desc`,
    );
  await waitFor(async () => (await dead()).length === jobs, {
    description: 'all to be dead',
    timeoutMs: 120_000,
  });
  const listed: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body }: Json = await admin.get(
      `admin/dead-letters?limit=30${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    listed.push(...(body.data as Json[]).map(({ id }) => id as string));
    cursor = body.meta.next_cursor as string | null;
  }
  const expected = (await dead()).map(({ id }) => id);
  assert.deepEqual(listed, expected, 'every dead job is listed once');
  const ends = await stage.sql<{ ends: number }>(
    `select count(*)::int as ends from job_attempts where outcome = 'dead' group by job_id`,
  );
  assert.ok(ends.length === jobs && ends.every((one) => one.ends === 1), 'each died once');
  const [lost] = await stage.sql<{ count: number }>(
    `select count(*)::int as count from job_attempts where outcome = 'lost'`,
  );
  const gauge = await waitFor(
    async () => {
      const text = await (await fetch(`${last.url}/metrics`)).text();
      const values = [...text.matchAll(/^donkey_dead_letters\{[^}]*\} (\d+)$/gm)].map(([, value]) =>
        Number(value),
      );
      const sum = values.reduce((total, value) => total + value, 0);
      return sum === jobs && sum;
    },
    { description: 'the sweep to find all' },
  );
  const failed = (await owner.client.get('jobs?status=dead&limit=100')).body.data as Json[];
  assert.equal(failed.length, jobs, 'their owner sees as many');
  assert.ok(failed.every(({ error }) => error.code === 'embedding.unavailable'));
  t.diagnostic(
    `${listed.length} of ${jobs} dead letters listed, each once; ${kills} workers killed, ${lost?.count} attempts lost with them; the sweep found ${gauge}`,
  );
  assert.equal(new Set(listed).size, jobs);
  assert.equal(uploads.length, jobs);
}
