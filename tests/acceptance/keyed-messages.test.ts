import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, suite, test } from 'node:test';
import { startApiProcess } from '#tests/support/api-process.ts';
import { startCompletionServer } from '#tests/support/completion-server.ts';
import type { CompletionServer } from '#tests/support/completion-server.ts';
import { beginConversation } from '#tests/support/conversation.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { Json, TestResponse, TestUser } from '#tests/support/http-client.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const AT_ONCE = 50;

suite('promise 39: messages with an Idempotency-Key', () => {
  let provider: CompletionServer;
  let stage: TestStage;
  let user: TestUser;
  let conversation: string;
  before(async () => {
    provider = await startCompletionServer();
    stage = await startStage({
      ...provider.env,
      // All instances know the same sessions.
      AUTH_SIGNING_KEYS: randomBytes(32).toString('base64url'),
      CSRF_SECRET: randomBytes(32).toString('base64url'),
    });
  });
  beforeEach(async () => {
    user = await registerUser(stage.app);
    const assistant = (await user.client.post('assistants', { name: 'Librarian' })).body.data.id as string;
    conversation = await beginConversation(user.client, assistant);
    provider.behave({ say: ['All ', 'is ', 'well.'] });
  });
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });

  const path = () => `conversations/${conversation}/messages`;
  const send = (
    key: string,
    body: object = {},
    headers: Record<string, string> = {},
  ): Promise<TestResponse> =>
    user.client.post(path(), { content: 'How are you?', ...body }, { 'idempotency-key': key, ...headers });
  const messages = async (): Promise<Json[]> => (await user.client.get(path())).body.data as Json[];
  const sinceNow = (): (() => number) => {
    const before = provider.calls.length;
    return () => provider.calls.length - before;
  };
  const streamed = async (
    key: string,
  ): Promise<{ events: string[]; last: Json; replayed: string | null }> => {
    const response = await user.client.send('POST', path(), {
      json: { content: 'How are you?' },
      headers: { accept: 'text/event-stream', 'idempotency-key': key },
    });
    assert.equal(response.status, 200);
    const blocks = (await response.text()).split('\n\n').filter((block) => block.startsWith('event'));
    const [, data] = /\ndata: (.*)$/.exec(blocks.at(-1)!)!;
    return {
      events: blocks.map((block) => /^event: (\w+)/.exec(block)![1]!),
      last: JSON.parse(data!),
      replayed: response.headers.get('idempotency-replayed'),
    };
  };
  const pending = (): Promise<string> =>
    waitFor(
      async () =>
        (
          await stage.sql<{ id: string }>(
            `select id from messages where conversation_id = $1 and status = 'pending'`,
            [conversation],
          )
        )[0]?.id,
      { description: 'a pending reply' },
    );

  test(`${AT_ONCE} at once: one message, one call, one reply, one answer`, async (t) => {
    const calls = sinceNow();
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => send('at-once')));
    for (const { status, body } of answers) {
      assert.equal(status, 201, JSON.stringify(body));
      assert.deepEqual(body, answers[0]!.body);
    }
    assert.equal(answers[0]!.body.data.reply.content, 'All is well.');
    const replayed = answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true').length;
    assert.deepEqual([calls(), (await messages()).length, replayed], [1, 2, AT_ONCE - 1]);
    t.diagnostic(`${AT_ONCE} requests: 1 call of the provider, ${replayed} replayed, 1 answer`);
  });

  test('another body under the key is refused, another key is another message', async () => {
    assert.equal((await send('a')).status, 201);
    for (const other of [await send('a', { content: 'And now?' }), await send('a', { reply: false })])
      assert.deepEqual([other.status, other.body.code], [422, 'idempotency.key_reused']);
    assert.equal((await send('b')).status, 201);
    assert.equal((await messages()).length, 4);
  });

  test('a message without a reply is stored once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => send('note', { reply: false })));
    for (const { status, body } of answers) assert.deepEqual([status, body], [201, answers[0]!.body]);
    assert.equal((await messages()).length, 1);
  });

  test('a refused message leaves its key free', async () => {
    await stage.sql('update assistants set is_active = false where user_id = $1', [user.id]);
    assert.equal((await send('free')).body.code, 'assistant.inactive');
    await stage.sql('update assistants set is_active = true where user_id = $1', [user.id]);
    assert.equal((await send('free')).status, 201);
  });

  test('the stream is told again, and as an answer; the prompt with explain', async () => {
    const first = await streamed('stream');
    assert.deepEqual(first.events.slice(0, 3), ['message', 'sources', 'delta']);
    const again = await streamed('stream');
    assert.deepEqual(again.events, ['message', 'sources', 'delta', 'done']);
    assert.deepEqual(again.last, first.last);
    assert.deepEqual([first.replayed, again.replayed], [null, 'true']);
    assert.deepEqual((await send('stream')).body.data.reply, first.last);
    const explained = () =>
      user.client.post(`${path()}?explain=true`, { content: 'Why?' }, { 'idempotency-key': 'why' });
    const shown = await explained();
    assert.ok(shown.body.data.prompt.messages.length > 0);
    assert.deepEqual((await explained()).body, shown.body);
    assert.equal((await messages()).length, 4);
  });

  test('a reply goes on without its client, who gets it by asking again; until then: 409', async () => {
    provider.behave({ drip: ['One ', 'two'] });
    const calls = sinceNow();
    const abort = new AbortController();
    const json = { content: 'How are you?' };
    const lost = user.client
      .send('POST', path(), { json, headers: { 'idempotency-key': 'lost' }, signal: abort.signal })
      .catch((error: unknown) => error);
    await pending();
    await waitFor(() => provider.open === 1, { description: 'the call' });
    abort.abort();
    await lost;
    const joining = streamed('lost');
    const started = performance.now();
    const early = await send('lost');
    const waited = performance.now() - started;
    assert.deepEqual([early.status, early.body.code], [409, 'idempotency.in_progress']);
    assert.ok(Number(early.headers.get('retry-after')) > 0);
    assert.ok(waited >= 4_900, `${waited} ms`);
    await waitFor(
      () => {
        provider.drip();
        return provider.open === 0;
      },
      { description: 'the end of the reply' },
    );
    const joined = await joining;
    assert.deepEqual(
      joined.events.filter((event) => event !== 'sources'),
      ['message', 'delta', 'done'],
    );
    const answer = await send('lost');
    assert.deepEqual([answer.status, answer.body.data.reply.content], [201, 'One two']);
    assert.deepEqual(answer.body.data.reply, joined.last);
    assert.deepEqual([calls(), (await messages()).length], [1, 2]);
  });

  test('a process that dies in between leaves no second effect', async () => {
    provider.behave('hang');
    const calls = sinceNow();
    await using doomed = await startApiProcess(stage.env);
    const posting = fetch(`${doomed.url}/api/v1/${path()}`, {
      method: 'POST',
      headers: {
        cookie: user.client.cookieHeader(),
        'x-csrf-token': user.client.csrfToken!,
        'content-type': 'application/json',
        'idempotency-key': 'crash',
      },
      body: JSON.stringify({ content: 'How are you?' }),
    }).catch(() => undefined);
    const replyId = await pending();
    await waitFor(() => provider.open === 1, { description: 'the call' });
    await doomed.stop('SIGKILL');
    await posting;
    await stage.sql(`update messages set updated_at = now() - interval '31 seconds' where id = $1`, [
      replyId,
    ]);
    const answer = await send('crash');
    const { reply } = answer.body.data;
    assert.deepEqual([answer.status, reply.id, reply.status], [201, replyId, 'failed']);
    assert.equal(reply.error.code, 'message.interrupted');
    assert.deepEqual([calls(), (await messages()).length], [1, 2]);
  });

  test('what was deleted since is not made again', async () => {
    await send('gone');
    await user.client.delete(`conversations/${conversation}`);
    const answer = await send('gone');
    assert.deepEqual([answer.status, answer.body.code], [409, 'idempotency.answer_lost']);
  });
});
