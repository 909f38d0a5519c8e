import assert from 'node:assert/strict';
import { beginReset } from '#api/auth/password-resets.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { toFailure } from '#shared/queue/retry.ts';
import { registerAdmin } from '#tests/support/admin.ts';
import { ask, beginConversation } from '#tests/support/conversation.ts';
import { HttpClient } from '#tests/support/http-client.ts';
import type { Json } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

/** What the examples of one operation need: a user of their own, and verbs that put one thing in place each. */
export interface ExampleWorld {
  readonly stage: TestStage;
  /** Has an assistant called Librarian, as the examples have. */
  readonly owner: Owner;
  readonly admin: () => Promise<HttpClient>;
  readonly nobody: () => Promise<HttpClient>;
  /** Sends a POST that must succeed, and returns what was made. */
  readonly make: (path: string, body?: object) => Promise<Json>;
  readonly document: () => Promise<{ readonly id: string; readonly jobId: string }>;
  readonly conversation: () => Promise<string>;
  /** A reply, and the conversation it stands in. */
  readonly reply: () => Promise<{ readonly id: string; readonly conversationId: string }>;
  readonly memory: (more?: object) => Promise<string>;
  readonly chain: (more?: object) => Promise<string>;
  readonly prompt: () => Promise<string>;
  /** A dead job of a document, as a long outage leaves it; the stage must have no worker. */
  readonly deadJob: () => Promise<string>;
  readonly resetToken: () => Promise<string>;
  readonly finished: (jobId: string) => Promise<Json>;
}

export async function makeWorld(stage: TestStage): Promise<ExampleWorld> {
  const owner = await stage.newOwner();
  const { client } = owner;
  const make = async (path: string, body: object = {}): Promise<Json> => {
    const answer = await client.post(path, body);
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
    return answer.body.data;
  };
  const document = async () => {
    const text = 'Donkeys dislike rain and look for shelter.';
    const { documentId, jobId } = accepted(await owner.uploadText('Handbook', text));
    return { id: documentId, jobId };
  };
  const conversation = () => beginConversation(client, owner.assistantId);
  const idOf = async (path: string, body: object): Promise<string> => (await make(path, body)).id;
  const sayRain = () =>
    make(`assistants/${owner.assistantId}/memories`, { event: 'When it rains, donkeys go under a roof.' });
  return {
    stage,
    owner,
    admin: async () => (await registerAdmin(stage.app)).client,
    nobody: async () => {
      const stranger = new HttpClient(stage.app.url);
      await stranger.get('auth/csrf');
      return stranger;
    },
    make,
    document,
    conversation,
    reply: async () => {
      await sayRain();
      const conversationId = await conversation();
      const { reply } = await ask(client, conversationId, 'Where do donkeys go when it rains?');
      return { id: reply.id, conversationId };
    },
    memory: (more = {}) =>
      idOf(`assistants/${owner.assistantId}/memories`, {
        event: 'Ada never works on Mondays.',
        type: 'preference',
        tags: ['work'],
        ...more,
      }),
    chain: (more = {}) =>
      idOf('memory-chains', { assistant_id: owner.assistantId, title: 'Working with Ada', ...more }),
    prompt: () =>
      idOf('prompts', { title: 'Patient teacher', content: 'Explain step by step.', tags: ['teaching'] }),
    deadJob: async () => deadJob(stage, (await document()).id),
    resetToken: () => resetToken(stage, owner.username),
    finished: (jobId) => endOfJob(client, jobId),
  };
}

async function deadJob({ app, sql }: TestStage, documentId: string): Promise<string> {
  const { ledger } = app.context.database;
  const [chunk] = await sql<{ id: string }>(
    `select id from jobs where document_id = $1 and type = 'document.chunk'`,
    [documentId],
  );
  const result = await ledger.claim(chunk!.id, 60_000, 'test:1');
  assert.ok(result.kind === 'claimed');
  const failure = toFailure(new AppError('embedding.throttled', { stage: 'embed' }));
  await ledger.fail(result.claim, failure, { kind: 'end', status: 'dead' });
  return chunk!.id;
}

async function resetToken({ app }: TestStage, username: string): Promise<string> {
  const { database } = app.context;
  const found = await database.read.users.findCredentials(username);
  return database.transaction((tx) =>
    beginReset(tx, found!.user, { passwordResetTtlMinutes: 30 }, { actorId: null, apiKeyId: undefined }),
  );
}

/** Waits until an embedding model that was built has all its vectors. */
export async function completeModel(admin: HttpClient, id: number): Promise<void> {
  await waitFor(
    async () => {
      const { body } = await admin.get(`admin/embedding-models/${id}`);
      return body.data.progress.embedded === body.data.progress.total;
    },
    { description: `all vectors of model ${id}` },
  );
}
