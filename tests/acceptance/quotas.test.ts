import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { startCompletionServer } from '#tests/support/completion-server.ts';
import { ask, beginConversation } from '#tests/support/conversation.ts';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { accepted, assertComplete, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

suite('quotas of a user', () => {
  let stage: TestStage;
  before(async () => {
    stage = await startStage({
      QUOTA_DOCUMENTS: '5',
      QUOTA_BYTES: '2000',
      QUOTA_EMBEDDING_TOKENS_PER_DAY: '100',
      UPLOADS_IN_FLIGHT: '32',
    });
    await stage.startWorker();
  });
  after(() => stage[Symbol.asyncDispose]());

  const usage = async (client: HttpClient): Promise<Json> => (await client.get('auth/usage')).body.data;
  const countOf = async (userId: string): Promise<Json> =>
    (
      await stage.sql(
        `select count(*)::int as documents, coalesce(sum(size), 0)::int as bytes from documents
         where user_id = $1 and deleted_at is null`,
        [userId],
      )
    )[0];

  test('of 20 uploads at once with room for 5 exactly 5 are taken in', async (t) => {
    const owner = await stage.newOwner();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0
          ? owner.uploadText(`Number ${index}`, `Text number ${index}.`)
          : owner.uploadFile({ name: `${index}.txt`, bytes: `Text number ${index}.` }),
      ),
    );
    const taken = answers.filter(({ status }) => status === 202);
    const refused = answers.filter(({ status, body }) => status === 409 && body.code === 'quota.exceeded');
    t.diagnostic(`20 uploads at once, room for 5: ${taken.length} accepted, ${refused.length} refused`);
    assert.deepEqual([taken.length, refused.length], [5, 15]);
    const counted = await countOf(owner.id);
    const { documents, bytes } = await usage(owner.client);
    assert.deepEqual(documents, { used: counted.documents, limit: 5 });
    assert.deepEqual(bytes, { used: counted.bytes, limit: 2000 });
  });

  test('bytes count as well; what is there already needs no room, and what is deleted gives it back', async () => {
    const owner = await stage.newOwner();
    const text = 'x '.repeat(900);
    const { documentId, jobId } = accepted(await owner.uploadText('Long', text));
    await endOfJob(owner.client, jobId);
    assert.equal((await owner.uploadText('Too long', 'y '.repeat(101))).body.code, 'quota.exceeded');
    assert.equal((await owner.uploadText('Just fits', 'z '.repeat(100))).status, 202);
    assert.equal((await owner.uploadText('The same', text)).status, 200);
    assert.equal((await owner.client.delete(`documents/${documentId}`)).status, 204);
    assert.equal((await owner.uploadText('Fits now', 'y '.repeat(101))).status, 202);
    assert.deepEqual((await usage(owner.client)).documents.used, 2);
  });

  test('beyond the tokens of a day embedding waits for the next, says so, and loses nothing', async (t) => {
    const owner = await stage.newOwner();
    const first = accepted(await owner.uploadText('First', 'donkey '.repeat(95)));
    assert.equal((await endOfJob(owner.client, first.jobId)).status, 'succeeded');
    const used = (await usage(owner.client)).embedding_tokens_today.used;
    const [sum] = await stage.sql<{ tokens: number }>(
      'select sum(token_count)::int as tokens from document_chunks where user_id = $1',
      [owner.id],
    );
    assert.equal(used, sum!.tokens, 'each token once');
    const second = accepted(await owner.uploadText('Second', 'carrot '.repeat(90)));
    const waiting = await waitFor(
      async () => {
        const { data } = (await owner.client.get(`jobs/${second.jobId}`)).body;
        return data.status === 'queued' && data.error !== null && data;
      },
      { description: 'the job to wait' },
    );
    assert.equal(waiting.error.code, 'quota.daily_exceeded');
    const midnight = new Date();
    midnight.setUTCHours(24, 0, 0, 0);
    assert.equal((await usage(owner.client)).embedding_tokens_today.resets_at, midnight.toISOString());
    assert.ok(Math.abs(Date.parse(waiting.error.next_retry_at) - midnight.getTime()) < 5_000);
    const [row] = await stage.sql<{ failures: number }>(
      `select failures from jobs where document_id = $1 and type = 'document.embed'`,
      [second.documentId],
    );
    assert.equal(row!.failures, 0, 'waiting is no failure');
    t.diagnostic(`${used} tokens counted, the next document waits until ${waiting.error.next_retry_at}`);

    await stage.app.database.database.transaction((tx) =>
      tx.quotas.override(owner.id, { embeddingTokensPerDay: 0 }),
    );
    assert.equal((await endOfJob(owner.client, second.jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, second.documentId);
    const after = await usage(owner.client);
    assert.equal(after.embedding_tokens_today.limit, null);
    assert.ok(after.embedding_tokens_today.used > used);
  });
});

test('beyond the completion tokens of a day replies are refused and jobs wait, and nothing is lost', async (t) => {
  await using provider = await startCompletionServer();
  await using stage = await startStage({ ...provider.env, QUOTA_COMPLETION_TOKENS_PER_DAY: '200' });
  await stage.startWorker();
  const { client, id: userId, assistantId } = await stage.newOwner();
  const usage = async (): Promise<Json> => (await client.get('auth/usage')).body.data.completion_tokens_today;
  const conversation = await beginConversation(client, assistantId);
  const path = `conversations/${conversation}/messages`;
  assert.deepEqual([(await usage()).used, (await usage()).limit], [0, 200]);
  let used = 0;
  for (const content of ['Good morning.', 'How are the geese?']) {
    const { reply } = await ask(client, conversation, content);
    const { prompt_tokens: read, completion_tokens: wrote } = reply.usage as Record<string, number>;
    used += read! + wrote!;
    assert.equal((await usage()).used, used, 'as the provider says');
  }
  assert.ok(used > 200, 'the last one has gone beyond');
  const calls = provider.calls.length;
  for (const stream of [false, true]) {
    const refused = await client.post(path, { content: 'And the donkeys?', stream });
    assert.deepEqual([refused.status, refused.body.code], [429, 'quota.daily_exceeded']);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
  }
  assert.equal((await client.get(path)).body.data.length, 4, 'nothing of it is stored');
  assert.equal((await client.post(path, { content: 'Only a note.', reply: false })).status, 201);

  const reflection = await client.post(`assistants/${assistantId}/reflections`, { type: 'recent' });
  const memory = await client.post(`assistants/${assistantId}/memories`, { event: 'Geese bite in March.' });
  const chain = await client.post('memory-chains', { assistant_id: assistantId, title: 'Geese' });
  const chainPath = `memory-chains/${chain.body.data.id}`;
  await client.post(`${chainPath}/entries`, { memory_ids: [memory.body.data.id] });
  const summary = await client.post(`${chainPath}/summary`);
  const jobs = [reflection.body.data.job.id as string, summary.body.data.id as string];
  for (const id of jobs) {
    const waiting = await waitFor(
      async () => {
        const { data } = (await client.get(`jobs/${id}`)).body;
        return data.status === 'queued' && data.error !== null && data;
      },
      { description: 'the job to wait' },
    );
    assert.equal(waiting.error.code, 'quota.daily_exceeded');
    assert.ok(
      Math.abs(Date.parse(waiting.error.next_retry_at) - Date.parse((await usage()).resets_at)) < 5_000,
    );
  }
  assert.equal(provider.calls.length, calls, 'no model was asked');

  await stage.app.database.database.transaction((tx) =>
    tx.quotas.override(userId, { completionTokensPerDay: 0 }),
  );
  for (const id of jobs) assert.equal((await endOfJob(client, id)).status, 'succeeded');
  const after = await usage();
  assert.equal(after.limit, null);
  assert.equal(after.used, 2 * used, 'a summary and a reflection, each as much as a reply here');
  t.diagnostic(`${used} tokens of two replies, then two jobs waited; ${after.used} tokens in the end`);
});
