import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { ask, beginConversation } from '#tests/support/conversation.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

suite('conversations', () => {
  let app: TestApp;
  let client: HttpClient;
  let userId: string;
  let assistantId: string;
  before(async () => {
    app = await startTestApp();
    ({ client, id: userId } = await registerUser(app));
    assistantId = (await client.post('assistants', { name: 'Librarian' })).body.data.id;
  });
  after(() => app[Symbol.asyncDispose]());

  const say = async (id: string, content: string): Promise<Json> => {
    const { status, body } = await client.post(`conversations/${id}/messages`, { content, reply: false });
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(body.data.reply, null);
    return body.data.message;
  };
  const memories = (): Promise<Json[]> =>
    app.database.sql('select * from memories where user_id = $1 order by id', [userId]);

  test('begin, read, rename, delete', async () => {
    const made = await client.post('conversations', { assistant_id: 'librarian', title: '  My  talk ' });
    assert.equal(made.status, 201);
    const conversation = made.body.data;
    assert.equal(made.headers.get('location'), `/api/v1/conversations/${conversation.id}`);
    assert.equal(conversation.assistant_id, assistantId);
    assert.deepEqual([conversation.status, conversation.message_count], ['active', 0]);
    assert.deepEqual((await client.get(`conversations/${conversation.id}`)).body.data, conversation);

    const tag = made.headers.get('etag')!;
    const renamed = await client.patch(
      `conversations/${conversation.id}`,
      { title: 'Donkeys' },
      { 'if-match': tag },
    );
    assert.equal(renamed.body.data.title, 'Donkeys');
    const stale = await client.patch(
      `conversations/${conversation.id}`,
      { title: 'Mules' },
      { 'if-match': tag },
    );
    assert.equal(stale.body.code, 'precondition.failed');
    assert.equal((await client.delete(`conversations/${conversation.id}`, { 'if-match': tag })).status, 412);

    assert.equal((await client.delete(`conversations/${conversation.id}`)).status, 204);
    assert.equal((await client.get(`conversations/${conversation.id}`)).body.code, 'conversation.not_found');
    const [entry] = (await client.get('auth/audit')).body.data;
    assert.deepEqual([entry.action, entry.target_id], ['conversation.delete', conversation.id]);
  });

  test('wrong input is refused with the field at fault', async () => {
    const id = await beginConversation(client, assistantId);
    const attempts: [string, object, string][] = [
      ['conversations', {}, '/body/assistant_id'],
      ['conversations', { assistant_id: assistantId, title: '' }, '/body/title'],
      ['conversations', { assistant_id: assistantId, title: 'x'.repeat(201) }, '/body/title'],
      [`conversations/${id}/messages`, {}, '/body/content'],
      [`conversations/${id}/messages`, { content: ' \n\u0000 ' }, '/body/content'],
      [`conversations/${id}/messages`, { content: 'x'.repeat(20_001) }, '/body/content'],
      [`conversations/${id}/messages`, { content: 'x', role: 'system' }, '/body/role'],
      [`conversations/${id}/messages?explain=perhaps`, { content: 'x' }, '/query/explain'],
    ];
    for (const [path, body, pointer] of attempts) {
      const answer = await client.post(path, body);
      assert.deepEqual([answer.status, answer.body.code], [400, 'request.invalid'], path);
      assert.equal(answer.body.errors[0].pointer, pointer);
    }
    const unknown = await client.post('conversations', { assistant_id: 'nobody' });
    assert.deepEqual([unknown.status, unknown.body.code], [404, 'assistant.not_found']);
    assert.equal((await client.get(`conversations/${id}`)).body.data.message_count, 0);
  });

  test('messages without a reply are stored, listed both ways and counted', async () => {
    const id = await beginConversation(client, assistantId);
    const texts = Array.from({ length: 7 }, (_, index) => `Number ${index}`);
    for (const text of texts) await say(id, text);
    for (const order of ['oldest', 'newest']) {
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const page = await client.get(`conversations/${id}/messages?limit=3&order=${order}${more}`);
        assert.equal(page.status, 200, JSON.stringify(page.body));
        seen.push(...page.body.data.map(({ content }: Json) => content));
        cursor = page.body.meta.next_cursor;
      }
      assert.deepEqual(seen, order === 'oldest' ? texts : texts.toReversed());
    }
    const page = await client.get(`conversations/${id}/messages?limit=3&order=oldest`);
    const foreign = await client.get(
      `conversations/${id}/messages?order=newest&cursor=${page.body.meta.next_cursor}`,
    );
    assert.equal(foreign.body.code, 'page.cursor_invalid');
    const { data } = (await client.get(`conversations/${id}`)).body;
    assert.equal(data.message_count, 7);
    assert.equal(data.title, 'Number 0', 'named after its first message');
  });

  test('a title that was given stays; one that was made is a line of at most 80 characters', async () => {
    const own = (await client.post('conversations', { assistant_id: assistantId, title: 'Mine' })).body.data
      .id;
    await say(own, 'Something else');
    assert.equal((await client.get(`conversations/${own}`)).body.data.title, 'Mine');
    const long = await beginConversation(client, assistantId);
    await say(long, `${'A donkey 🫏 walks '.repeat(20)}\nand more`);
    const { title } = (await client.get(`conversations/${long}`)).body.data;
    assert.match(title, /^A donkey 🫏 walks .*…$/u);
    assert.ok([...title].length <= 80 && !title.includes('more'));
  });

  test('the list is filtered and sorted, page by page', async () => {
    const { client: other } = await registerUser(app);
    const [first, second] = await Promise.all(
      ['One', 'Two'].map(async (name) => (await other.post('assistants', { name })).body.data.id as string),
    );
    const made: string[] = [];
    for (let index = 0; index < 6; index++)
      made.push(await beginConversation(other, index % 2 === 0 ? first! : second!));
    await other.post(`conversations/${made[0]}/messages`, { content: 'Newest now.', reply: false });
    await other.post(`conversations/${made[1]}/archive`);
    const list = async (query: string): Promise<number[]> => {
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const page = await other.get(`conversations?limit=2${query}${more}`);
        assert.equal(page.status, 200, JSON.stringify(page.body));
        seen.push(...page.body.data.map(({ id }: Json) => id));
        cursor = page.body.meta.next_cursor;
      }
      return seen.map((id) => made.indexOf(id));
    };
    assert.deepEqual(await list(''), [0, 5, 4, 3, 2, 1]);
    assert.deepEqual(await list('&sort=created_at'), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(await list('&sort=-created_at&assistant_id=two'), [5, 3, 1]);
    assert.deepEqual(await list(`&assistant_id=${first}&status=active`), [0, 4, 2]);
    assert.deepEqual(await list('&status=archived'), [1]);
    assert.deepEqual(await list('&assistant_id=three'), []);
  });

  test('an archived conversation is still listed, comes back as it was, and a message brings it back', async () => {
    const id = await beginConversation(client, assistantId);
    await say(id, 'Remember that the donkey Balthasar lives in Lyon.');
    await ask(client, id, 'Who lives in Lyon?');
    const path = `conversations/${id}/messages`;
    const before = (await client.get(path)).body.data;
    assert.equal(before.length, 3);
    const [memory] = (await memories()).filter(({ message_id: of }) => of === before[0].id);
    assert.ok(memory);
    const rows = () =>
      app.database.sql('select * from messages where conversation_id = $1 order by id', [id]);
    const stored = await rows();

    const archived = await client.post(`conversations/${id}/archive`);
    assert.deepEqual([archived.status, archived.body.data.status], [200, 'archived']);
    assert.ok(archived.body.data.archived_at !== null && archived.body.data.message_count === 3);
    assert.equal((await client.get(path)).body.code, 'conversation.archived');
    assert.deepEqual(await rows(), []);
    const [row] = await app.database.sql<{ content: Buffer; size: number; message_count: number }>(
      'select * from conversation_archives where conversation_id = $1',
      [id],
    );
    assert.equal(row!.message_count, 3);
    assert.ok(row!.content.length < row!.size, 'it is smaller');
    assert.ok(!row!.content.includes('Balthasar'));
    assert.equal((await client.post(`conversations/${id}/archive`)).status, 200, 'again is no fault');

    assert.equal((await client.post(`conversations/${id}/restore`)).body.data.status, 'active');
    assert.deepEqual((await client.get(path)).body.data, before);
    assert.deepEqual(await rows(), stored, 'column by column');
    assert.equal((await memories()).find((one) => one.id === memory.id)!.message_id, memory.message_id);
    assert.equal((await client.post(`conversations/${id}/restore`)).status, 200);

    await client.post(`conversations/${id}/archive`);
    await ask(client, id, 'Are you there?');
    assert.equal((await client.get(path)).body.data.length, 5);
    assert.equal((await client.get(`conversations/${id}`)).body.data.status, 'active');
  });

  test('memory_mode decides what a conversation leaves behind', async () => {
    const talk = async (memoryMode: string): Promise<{ id: string; assistant: string; left: Json[] }> => {
      const made = await client.post('assistants', { name: memoryMode, memory_mode: memoryMode });
      const assistant: string = made.body.data.id;
      const id = await beginConversation(client, assistant);
      await say(id, 'What is the name of the donkey?');
      await say(id, 'My donkey is called Modestine and is 12 years old.');
      await say(id, 'my donkey is called  Modestine and is 12 years old.');
      return { id, assistant, left: (await memories()).filter((one) => one.assistant_id === assistant) };
    };
    assert.deepEqual((await talk('none')).left, []);
    for (const mode of ['session', 'long_term']) {
      const { id, assistant, left } = await talk(mode);
      assert.equal(left.length, 1, 'statements once, questions never');
      const [memory] = left;
      const jobs = await app.database.sql(
        `select priority from jobs where type = 'memory.embed' and payload ->> 'memory_id' = $1`,
        [memory.id],
      );
      assert.deepEqual(jobs, [{ priority: 'high' }]);
      assert.match(memory.event, /Modestine/);
      assert.deepEqual(
        [memory.source_role, memory.conversation_id, memory.session_id],
        ['user', id, mode === 'session' ? id : null],
      );
      const elsewhere = await beginConversation(client, assistant);
      const { reply } = await ask(client, elsewhere, 'What is my donkey called?');
      assert.equal(/Modestine/.test(reply.content), mode === 'long_term', reply.content);
      if (mode === 'long_term') {
        assert.deepEqual([reply.sources[0].kind, reply.sources[0].memory_id], ['memory', memory.id]);
        const kept = (await memories()).filter((one) => one.assistant_id === assistant);
        assert.equal(kept.length, 1, 'what a reply quotes is not remembered again');
      }
      await client.delete(`conversations/${id}`);
      const after = (await memories()).filter((one) => one.assistant_id === assistant);
      assert.equal(after.length, mode === 'session' ? 0 : 1);
    }
  });

  test('a deleted or inactive assistant answers nothing', async () => {
    const made = (await client.post('assistants', { name: 'Sleeper' })).body.data;
    const id = await beginConversation(client, made.id);
    await client.patch(`assistants/${made.id}`, { is_active: false });
    const inactive = await client.post(`conversations/${id}/messages`, { content: 'Hello?' });
    assert.deepEqual([inactive.status, inactive.body.code], [409, 'assistant.inactive']);
    assert.equal((await client.get(`conversations/${id}`)).body.data.message_count, 0);
  });
});
