import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { ask, beginConversation } from '#tests/support/conversation.ts';
import { askGraphql, dataOfGraphql } from '#tests/support/graphql.ts';
import { HttpClient } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';

const text = 'Donkeys go under a roof when it rains. Their fur is not waterproof.';

suite('GraphQL over what workers have made', () => {
  let stage: TestStage;
  let owner: Owner;
  before(async () => {
    stage = await startStage();
    owner = await stage.newOwner();
    await stage.startWorker();
    const { jobId } = accepted(await owner.uploadText('Handbook', text));
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    const talk = await beginConversation(owner.client, owner.assistantId);
    await ask(owner.client, talk, 'Where do donkeys go when it rains?');
  });
  after(() => stage[Symbol.asyncDispose]());

  test('the examples of docs/graphql.md are answered', async (t) => {
    const document = readFileSync(new URL('../../docs/graphql.md', import.meta.url), 'utf8');
    const examples = [...document.matchAll(/^```graphql\n(.*?)^```/gms)].map(([, query = '']) => query);
    assert.ok(examples.length >= 4);
    for (const query of examples) {
      const data = await dataOfGraphql(owner.client, query);
      for (const [field, value] of Object.entries(data as object)) assert.ok(value, `${field} in ${query}`);
    }
    t.diagnostic(`${examples.length} examples executed`);
  });

  test('a search finds what that of REST finds', async () => {
    const body = { query: 'donkeys and rain', limit: 2 };
    const rest = (await owner.client.post('search', body)).body.data;
    const { search } = await dataOfGraphql(
      owner.client,
      `query($query: String!, $limit: Int) { search(query: $query, limit: $limit) {
        degraded embeddingModel hits { chunkId text score vectorScore textScore document { title embeddedCount } } } }`,
      body,
    );
    assert.ok(rest.length > 0);
    assert.deepEqual(
      search.hits.map(({ chunkId, score, vectorScore, textScore }: Record<string, unknown>) => [
        chunkId,
        score,
        vectorScore,
        textScore,
      ]),
      rest.map((hit: Record<string, unknown>) => [hit.chunk_id, hit.score, hit.vector_score, hit.text_score]),
    );
    assert.deepEqual(search.hits[0].document, { title: 'Handbook', embeddedCount: 1 });
    assert.equal(search.degraded, false);
  });

  test('documents lead to stages, jobs and chunks, and replies to what they cite', async () => {
    const { assistant } = await dataOfGraphql(
      owner.client,
      `{ assistant(id: "librarian") {
        documents(first: 1) { nodes { status stages { stage done total finishedAt } jobs(first: 2) { nodes { type status progress { percent } } }
          chunks(first: 5) { nodes { text embeddingStatus } } } }
        conversations(first: 1) { nodes { messages(first: 5) { nodes { role replyToId sources { quote documentId } } } } } } }`,
    );
    const [document] = assistant.documents.nodes;
    assert.deepEqual(document.jobs.nodes, [
      { type: 'document.ingest', status: 'succeeded', progress: { percent: 100 } },
    ]);
    assert.ok(document.stages.every(({ finishedAt }: { finishedAt: unknown }) => finishedAt !== null));
    assert.deepEqual(document.chunks.nodes, [{ text, embeddingStatus: 'embedded' }]);
    const [, reply] = assistant.conversations.nodes[0].messages.nodes;
    assert.equal(reply.role, 'assistant');
    assert.ok(text.includes(reply.sources[0].quote), JSON.stringify(reply));
  });

  test('without a login nothing is told', async () => {
    const nobody = new HttpClient(stage.app.url);
    const { status, body } = await askGraphql(nobody, '{ __typename }');
    assert.deepEqual([status, body.code], [401, 'auth.required']);
  });
});
