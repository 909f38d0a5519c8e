import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { EmbeddingServer } from '#tests/support/embedding-server.ts';
import { accepted, assertComplete, endOfJob, getDocument } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';

suite("a user's own credential for the embedding provider", () => {
  let operators: EmbeddingServer;
  let users: EmbeddingServer;
  let stage: TestStage;
  before(async () => {
    [operators, users] = await Promise.all([startEmbeddingServer(), startEmbeddingServer()]);
    const host = new URL(users.env.EMBEDDING_BASE_URL ?? '').host;
    stage = await startStage({
      ...operators.env,
      EMBEDDING_API_KEY: 'operators-key',
      PROVIDER_ALLOWED_HOSTS: host,
    });
    await stage.startWorker();
  });
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await operators[Symbol.asyncDispose]();
    await users[Symbol.asyncDispose]();
  });

  const keysSince = (server: EmbeddingServer, start: number): string[] => [
    ...new Set(server.keys.slice(start)),
  ];
  const bring = async (owner: Owner, secret: string, more: object = {}): Promise<string> => {
    const body = { provider: 'openai', label: secret, secret, ...more };
    const made = await owner.client.post('integrations/credentials', body);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return made.body.data.id as string;
  };
  /** Uploads a text and asks for it; returns the document's end. */
  const useIt = async (owner: Owner, text: string) => {
    const { documentId, jobId } = accepted(await owner.uploadText('Text', text));
    await endOfJob(owner.client, jobId);
    return getDocument(owner.client, documentId);
  };

  test("is used for that user's documents and questions, and for nobody else's", async () => {
    const [first, second] = await Promise.all([stage.newOwner(), stage.newOwner()]);
    await bring(first, 'the-key-of-the-first');
    for (const [owner, key] of [
      [first, 'the-key-of-the-first'],
      [second, 'operators-key'],
    ] as const) {
      const start = operators.keys.length;
      const document = await useIt(owner, `Donkeys of ${key} like thistles.`);
      await assertComplete(stage, owner.client, document.id);
      const found = await owner.client.post('search', { query: 'thistles', mode: 'vector' });
      assert.equal(found.body.data.length, 1);
      assert.equal(found.body.meta.degraded, undefined);
      assert.deepEqual(keysSince(operators, start), [`Bearer ${key}`]);
      assert.equal(operators.keys.length, start + 2, 'one call for the document, one for the question');
    }
  });

  test('goes to its own address where one is given; after its deletion the operator pays again', async () => {
    const owner = await stage.newOwner();
    const id = await bring(owner, 'the-key-elsewhere', { base_url: users.env.EMBEDDING_BASE_URL });
    const start = operators.keys.length;
    const document = await useIt(owner, 'Donkeys are patient.');
    assert.equal(document.status, 'completed', JSON.stringify(document.error));
    await owner.client.post('search', { query: 'patient' });
    assert.deepEqual(keysSince(users, 0), ['Bearer the-key-elsewhere']);
    assert.equal(operators.keys.length, start);
    assert.equal((await owner.client.delete(`integrations/credentials/${id}`)).status, 204);
    await owner.client.post('search', { query: 'patient' });
    assert.deepEqual(keysSince(operators, start), ['Bearer operators-key']);
  });

  test('that the provider refuses is named as the reason; a retry with a new one goes through', async () => {
    const owner = await stage.newOwner();
    const id = await bring(owner, 'the-refused-key', { base_url: users.env.EMBEDDING_BASE_URL });
    for (const status of [401, 403]) {
      users.behave({ status });
      const document = await useIt(owner, `Donkeys carry ${status}.`);
      assert.deepEqual([document.status, document.error.code], ['failed', 'credential.rejected']);
      const search = await owner.client.post('search', { query: 'carry' });
      assert.deepEqual([search.status, search.body.meta.degraded], [200, true]);
    }
    users.release();
    const rotated = await owner.client.post(`integrations/credentials/${id}/rotate`, {
      secret: 'the-new-key-0001',
    });
    assert.equal(rotated.status, 200);
    const { body } = await owner.client.get('documents');
    const start = users.keys.length;
    for (const { id: documentId } of body.data) {
      const { jobId } = accepted(await owner.client.post(`documents/${documentId}/retry`));
      await endOfJob(owner.client, jobId);
      await assertComplete(stage, owner.client, documentId);
    }
    assert.deepEqual(keysSince(users, start), ['Bearer the-new-key-0001']);
  });
});
