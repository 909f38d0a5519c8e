import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { newAssistant, newRememberer, rememberer } from '#tests/support/memories.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app[Symbol.asyncDispose]());

const RAIN = 'Donkeys dislike rain and need a dry shelter in winter.';

suite('memories', () => {
  test('write, read, change, delete', async () => {
    const { client, assistantId } = await newRememberer(app);
    const body = { event: `  ${RAIN}\r\nThey bray.  `, type: 'fact', tags: ['donkeys'], emotion: 'calm' };
    const made = await client.post(`assistants/${assistantId}/memories`, body);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const memory = made.body.data;
    assert.equal(made.headers.get('location'), `/api/v1/memories/${memory.id}`);
    const etag = made.headers.get('etag') ?? '';
    assert.match(etag, /^"1\.\d+"$/);
    assert.equal(memory.event, `${RAIN}\nThey bray.`);
    assert.equal(memory.title, RAIN);
    assert.equal(memory.embedding_status, 'pending');
    assert.deepEqual([memory.type, memory.source_role, memory.tags], ['fact', 'user', ['donkeys']]);
    assert.deepEqual(made.body.meta, {
      outcome: 'created',
      duplicate: false,
      similar: [],
      recall_loop: null,
    });
    const read = await client.get(`memories/${memory.id}`);
    assert.deepEqual(read.body.data, memory);
    assert.equal((await client.get(`memories/${memory.id}`, { 'if-none-match': etag })).status, 304);

    const changed = await client.patch(`memories/${memory.id}`, { event: 'Goats climb.', tags: [] });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    assert.equal(changed.body.data.title, 'Goats climb.', 'the title was made of the text');
    assert.notEqual(changed.body.data.importance, memory.importance, 'and so was the importance');
    assert.equal(changed.body.data.version, 2);
    const titled = await client.patch(`memories/${memory.id}`, { title: 'Goats', importance: 9 });
    assert.deepEqual([titled.body.data.title, titled.body.data.importance], ['Goats', 9]);
    const kept = (await client.patch(`memories/${memory.id}`, { event: 'Sheep graze on the hill.' })).body
      .data;
    assert.deepEqual([kept.title, kept.importance, kept.importance_computed], ['Goats', 9, false]);
    const anew = (await client.patch(`memories/${memory.id}`, { title: null, importance: null })).body.data;
    assert.deepEqual([anew.title, anew.importance_computed], ['Sheep graze on the hill.', true]);

    const stale = await client.patch(`memories/${memory.id}`, { emotion: null }, { 'if-match': etag });
    assert.deepEqual([stale.status, stale.body.code], [412, 'precondition.failed']);
    assert.equal((await client.delete(`memories/${memory.id}`, { 'if-match': etag })).status, 412);
    assert.equal((await client.delete(`memories/${memory.id}`)).status, 204);
    assert.equal((await client.get(`memories/${memory.id}`)).body.code, 'memory.not_found');
    const audit = (await client.get('auth/audit?action=memory.delete')).body.data;
    assert.deepEqual([audit.length, audit[0].target_id], [1, memory.id]);
  });

  test('bookmark and feedback', async () => {
    const { client, stored } = await newRememberer(app);
    const id = await stored(RAIN);
    for (let times = 0; times < 2; times += 1) {
      const { status, body } = await client.request('PUT', `memories/${id}/bookmark`);
      assert.deepEqual([status, body.data.is_bookmarked], [200, true]);
    }
    assert.deepEqual(idsOf(await client.get('memories?is_bookmarked=true')), [id]);
    assert.equal((await client.delete(`memories/${id}/bookmark`)).status, 204);
    assert.deepEqual(idsOf(await client.get('memories?is_bookmarked=true')), []);
    const rated = await client.post(`memories/${id}/feedback`, { rating: 4, comment: 'Still true.' });
    assert.deepEqual([rated.body.data.rating, rated.body.data.feedback_comment], [4, 'Still true.']);
    const again = await client.post(`memories/${id}/feedback`, { rating: 2 });
    assert.deepEqual([again.body.data.rating, again.body.data.feedback_comment], [2, null]);
    assert.equal((await client.post(`memories/${id}/feedback`, { rating: 6 })).status, 400);
  });

  test('bad input names the field, and nothing is stored', async () => {
    const { client, assistantId } = await newRememberer(app);
    const bad: readonly (readonly [object, string])[] = [
      [{}, '/body/event'],
      [{ event: '  \u0007 ' }, '/body/event'],
      [{ event: 'x'.repeat(10_001) }, '/body/event'],
      [{ event: 'x', importance: 11 }, '/body/importance'],
      [{ event: 'x', type: 'dream' }, '/body/type'],
      [{ event: 'x', tags: ['a', 'a'] }, '/body/tags/1'],
      [{ event: 'x', char_start: 5, char_end: 5 }, '/body'],
      [{ event: 'x', char_start: 5 }, '/body'],
      [{ event: 'x', on_duplicate: 'forget' }, '/body/on_duplicate'],
      [{ event: 'x', is_active: false }, '/body/is_active'],
    ];
    for (const [body, pointer] of bad) {
      const answer = await client.post(`assistants/${assistantId}/memories`, body);
      assert.equal(answer.status, 400, JSON.stringify(body));
      assert.ok(
        answer.body.errors.some((fault: Json) => fault.pointer === pointer),
        JSON.stringify(answer.body),
      );
    }
    assert.deepEqual((await client.get('memories')).body.data, []);
  });

  test('where it came from must be the user’s own', async () => {
    const [owner, stranger] = [await newRememberer(app), await newRememberer(app)];
    const documentOf = async ({ client, assistantId }: typeof owner): Promise<string> => {
      const body = { assistant_id: assistantId, title: 'Notes', text: 'Donkeys bray.' };
      return (await client.post('documents', body)).body.data.document.id;
    };
    const conversationOf = async ({ id, assistantId }: typeof owner): Promise<[string, string]> => {
      const [conversation, message] = [uuidv7(), uuidv7()];
      await app.database.sql(
        `insert into conversations (id, user_id, assistant_id, title) values ($1, $2, $3, 'Talk')`,
        [conversation, id, assistantId],
      );
      await app.database.sql(
        `insert into messages (id, user_id, conversation_id, role, content) values ($1, $2, $3, 'user', 'Hello.')`,
        [message, id, conversation],
      );
      return [conversation, message];
    };
    const [document, other] = [await documentOf(owner), await documentOf(stranger)];
    const [conversation, message] = await conversationOf(owner);
    const [theirs, theirMessage] = await conversationOf(stranger);
    const place = { document_id: document, page: 2, char_start: 10, char_end: 42 };
    const source = { conversation_id: conversation, message_id: message, ...place };
    const { data } = await owner.write(RAIN, source);
    for (const [name, value] of Object.entries(source)) assert.equal(data[name], value, name);
    const parent = (await owner.write('Goats climb on rocks.', { parent_memory_id: data.id })).data;
    assert.equal(parent.parent_memory_id, data.id);
    const wrong: readonly (readonly [object, string])[] = [
      [{ document_id: other }, 'document.not_found'],
      [{ conversation_id: theirs }, 'conversation.not_found'],
      [{ message_id: theirMessage }, 'message.not_found'],
      [{ conversation_id: conversation, message_id: theirMessage }, 'message.not_found'],
      [{ parent_memory_id: await stranger.stored(RAIN) }, 'memory.not_found'],
      [{ document_id: uuidv7() }, 'document.not_found'],
    ];
    for (const [more, code] of wrong) {
      const answer = await owner.client.post(`assistants/${owner.assistantId}/memories`, {
        event: `Something new ${code}`,
        ...more,
      });
      assert.deepEqual([answer.status, answer.body.code], [404, code]);
    }
    assert.equal((await owner.client.get('memories')).body.data.length, 2);
    const [job] = await app.database.sql<{ priority: string }>(
      `select priority from jobs where type = 'memory.embed' and payload ->> 'memory_id' = $1`,
      [data.id],
    );
    assert.equal(job!.priority, 'high', 'written in a conversation');
  });

  test('lists are filtered, sorted and paged, each entry once while entries are added', async () => {
    const user = await newRememberer(app);
    const second = rememberer(user, await newAssistant(user.client, 'Second'));
    const { client } = user;
    const TOPICS = [
      'Apples are red.',
      'Boats float on lakes.',
      'Clocks tick loudly.',
      'Dragons breathe fire.',
      'Eagles soar.',
    ];
    const ids: string[] = [];
    for (const [index, topic] of TOPICS.entries())
      ids.push(
        await user.stored(topic, {
          importance: [3, 9, 3, 1, 7][index],
          type: index % 2 === 0 ? 'fact' : 'note',
          tags: index < 2 ? ['early', 'x'] : ['late'],
          source_role: index === 4 ? 'external' : 'user',
        }),
      );
    const elsewhere = await second.stored('Foxes run.', { tags: ['late'] });
    const list = async (query: string): Promise<string[]> => idsOf(await client.get(`memories?${query}`));
    assert.deepEqual(await list(''), [elsewhere, ...ids.toReversed()]);
    assert.deepEqual(idsOf(await client.get(`assistants/${user.assistantId}/memories`)), ids.toReversed());
    assert.deepEqual(await list(`assistant_id=second`), [elsewhere]);
    assert.deepEqual(await list('type=note&assistant_id=librarian'), [ids[3], ids[1]]);
    assert.deepEqual(await list('source_role=external'), [ids[4]]);
    assert.deepEqual(await list('tags=early,x'), [ids[1], ids[0]]);
    assert.deepEqual(await list('tags=early,late'), []);
    assert.deepEqual(await list('min_importance=7'), [ids[4], ids[1]]);
    assert.deepEqual(await list('q=boat'), [ids[1]]);
    assert.deepEqual(await list('q=nothing'), []);
    assert.deepEqual(await list('is_active=false'), []);
    const [{ created_at: boundary }] = (await client.get('memories?limit=1')).body.data;
    assert.deepEqual(await list(`created_after=${boundary}`), [elsewhere]);
    assert.deepEqual(await list(`created_before=${boundary}&limit=1`), [ids[4]]);
    assert.deepEqual(await list('sort=-importance&assistant_id=librarian'), [
      ids[1],
      ids[4],
      ids[2],
      ids[0],
      ids[3],
    ]);
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 10; page += 1) {
      const { status, body } = await client.get(`memories?limit=2&sort=importance${cursor}`);
      assert.equal(status, 200, JSON.stringify(body));
      seen.push(...body.data.map((memory: Json) => memory.id));
      await user.stored(`${['Gulls', 'Hens', 'Ibises', 'Jays'][page] ?? 'Kites'} fly ${page}.`, {
        importance: 0,
      });
      if (!body.meta.has_more) break;
      cursor = `&cursor=${body.meta.next_cursor}`;
    }
    assert.deepEqual(seen.filter((id) => [...ids, elsewhere].includes(id)).length, 6);
    assert.equal(new Set(seen).size, seen.length);
    const first = (await client.get('memories?limit=2')).body.meta.next_cursor;
    const other = await client.get(`memories?limit=2&sort=importance&cursor=${first}`);
    assert.deepEqual([other.status, other.body.code], [400, 'page.cursor_invalid']);
  });

  test('ASVS 8.2.2: to another user a memory does not exist', async () => {
    const [owner, stranger] = [await newRememberer(app), await newRememberer(app)];
    const id = await owner.stored(RAIN);
    const calls: ((client: HttpClient) => Promise<{ status: number; body: Json }>)[] = [
      (client) => client.get(`memories/${id}`),
      (client) => client.patch(`memories/${id}`, { event: 'Mine now.' }),
      (client) => client.request('PUT', `memories/${id}/bookmark`),
      (client) => client.post(`memories/${id}/feedback`, { rating: 1 }),
      (client) => client.post(`memories/${id}/embeddings`),
      (client) => client.post('memories/batch-delete', { ids: [id] }),
      (client) => client.delete(`memories/${id}/bookmark`),
      (client) => client.delete(`memories/${id}`),
    ];
    for (const call of calls) {
      const { status, body } = await call(stranger.client);
      assert.deepEqual([status, body.code], [404, 'memory.not_found']);
    }
    const batch = await stranger.client.post('memories/batch?deletes=true', {
      operations: [
        { op: 'update', id, version: 1, event: 'Mine now.' },
        { op: 'delete', id, version: 1 },
        { op: 'create', assistant_id: owner.assistantId, event: 'Planted.' },
      ],
    });
    assert.deepEqual(
      batch.body.data.map((item: Json) => [item.status, item.error.code]),
      [
        [404, 'memory.not_found'],
        [404, 'memory.not_found'],
        [404, 'assistant.not_found'],
      ],
    );
    const search = await stranger.client.post('memories/search', { query: 'donkeys rain' });
    assert.deepEqual(search.body.data, []);
    assert.equal((await stranger.client.get(`assistants/${owner.assistantId}/memories`)).status, 404);
    assert.equal((await owner.client.get(`memories/${id}`)).body.data.event, RAIN);
  });
});

