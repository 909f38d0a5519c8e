import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import { toFailure } from '#shared/queue/retry.ts';
import { registerAdmin } from '#tests/support/admin.ts';
import { failAll } from '#tests/support/dead-letter-run.ts';
import { makeApiKey } from '#tests/support/api-keys.ts';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { accepted, assertComplete, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';

suite('dead letters and queues', () => {
  let stage: TestStage;
  let owner: Owner;
  let admin: HttpClient;
  before(async () => {
    stage = await startStage();
    owner = await stage.newOwner();
    admin = (await registerAdmin(stage.app)).client;
  });
  after(() => stage[Symbol.asyncDispose]());

  /** A document whose job has failed once and then died, as after a long outage; no worker is running. */
  async function deadDocument(title: string, code: ErrorCode = 'job.timeout', from = owner) {
    const { documentId, jobId } = accepted(await from.uploadText(title, `What ${title} says.`));
    const { ledger } = stage.app.context.database;
    const [chunk] = await stage.sql<{ id: string }>(
      `select id from jobs where document_id = $1 and type = 'document.chunk'`,
      [documentId],
    );
    const failure = toFailure(new AppError(code, { stage: 'extract' }));
    for (const end of [false, true]) {
      const result = await ledger.claim(chunk!.id, 60_000, 'bench:1');
      assert.ok(result.kind === 'claimed');
      const verdict = end
        ? ({ kind: 'end', status: 'dead' } as const)
        : ({ kind: 'retry', at: new Date() } as const);
      await ledger.fail(result.claim, failure, verdict);
    }
    return { documentId, jobId, deadId: chunk!.id };
  }
  const listed = async (query = ''): Promise<Json[]> => {
    const { status, body } = await admin.get(`admin/dead-letters?limit=100${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body.data;
  };
  const idsOf = (items: Json[]): string[] => items.map(({ id }) => id as string);
  const auditOf = (id: string) =>
    stage.sql('select action, user_id, details from audit_events where target_id = $1 order by id', [id]);

  test('an owner sees which jobs are dead, and every attempt at them with its error', async () => {
    const { jobId, deadId } = await deadDocument('seen');
    const { body } = await owner.client.get('jobs?status=dead');
    assert.ok(idsOf(body.data).includes(jobId));
    const attempts = await owner.client.get(`jobs/${jobId}/attempts?limit=1`);
    assert.equal(attempts.body.data[0].outcome, 'dead');
    assert.equal(attempts.body.meta.has_more, true);
    const rest = await owner.client.get(`jobs/${jobId}/attempts?cursor=${attempts.body.meta.next_cursor}`);
    assert.equal(rest.body.data.length, 1);
    const [first] = rest.body.data;
    assert.deepEqual(
      { ...first, started_at: '', ended_at: '', error: { ...first.error, next_retry_at: '' } },
      {
        job_id: deadId,
        type: 'document.chunk',
        attempt: 1,
        outcome: 'retry',
        stage: 'extract',
        error: {
          code: 'job.timeout',
          message: 'The job took too long',
          remedy: first.error.remedy,
          stage: 'extract',
          retryable: true,
          next_retry_at: '',
        },
        started_at: '',
        ended_at: '',
      },
    );
    const other = await stage.newOwner();
    assert.equal((await other.client.get(`jobs/${jobId}/attempts`)).body.code, 'job.not_found');
  });

  test('an administrator lists, filters, pages and inspects them', async () => {
    const second = await stage.newOwner();
    const made = [await deadDocument('one', 'document.extraction_crashed', second)];
    made.push(await deadDocument('two', 'document.extraction_crashed', second));
    const ids = made.map(({ deadId }) => deadId).reverse();
    assert.deepEqual(idsOf(await listed(`&user_id=${second.id}`)), ids);
    assert.deepEqual(idsOf(await listed('&code=document.extraction_crashed')), ids);
    assert.ok(idsOf(await listed('&code=job.timeout')).every((id) => !ids.includes(id)));
    assert.deepEqual(await listed('&type=account.export'), []);
    const page = (await admin.get(`admin/dead-letters?limit=1&user_id=${second.id}`)).body;
    const next = (
      await admin.get(`admin/dead-letters?limit=1&user_id=${second.id}&cursor=${page.meta.next_cursor}`)
    ).body;
    assert.deepEqual([page.data[0].id, next.data[0].id, next.meta.has_more], [...ids, false]);
    const letter = (await admin.get(`admin/dead-letters/${ids[0]}`)).body.data;
    assert.deepEqual(
      letter.history.map(({ outcome, attempt, worker, error }: Json) => [
        outcome,
        attempt,
        worker,
        error.code,
      ]),
      [
        ['dead', 2, 'bench:1', 'document.extraction_crashed'],
        ['retry', 1, 'bench:1', 'document.extraction_crashed'],
      ],
    );
    assert.equal(letter.user_id, second.id);
    assert.ok(!JSON.stringify(letter).includes('What one says'), 'no texts of the owner');
    const { status, body } = await admin.get(`admin/dead-letters/${uuidv7()}`);
    assert.deepEqual([status, body.code], [404, 'job.not_found']);
  });

  test('one that is replayed is done, once, and the log says by whom', async () => {
    const [one, two] = [await deadDocument('replayed'), await deadDocument('replayed too')];
    const missing = uuidv7();
    const ids = [one.deadId, missing, two.deadId];
    const { status, body } = await admin.post('admin/dead-letters/replay', { ids });
    assert.equal(status, 200);
    assert.deepEqual(body.data, {
      replayed: [one.deadId, two.deadId],
      skipped: [{ id: missing, code: 'job.not_found' }],
    });
    const again = (await admin.post('admin/dead-letters/replay', { ids: [one.deadId] })).body.data;
    assert.deepEqual(again, { replayed: [], skipped: [{ id: one.deadId, code: 'job.not_found' }] });
    assert.ok(!idsOf(await listed()).includes(one.deadId));
    {
      await using _ = await stage.startWorker();
      for (const { jobId, documentId } of [one, two]) {
        assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
        await assertComplete(stage, owner.client, documentId);
      }
    }
    assert.deepEqual(await auditOf(one.deadId), [
      {
        action: 'dead_letter.replay',
        user_id: owner.id,
        details: { type: 'document.chunk', code: 'job.timeout' },
      },
    ]);
  });

  test('one that is discarded is off the list; its owner still sees it, and may retry', async () => {
    const { deadId, jobId, documentId } = await deadDocument('discarded');
    const { body } = await admin.post('admin/dead-letters/discard', { ids: [deadId] });
    assert.deepEqual(body.data, { discarded: [deadId], skipped: [] });
    assert.ok(!idsOf(await listed()).includes(deadId));
    assert.equal((await admin.get(`admin/dead-letters/${deadId}`)).status, 404);
    const again = (await admin.post('admin/dead-letters/replay', { ids: [deadId] })).body.data;
    assert.deepEqual(again.skipped, [{ id: deadId, code: 'job.not_found' }]);
    assert.equal((await owner.client.get(`jobs/${jobId}`)).body.data.status, 'dead');
    assert.equal((await auditOf(deadId))[0]?.action, 'dead_letter.discard');
    assert.equal((await owner.client.post(`documents/${documentId}/retry`)).status, 202);
    const [row] = await stage.sql<{ discarded_at: Date | null; status: string }>(
      'select discarded_at, status from jobs where id = $1',
      [deadId],
    );
    assert.deepEqual(row, { discarded_at: null, status: 'queued' });
  });

  test('what belonged to a deleted document is nobody’s to run again', async () => {
    const { deadId, documentId } = await deadDocument('deleted');
    assert.equal((await owner.client.delete(`documents/${documentId}`)).status, 204);
    assert.ok(!idsOf(await listed()).includes(deadId));
  });

  test('a program must sign what it does with them', async () => {
    const { deadId } = await deadDocument('signed');
    const key = await makeApiKey(stage.app, { client: admin }, ['admin:write']);
    const ids = { ids: [deadId] };
    assert.equal(
      (await key.client.post('admin/dead-letters/discard', ids)).body.code,
      'auth.signature_required',
    );
    assert.deepEqual((await key.signed('POST', 'admin/dead-letters/discard', ids)).body.data.discarded, [
      deadId,
    ]);
  });

  test('queues show what waits, what runs, for how long, and whether they are paused', async () => {
    const queueOf = async (name: string): Promise<Json> => {
      const { body } = await admin.get('admin/queues');
      return (body.data as Json[]).find((queue) => queue.name === name);
    };
    const before = await queueOf('extraction');
    const { documentId } = accepted(await owner.uploadText('counted', 'A job that is counted.'));
    const { ledger } = stage.app.context.database;
    const waiting = await queueOf('extraction');
    assert.equal(waiting.waiting, Number(before.waiting) + 1);
    assert.ok(waiting.oldest_seconds >= 0 && waiting.paused === false);
    await stage.sql(
      `update jobs set run_at = now() - interval '90 s' where document_id = $1 and queue is not null`,
      [documentId],
    );
    assert.ok((await queueOf('extraction')).by_priority.medium.oldest_seconds >= 90);
    const [job] = await stage.sql<{ id: string }>(
      'select id from jobs where document_id = $1 and queue is not null',
      [documentId],
    );
    assert.equal((await ledger.claim(job!.id, 60_000)).kind, 'claimed');
    const running = await queueOf('extraction');
    assert.deepEqual([running.waiting, running.running], [before.waiting, Number(before.running) + 1]);
    assert.equal(running.dead, (await listed()).length);
  });
});

test('promise 15: failing jobs and killed workers: all dead letters are found, each once', (t) =>
  failAll(t, { jobs: 15, kills: 2 }));
