import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { registerUser } from '#tests/support/http-client.ts';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

suite('assistants', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app[Symbol.asyncDispose]());

  const create = async (client: HttpClient, body: object): Promise<Json> => {
    const response = await client.post('assistants', body);
    assert.equal(response.status, 201, JSON.stringify(response.body));
    return response.body.data;
  };

  test('create, read, change, delete', async () => {
    const { client } = await registerUser(app);
    const created = await client.post('assistants', { name: '  Ada Lovelace ', min_score: 0.35 });
    assert.equal(created.status, 201);
    const assistant = created.body.data;
    assert.equal(created.headers.get('location'), `/api/v1/assistants/${assistant.id}`);
    assert.equal(created.headers.get('etag'), '"1.1"');
    assert.equal(assistant.name, 'Ada Lovelace');
    assert.equal(assistant.slug, 'ada-lovelace');
    assert.equal(assistant.min_score, 0.35);
    assert.deepEqual([assistant.memory_mode, assistant.thinking_style], ['long_term', 'direct']);

    const read = await client.get('assistants/ada-lovelace');
    assert.deepEqual(read.body.data, assistant);

    const changes = { name: 'Countess', memory_mode: 'none', preferred_model: 'gpt-x', min_score: null };
    const changed = await client.patch(`assistants/${assistant.id}`, changes);
    assert.equal(changed.status, 200);
    assert.equal(changed.headers.get('etag'), '"2.2"');
    assert.deepEqual(
      { ...assistant, ...changes, version: 2, updated_at: '' },
      { ...changed.body.data, updated_at: '' },
    );

    assert.equal((await client.delete(`assistants/${assistant.id}`)).status, 204);
    const gone = await client.get(`assistants/${assistant.id}`);
    assert.deepEqual([gone.status, gone.body.code], [404, 'assistant.not_found']);
    assert.equal((await client.delete(`assistants/${assistant.id}`)).status, 404);
    assert.equal(
      (await create(client, { name: 'Ada Lovelace' })).slug,
      'ada-lovelace',
      'the slug is free again',
    );
  });

  test('slugs made from names are unique; one that is asked for is refused when taken', async () => {
    const { client } = await registerUser(app);
    const slugs = [];
    for (let index = 0; index < 3; index += 1) slugs.push((await create(client, { name: 'Été' })).slug);
    assert.deepEqual(slugs, ['ete', 'ete-2', 'ete-3']);
    const taken = await client.post('assistants', { name: 'X', slug: 'ete-2' });
    assert.deepEqual([taken.status, taken.body.code], [409, 'assistant.slug_taken']);
    const moved = await client.patch('assistants/ete-3', { slug: 'ete' });
    assert.equal(moved.body.code, 'assistant.slug_taken');
    for (const slug of ['Upper', 'a--b', '-a', randomUUID()])
      assert.equal((await client.post('assistants', { name: 'X', slug })).status, 400, slug);
  });

  test('20 assistants of one name made at once get 20 slugs', async () => {
    const { client } = await registerUser(app);
    const made = await Promise.all(Array.from({ length: 20 }, () => create(client, { name: 'Twin' })));
    assert.equal(new Set(made.map((one) => one.slug)).size, 20);
  });

  test('one assistant is primary, whoever asks and however often at once', async () => {
    const [{ client }, other] = [await registerUser(app), await registerUser(app)];
    const foreign = await create(other.client, { name: 'Theirs', is_primary: true });
    const made = [];
    for (let index = 0; index < 5; index += 1)
      made.push(await create(client, { name: `A${index}`, is_primary: true }));
    const answers = await Promise.all(
      made.map((one) => client.patch(`assistants/${one.id}`, { is_primary: true })),
    );
    assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([200]));
    const list = (await client.get('assistants')).body.data;
    assert.equal(list.filter((one: Json) => one.is_primary).length, 1);
    const theirs = await other.client.get(`assistants/${foreign.id}`);
    assert.equal(theirs.body.data.is_primary, true, 'another user is not touched');
  });

  test('losing the primary mark does not get in the way of an edit, and changes the ETag', async () => {
    const { client } = await registerUser(app);
    const first = await client.post('assistants', { name: 'First', is_primary: true });
    await create(client, { name: 'Second', is_primary: true });
    const etag = first.headers.get('etag')!;
    const path = `assistants/${first.body.data.id}`;
    const read = await client.get(path, { 'if-none-match': etag });
    assert.deepEqual([read.status, read.headers.get('etag')], [200, '"1.2"']);
    assert.equal((await client.patch(path, { name: 'Still mine' }, { 'if-match': etag })).status, 200);
  });

  test('ASVS 8.2.2: to another user the assistant does not exist', async () => {
    const [owner, stranger] = [await registerUser(app), await registerUser(app)];
    const { id, slug } = await create(owner.client, { name: 'Private' });
    for (const key of [id, slug]) {
      const answers = [
        await stranger.client.get(`assistants/${key}`),
        await stranger.client.patch(`assistants/${key}`, { name: 'Mine now' }),
        await stranger.client.delete(`assistants/${key}`),
      ];
      for (const { status, body } of answers)
        assert.deepEqual([status, body.code], [404, 'assistant.not_found']);
    }
    assert.deepEqual((await stranger.client.get('assistants')).body.data, []);
    assert.equal((await owner.client.get(`assistants/${id}`)).body.data.name, 'Private');
  });

  test('a list is paged newest first, each entry once, also while entries are added', async () => {
    const { client } = await registerUser(app);
    const ids = [];
    for (let index = 0; index < 7; index += 1) ids.unshift((await create(client, { name: `N${index}` })).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { status, body } = await client.get(`assistants?limit=3${query}`);
      assert.equal(status, 200);
      seen.push(...body.data.map((one: Json) => one.id));
      assert.equal(body.meta.has_more, body.meta.next_cursor !== null);
      cursor = body.meta.next_cursor;
      if (pages === 0) await create(client, { name: 'Late' });
      pages += 1;
    } while (cursor !== null);
    assert.deepEqual(seen, ids);
    assert.equal(pages, 3);
  });

  test('cursors of other lists and garbage are refused', async () => {
    const { client } = await registerUser(app);
    const foreign = Buffer.from(`${randomUUID()}.AAAAAAAAAAAAAAAA`).toString('base64url');
    for (const cursor of [
      'garbage',
      '%00',
      foreign,
      randomBytes(40).toString('base64url'),
      "'; drop table users",
    ]) {
      const { status, body } = await client.get(`assistants?cursor=${encodeURIComponent(cursor)}`);
      assert.deepEqual([status, body.code], [400, 'page.cursor_invalid'], cursor);
    }
    for (const limit of ['0', '101', '1.5', 'many', ''])
      assert.equal((await client.get(`assistants?limit=${limit}`)).body.code, 'request.invalid', limit);
  });

  test('an unchanged assistant is answered 304', async () => {
    const { client } = await registerUser(app);
    const { id } = await create(client, { name: 'Cached' });
    const { headers } = await client.get(`assistants/${id}`);
    const again = await client.get(`assistants/${id}`, { 'if-none-match': `"9.9", ${headers.get('etag')}` });
    assert.deepEqual([again.status, again.body], [304, '']);
    await client.patch(`assistants/${id}`, { name: 'Changed' });
    const changed = await client.get(`assistants/${id}`, { 'if-none-match': headers.get('etag')! });
    assert.equal(changed.status, 200);
  });

  test('If-Match guards edits and deletions', async () => {
    const { client } = await registerUser(app);
    const { id } = await create(client, { name: 'Guarded' });
    const path = `assistants/${id}`;
    const edit = async (ifMatch: string): Promise<number> =>
      (await client.patch(path, { name: ifMatch }, { 'if-match': ifMatch })).status;
    assert.equal(await edit('"1.1"'), 200);
    assert.equal(await edit('"1.1"'), 412, 'seen before the first edit');
    assert.equal(await edit('W/"2.2"'), 412, 'weak tags never match');
    assert.equal(await edit('nonsense'), 412);
    assert.equal(await edit('"7.7", "2.2"'), 200, 'one of a list');
    assert.equal(await edit('*'), 200);
    const stale = await client.delete(path, { 'if-match': '"1.1"' });
    assert.deepEqual([stale.status, stale.body.code], [412, 'precondition.failed']);
    assert.equal((await client.delete(path, { 'if-match': '"4.4"' })).status, 204);
  });

  test('of 20 edits with one ETag one wins', async () => {
    const { client } = await registerUser(app);
    const { id } = await create(client, { name: 'Contested' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        client.patch(`assistants/${id}`, { name: `Edit ${index}` }, { 'if-match': '"1.1"' }),
      ),
    );
    const statuses = answers.map((answer) => answer.status).sort();
    assert.deepEqual(statuses, [200, ...Array.from({ length: 19 }, () => 412)]);
    assert.equal((await client.get(`assistants/${id}`)).body.data.version, 2);
  });

  test('an assistant with documents stays until they are deleted', async () => {
    const { client, id: userId } = await registerUser(app);
    const { id } = await create(client, { name: 'Reader' });
    const documentId = randomUUID();
    await app.database.sql(
      `insert into documents (id, user_id, assistant_id, title, source_type, filename, mime_type, size, sha256, language)
       values ($1, $2, $3, 'T', 'text', 't.txt', 'text/plain', 1, $4, 'english')`,
      [documentId, userId, id, randomBytes(32)],
    );
    const refused = await client.delete(`assistants/${id}`);
    assert.deepEqual([refused.status, refused.body.code], [409, 'assistant.in_use']);
    assert.equal((await client.get(`assistants/${id}`)).status, 200, 'nothing of the deletion has stayed');
    await app.database.sql('update documents set deleted_at = now() where id = $1', [documentId]);
    assert.equal((await client.delete(`assistants/${id}`)).status, 204);
  });

  test('what clients may not set is refused', async () => {
    const { client, id: userId } = await registerUser(app);
    const made = await create(client, { name: 'Fixed' });
    const readOnly = {
      id: randomUUID(),
      user_id: userId,
      version: 9,
      state: 9,
      created_at: '2020-01-01',
      deleted_at: null,
    };
    for (const [name, value] of Object.entries(readOnly)) {
      const { status, body } = await client.patch(`assistants/${made.id}`, { [name]: value });
      assert.equal(status, 400, name);
      assert.deepEqual(body.errors[0].pointer, `/body/${name}`);
    }
    assert.equal((await client.patch(`assistants/${made.id}`, {})).status, 400, 'an empty change');
    assert.deepEqual((await client.get(`assistants/${made.id}`)).body.data, made);
  });
});
