import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { HttpClient } from '#tests/support/http-client.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';
import type { WorkerProcess } from '#tests/support/worker-process.ts';

suite('promise 56: a silent outage is heard', () => {
  let stage: TestStage;
  let owner: Owner;
  let worker: WorkerProcess;
  before(async () => {
    stage = await startStage({ CANARY_INTERVAL_MS: '300', CANARY_OVERDUE_MS: '4000' });
    owner = await stage.newOwner();
    worker = await stage.startWorker();
  });
  after(() => stage[Symbol.asyncDispose]());

  const metric = async (name: string): Promise<number | undefined> => {
    const text = await (await fetch(`${worker.url}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(name) && !each.startsWith('#'));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  const warnings = async (url: string): Promise<string[]> => {
    const response = await fetch(`${url}/health/ready`);
    assert.equal(response.status, 200);
    return ((await response.json()) as { data: { warnings: string[] } }).data.warnings;
  };
  const found = async (): Promise<number> =>
    (
      await stage.sql<{ count: number }>(
        `select count(*)::int from canary_runs where finished_at is not null and error is null`,
      )
    )[0]!.count;
  const canaryWarning = (all: readonly string[]): string | undefined =>
    all.find((warning) => warning.includes('canary'));

  test('a document goes through the whole path, is measured, and nothing of it stays or is shown', async (t) => {
    await waitFor(async () => (await found()) >= 3, { description: 'three canaries to be found' });
    const delay = await waitFor(() => metric('donkey_canary_delay_seconds'), { description: 'its delay' });
    assert.ok(delay > 0 && delay < 10, String(delay));
    assert.ok(((await metric('donkey_canary_last_found_timestamp_seconds')) ?? 0) > Date.now() / 1000 - 30);
    assert.ok(((await metric('donkey_canary_runs_total')) ?? 0) >= 2);
    assert.equal(canaryWarning(await warnings(worker.url)), undefined);
    assert.equal(canaryWarning(await warnings(stage.app.url)), undefined);
    // At most the one that is under way.
    const [left] = await stage.sql<{
      documents: number;
      jobs: number;
      measures: number;
      files: number;
      retrievals: number;
      words: number;
    }>(
      `select (select count(*)::int from documents d join users u on u.id = d.user_id where u.is_system) as documents,
         (select count(*)::int from jobs j join users u on u.id = j.user_id
           where u.is_system and j.type <> 'assistant.measure') as jobs,
         (select count(*)::int from jobs j join users u on u.id = j.user_id
           where u.is_system and j.type = 'assistant.measure') as measures,
         (select count(*)::int from document_files f join users u on u.id = f.user_id where u.is_system) as files,
         (select count(*)::int from retrievals r join users u on u.id = r.user_id where u.is_system) as retrievals,
         (select count(*)::int from term_statistics s join users u on u.id = s.user_id where u.is_system and s.chunk_count > 1) as words`,
    );
    assert.ok(left!.documents <= 1 && left!.files <= 1 && left!.jobs <= 4, JSON.stringify(left));
    // Its assistant is measured like any other, once for all documents that came and went meanwhile.
    assert.ok(left!.measures <= 1, JSON.stringify(left));
    assert.deepEqual([left!.retrievals, left!.words], [0, 0]);
    assert.deepEqual((await owner.client.get('documents')).body.data, []);
    assert.deepEqual((await owner.client.get('jobs')).body.data, []);
    t.diagnostic(`delay of the last canary: ${delay.toFixed(2)} s`);
  });

  test('nobody logs in as its account', async () => {
    for (const login of ['(system)', 'system']) {
      const client = new HttpClient(stage.app.url);
      await client.get('auth/csrf');
      const answer = await client.post('auth/login', { login, password: 'a pass phrase of nobody' });
      assert.ok([400, 401].includes(answer.status), JSON.stringify(answer.body));
    }
  });

  test('work that is not done is seen in readiness and metrics, and over when it is done again', async (t) => {
    // Jobs are taken and nothing comes of them: no error anywhere.
    await stage.sql(`create function stand_still() returns trigger language plpgsql as $$ begin
      if new.type = 'document.chunk' then new.run_at := now() + interval '1 hour'; end if; return new; end $$`);
    await stage.sql(
      'create trigger stand_still before insert on jobs for each row execute function stand_still()',
    );
    const began = performance.now();
    const warned = await waitFor(async () => canaryWarning(await warnings(stage.app.url)), {
      description: 'the API to warn',
    });
    t.diagnostic(`heard after ${((performance.now() - began) / 1000).toFixed(1)} s with 4 s set: ${warned}`);
    await waitFor(async () => canaryWarning(await warnings(worker.url)), {
      description: 'the worker to warn',
    });
    await waitFor(async () => ((await metric('donkey_ingests_unfinished')) ?? 0) >= 1, {
      description: 'the gap to be measured',
    });
    await waitFor(
      async () => (await stage.sql(`select 1 from canary_runs where error = 'canary.overdue'`)).length > 0,
      { description: 'the run to be given up' },
    );
    await stage.sql('drop trigger stand_still on jobs');
    await waitFor(async () => canaryWarning(await warnings(stage.app.url)) === undefined, {
      description: 'the warning to go',
    });
  });

  test('with no worker at all, the API says so', async () => {
    await worker.stop('SIGTERM');
    await waitFor(async () => canaryWarning(await warnings(stage.app.url)), {
      description: 'the API to warn',
    });
  });
});