suite('a batch of memories', () => {
  test('each operation has its own result, and one that fails undoes no other', async () => {
    const { client, assistantId, stored } = await newRememberer(app);
    const [changed, gone] = [await stored('Apples are red.'), await stored('Boats float on lakes.')];
    const operations = [
      { op: 'create', assistant_id: assistantId, event: RAIN },
      { op: 'create', assistant_id: assistantId, event: RAIN },
      { op: 'update', id: uuidv7(), version: 1, event: 'Nobody’s.' },
      { op: 'update', id: changed, version: 1, event: RAIN },
      { op: 'update', id: changed, version: 1, tags: ['fruit'] },
      { op: 'update', id: changed, version: 1, tags: ['stale'] },
      { op: 'update', id: changed, tags: ['blind'] },
      { op: 'delete', id: gone },
      { op: 'delete', id: gone, version: 1 },
      { op: 'delete', id: gone, version: 1 },
    ];
    const { status, body } = await client.post('memories/batch?deletes=true', { operations });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(body.meta, { succeeded: 4, failed: 6 });
    assert.deepEqual(
      body.data.map((item: Json) => [
        item.index,
        item.status,
        item.error?.code ?? item.meta?.outcome ?? null,
      ]),
      [
        [0, 201, 'created'],
        [1, 200, 'duplicate'],
        [2, 404, 'memory.not_found'],
        [3, 409, 'memory.duplicate'],
        [4, 200, null],
        [5, 412, 'precondition.failed'],
        [6, 428, 'precondition.required'],
        [7, 428, 'precondition.required'],
        [8, 204, null],
        [9, 404, 'memory.not_found'],
      ],
    );
    assert.deepEqual((await client.get(`memories/${changed}`)).body.data.tags, ['fruit']);
    assert.equal((await client.get('memories')).body.data.length, 2);
  });

  test('deletes are taken only where the query says so, and then ask for proof', async () => {
    const { client, id: userId, stored } = await newRememberer(app);
    const id = await stored(RAIN);
    const operations = [{ op: 'delete', id, version: 1 }];
    const plain = await client.post('memories/batch', { operations });
    assert.deepEqual(
      [plain.status, plain.body.errors.map((fault: Json) => fault.pointer)],
      [400, ['/body/operations/0/op']],
    );
    await app.database.sql(
      `update sessions set reauthenticated_at = now() - interval '1 hour' where user_id = $1`,
      [userId],
    );
    for (const [path, body] of [
      ['memories/batch?deletes=true', { operations }],
      ['memories/batch-delete', { ids: [id] }],
    ] as const) {
      const answer = await client.post(path, body);
      assert.deepEqual([answer.status, answer.body.code], [403, 'auth.reauthentication_required']);
    }
    assert.equal((await client.get(`memories/${id}`)).status, 200);
    const write = await client.post('memories/batch', {
      operations: [{ op: 'update', id, version: 1, tags: ['a'] }],
    });
    assert.equal(write.body.meta.succeeded, 1, 'what deletes nothing asks for nothing');
  });

  test('many are deleted together or not at all', async () => {
    const { client, stored } = await newRememberer(app);
    const ids = [await stored('Apples are red.'), await stored('Boats float on lakes.')];
    const missing = await client.post('memories/batch-delete', { ids: [...ids, uuidv7()] });
    assert.deepEqual([missing.status, missing.body.code], [404, 'memory.not_found']);
    assert.equal((await client.get('memories')).body.data.length, 2);
    assert.deepEqual((await client.post('memories/batch-delete', { ids })).body.data, { deleted: 2 });
    assert.deepEqual((await client.get('memories')).body.data, []);
    assert.equal((await client.get('auth/audit?action=memory.delete')).body.data.length, 2);
  });

  test('what is wrong with an operation names its place', async () => {
    const { client } = await newRememberer(app);
    for (const [operation, pointer] of [
      [{ op: 'create', event: 'x' }, '/body/operations/0/assistant_id'],
      [{ op: 'update', id: uuidv7() }, '/body/operations/0'],
      [{ op: 'forget' }, '/body/operations/0/op'],
      [{ op: 'delete', id: 'x' }, '/body/operations/0/id'],
      [{}, '/body/operations/0/op'],
    ] as const) {
      const { status, body } = await client.post('memories/batch', { operations: [operation] });
      assert.equal(status, 400, JSON.stringify(body));
      assert.ok(
        body.errors.some((fault: Json) => fault.pointer === pointer),
        JSON.stringify(body.errors),
      );
    }
    assert.equal((await client.post('memories/batch', { operations: [] })).status, 400);
  });
});

const idsOf = ({ status, body }: { status: number; body: Json }): string[] => {
  assert.equal(status, 200, JSON.stringify(body));
  return body.data.map((memory: Json) => memory.id);
};
