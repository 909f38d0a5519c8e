import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

suite('priorities that callers choose, and workers that serve some queues', () => {
  let stage: TestStage;
  let owner: Owner;
  before(async () => {
    stage = await startStage({ HIGH_PRIORITY_PER_USER: '2', CANARY_OVERDUE_MS: '1000' });
    owner = await stage.newOwner();
  });
  after(() => stage[Symbol.asyncDispose]());

  const upload = (title: string, priority?: string) =>
    owner.client.post('documents', {
      assistant_id: owner.assistantId,
      title,
      text: `About ${title}.`,
      ...(priority === undefined ? {} : { priority }),
    });
  const jobsOf = (documentId: string) =>
    stage.sql<{ type: string; priority: string; status: string }>(
      'select type, priority, status from jobs where document_id = $1 order by id',
      [documentId],
    );

  test('all parts of a document have the priority that was asked for; medium where none was', async () => {
    const low = accepted(await upload('low', 'low'));
    const plain = accepted(await upload('plain'));
    {
      await using _ = await stage.startWorker();
      await endOfJob(owner.client, low.jobId);
      await endOfJob(owner.client, plain.jobId);
    }
    const shown = await Promise.all([low, plain].map(({ documentId }) => jobsOf(documentId)));
    assert.deepEqual(
      shown.map((jobs) => [jobs.length, ...new Set(jobs.map(({ priority }) => priority))]),
      [
        [4, 'low'],
        [4, 'medium'],
      ],
    );
  });

  test('high priority is for a limited number of documents at a time; a retry may change it', async () => {
    const [first, second] = [
      accepted(await upload('high 1', 'high')),
      accepted(await upload('high 2', 'high')),
    ];
    const third = await upload('high 3', 'high');
    assert.deepEqual([third.status, third.body.code], [409, 'job.priority_limit']);
    const names = (await owner.client.get('documents')).body.data as { title: string }[];
    assert.ok(
      names.every(({ title }) => title !== 'high 3'),
      'nothing of it was stored',
    );
    assert.equal((await owner.client.delete(`jobs/${first.jobId}`)).status, 204);
    const retried = await owner.client.post(`documents/${first.documentId}/retry?priority=low`);
    assert.equal(retried.status, 202);
    assert.equal(retried.body.data.job.priority, 'low');
    assert.deepEqual(
      (await jobsOf(first.documentId)).map(({ priority }) => priority),
      ['low', 'low'],
    );
    accepted(await upload('high 4', 'high'));
    assert.equal((await owner.client.delete(`jobs/${second.jobId}`)).status, 204);
    accepted(await upload('high 5', 'high'));
    const refused = await owner.client.post(`documents/${second.documentId}/retry?priority=high`);
    assert.deepEqual([refused.status, refused.body.code], [409, 'job.priority_limit']);
    assert.equal((await owner.client.get(`jobs/${second.jobId}`)).body.data.status, 'cancelled');
    const wrong = await upload('urgent', 'urgent');
    assert.deepEqual([wrong.status, wrong.body.errors[0].pointer], [400, '/body/priority']);
  });

  test('a worker serves the queues of its settings alone; two that share them do everything', async () => {
    const { documentId, jobId } = accepted(await upload('shared'));
    await using chunking = await stage.startWorker({ WORKER_QUEUES: 'extraction' });
    await waitFor(async () => (await jobsOf(documentId)).some(({ type }) => type === 'document.embed'), {
      description: 'the document to be chunked',
    });
    await waitFor(
      async () =>
        (await stage.sql(`select 1 from jobs where queue = 'extraction' and status in ('queued', 'running')`))
          .length === 0,
      { description: 'all chunking' },
    );
    assert.equal((await fetch(`${chunking.url}/health/ready`)).status, 200);
    const embeds = await stage.sql<{ status: string; attempts: number }>(
      `select status, attempts from jobs where type = 'document.embed' and status in ('queued', 'running')`,
    );
    assert.ok(embeds.length > 0 && embeds.every(({ attempts }) => attempts === 0));
    const warnings = async (url: string): Promise<string[]> => {
      const { data } = (await (await fetch(`${url}/health/ready`)).json()) as {
        data: { warnings: string[] };
      };
      return data.warnings.filter((warning) => warning.includes('queue embedding'));
    };
    for (const url of [stage.app.url, chunking.url])
      await waitFor(async () => (await warnings(url)).length === 1, {
        description: 'readiness to name the queue that nobody serves',
        // As long as one that has not said good-bye counts as alive, and some more.
        timeoutMs: 60_000,
      });
    await using embedding = await stage.startWorker({ WORKER_QUEUES: 'embedding, indexing, webhook' });
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await waitFor(async () => (await warnings(stage.app.url)).length === 0, {
      description: 'readiness to have nothing to say',
    });
    const workers = await stage.sql<{ type: string; pid: string }>(
      `select distinct j.type, split_part(a.worker, ':', 2) as pid from job_attempts a join jobs j on j.id = a.job_id
       where j.document_id = $1 order by 1`,
      [documentId],
    );
    assert.deepEqual(workers, [
      { type: 'document.chunk', pid: String(chunking.pid) },
      { type: 'document.embed', pid: String(embedding.pid) },
      { type: 'document.verify', pid: String(embedding.pid) },
    ]);
  });
});
