import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { holdLock } from '#tests/support/held-lock.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

suite('prompts', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app[Symbol.asyncDispose]());

  const write = async (client: HttpClient, body: object, path = 'prompts'): Promise<Json> => {
    const response = await client.post(path, body);
    assert.equal(response.status, 201, JSON.stringify(response.body));
    return response.body.data;
  };

  test('write, read, change, delete', async () => {
    const { client } = await registerUser(app);
    const content = '  Line one\n\tand two, kept as it is.  ';
    const made = await client.post('prompts', { title: ' Été ', content, tags: ['b', 'a'] });
    assert.equal(made.status, 201);
    const prompt = made.body.data;
    assert.equal(made.headers.get('location'), `/api/v1/prompts/${prompt.id}`);
    assert.equal(made.headers.get('etag'), '"1.1"');
    assert.deepEqual(
      [prompt.title, prompt.slug, prompt.type, prompt.content, prompt.tags, prompt.parent_id],
      ['Été', 'ete', 'system', content, ['b', 'a'], null],
    );
    for (const key of ['ete', prompt.id])
      assert.deepEqual((await client.get(`prompts/${key}`)).body.data, prompt);
    assert.equal((await client.get('prompts/ete', { 'if-none-match': '"1.1"' })).status, 304);
    const changed = await client.patch(
      'prompts/ete',
      { title: 'Hiver', type: 'user' },
      { 'if-match': '"1.1"' },
    );
    assert.deepEqual(
      [changed.status, changed.body.data.title, changed.body.data.slug, changed.headers.get('etag')],
      [200, 'Hiver', 'ete', '"2.2"'],
    );
    assert.equal((await client.patch('prompts/ete', { title: 'X' }, { 'if-match': '"1.1"' })).status, 412);
    assert.equal(
      (await client.delete('prompts/ete', { 'if-match': '"1.1"' })).body.code,
      'precondition.failed',
    );
    assert.equal((await client.delete('prompts/ete', { 'if-match': '"2.2"' })).status, 204);
    assert.equal((await client.get(`prompts/${prompt.id}`)).body.code, 'prompt.not_found');
    const actions = (await client.get('auth/audit?action=prompt')).body.data.map(
      (event: Json) => event.action,
    );
    assert.deepEqual(actions, ['prompt.delete', 'prompt.update', 'prompt.create']);
  });

  test('slugs are made unique, also at once; one that is asked for is refused when taken', async () => {
    const { client } = await registerUser(app);
    const made = await Promise.all(
      Array.from({ length: 20 }, () => write(client, { title: '提示', content: 'x' })),
    );
    assert.equal(new Set(made.map(({ slug }) => slug)).size, 20);
    assert.ok(made.some(({ slug }) => slug === 'prompt'));
    const taken = await client.post('prompts', { title: 'X', content: 'x', slug: 'prompt' });
    assert.deepEqual([taken.status, taken.body.code], [409, 'prompt.slug_taken']);
    assert.equal((await client.patch('prompts/prompt-2', { slug: 'prompt' })).body.code, 'prompt.slug_taken');
  });

  test('bad prompts are refused with the field at fault', async () => {
    const { client } = await registerUser(app);
    const good = { title: 'T', content: 'c' };
    const cases: [object, string][] = [
      [{ content: 'c' }, '/body/title'],
      [{ ...good, content: '' }, '/body/content'],
      [{ ...good, content: 'x'.repeat(20_001) }, '/body/content'],
      [{ ...good, type: 'tool' }, '/body/type'],
      [{ ...good, tags: ['a', 'a'] }, '/body/tags/1'],
      [{ ...good, parent_id: 'x' }, '/body/parent_id'],
    ];
    for (const [body, pointer] of cases) {
      const answer = await client.post('prompts', body);
      assert.deepEqual([answer.status, answer.body.errors[0].pointer], [400, pointer]);
    }
    assert.deepEqual((await client.get('prompts')).body.data, []);
  });

  test('lists filter, sort and page, and leave the texts out', async () => {
    const { client } = await registerUser(app);
    await write(client, { title: 'beta', content: 'x', tags: ['red', 'blue'] });
    await write(client, { title: 'Alpha', content: 'x', type: 'user', tags: ['red'] });
    await write(client, { title: 'gamma 100%', content: 'x' });
    const titles = async (query: string): Promise<string[]> => {
      const { status, body } = await client.get(`prompts?${query}`);
      assert.equal(status, 200, JSON.stringify(body));
      return body.data.map((one: Json) => one.title);
    };
    assert.deepEqual(await titles(''), ['gamma 100%', 'Alpha', 'beta']);
    assert.deepEqual(await titles('sort=title'), ['Alpha', 'beta', 'gamma 100%']);
    assert.deepEqual(await titles('type=user'), ['Alpha']);
    assert.deepEqual(await titles('tag=red&sort=title'), ['Alpha', 'beta']);
    assert.deepEqual(await titles('q=ALPHA'), ['Alpha']);
    assert.deepEqual(await titles('q=%25'), ['gamma 100%']);
    const first = (await client.get('prompts?limit=2&sort=-title')).body;
    assert.deepEqual(await titles(`limit=2&sort=-title&cursor=${first.meta.next_cursor}`), ['Alpha']);
    const foreign = await client.get(`prompts?limit=2&sort=title&cursor=${first.meta.next_cursor}`);
    assert.equal(foreign.body.code, 'page.cursor_invalid');
    assert.ok(first.data.every((one: Json) => !('content' in one)));
  });

  test('a remix takes over what is not sent, and lineage tells where it came from', async () => {
    const { client } = await registerUser(app);
    const first = await write(client, { title: 'First', content: 'one', tags: ['a'], type: 'user' });
    const second = await write(client, { content: 'two' }, 'prompts/first/remix');
    assert.deepEqual(
      [second.title, second.slug, second.content, second.tags, second.type, second.parent_id, second.version],
      ['First', 'first-2', 'two', ['a'], 'user', first.id, 1],
    );
    const third = await write(client, { title: 'Third' }, `prompts/${second.id}/remix`);
    const fourth = await write(client, { title: 'Fourth' }, `prompts/${second.id}/remix`);
    const slugs = (list: Json): string[] => list.map((one: Json) => one.slug);
    const whole = (await client.get('prompts/first/lineage')).body;
    assert.deepEqual(
      [slugs(whole.data.ancestors), whole.data.self.slug, slugs(whole.data.descendants), whole.meta.has_more],
      [[], 'first', ['first-2', 'third', 'fourth'], false],
    );
    const leaf = (await client.get(`prompts/${third.id}/lineage`)).body.data;
    assert.deepEqual([slugs(leaf.ancestors), slugs(leaf.descendants)], [['first', 'first-2'], []]);
    assert.equal((await client.delete(`prompts/${second.id}`)).status, 204);
    const orphan = (await client.get(`prompts/${fourth.id}`)).body.data;
    assert.deepEqual([orphan.parent_id, orphan.content], [null, 'two'], 'remixes stay');
  });

  test('a lineage of any length is cut, and says so', async () => {
    const { client, id: userId } = await registerUser(app);
    await app.database.sql(
      `insert into prompts (id, user_id, slug, title, type, content, parent_id)
       select ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, $1, 'p-' || n, 'P' || n, 'user', 'x',
         case when n > 1 then ('00000000-0000-7000-9000-' || lpad((n - 1)::text, 12, '0'))::uuid end
       from generate_series(1, 600) n`,
      [userId],
    );
    const { data, meta } = (await client.get('prompts/p-300/lineage')).body;
    assert.deepEqual([data.ancestors.length, data.descendants.length, meta.has_more], [200, 200, true]);
    assert.deepEqual(
      [data.ancestors.at(-1).slug, data.descendants[0].slug],
      ['p-299', 'p-301'],
      'the nearest',
    );
    assert.equal((await client.get('prompts/p-1/lineage')).body.meta.has_more, true);
  });

  test('fault 16: a prompt in use is not deleted, and stays of its type', async () => {
    const { client } = await registerUser(app);
    await write(client, { title: 'Used', content: 'x' });
    for (const name of ['A', 'B']) await client.post('assistants', { name, system_prompt_id: 'used' });
    const refused = await client.delete('prompts/used');
    assert.deepEqual([refused.status, refused.body.code], [409, 'prompt.in_use']);
    assert.match(refused.body.detail, /of 2 assistants/);
    assert.equal((await client.patch('prompts/used', { type: 'user' })).body.code, 'prompt.in_use');
    assert.equal((await client.patch('prompts/used', { content: 'y', type: 'system' })).status, 200);
    await client.patch('assistants/a', { system_prompt_id: null });
    assert.equal((await client.delete('assistants/b')).status, 204);
    assert.equal((await client.delete('prompts/used')).status, 204);
  });

  test('fault 16: a deletion waits for whoever is taking the prompt into use', async () => {
    const { client } = await registerUser(app);
    const prompt = await write(client, { title: 'Wanted', content: 'x' });
    await client.post('assistants', { name: 'User' });
    await using lock = await holdLock(
      app.database.url,
      `select 1 from assistants where slug = 'user' for update`,
    );
    const use = client.request('PUT', 'assistants/user/system-prompt', { json: { prompt_id: prompt.id } });
    await lock.waiting(1);
    const deletion = client.delete('prompts/wanted');
    await lock.waiting(2);
    await lock.release();
    assert.equal((await use).status, 200);
    assert.equal((await deletion).body.code, 'prompt.in_use');
  });

  test('fault 16: whoever wants a prompt that is being deleted waits and finds it gone', async () => {
    const { client } = await registerUser(app);
    const prompt = await write(client, { title: 'Doomed', content: 'x' });
    await client.post('assistants', { name: 'Late' });
    await using lock = await holdLock(app.database.url, 'lock table audit_events in exclusive mode');
    const deletion = client.delete('prompts/doomed');
    await lock.waiting(1);
    const uses = [
      client.request('PUT', 'assistants/late/system-prompt', { json: { prompt_id: prompt.id } }),
      client.post('assistants', { name: 'New', system_prompt_id: prompt.id }),
      client.post('prompts/doomed/remix', {}),
    ];
    await lock.waiting(4);
    await lock.release();
    assert.equal((await deletion).status, 204);
    for (const { status, body } of await Promise.all(uses))
      assert.deepEqual([status, body.code], [404, 'prompt.not_found']);
  });

  test('ASVS 8.2.2: to another user the prompt does not exist', async () => {
    const [owner, stranger] = [await registerUser(app), await registerUser(app)];
    const { id, slug } = await write(owner.client, { title: 'Private', content: 'x' });
    await stranger.client.post('assistants', { name: 'Thief' });
    for (const key of [id, slug])
      for (const { status, body } of [
        await stranger.client.get(`prompts/${key}`),
        await stranger.client.patch(`prompts/${key}`, { title: 'Mine' }),
        await stranger.client.delete(`prompts/${key}`),
        await stranger.client.post(`prompts/${key}/remix`, {}),
        await stranger.client.get(`prompts/${key}/lineage`),
        await stranger.client.patch('assistants/thief', { system_prompt_id: key }),
      ])
        assert.deepEqual([status, body.code], [404, 'prompt.not_found']);
    assert.deepEqual((await stranger.client.get('prompts')).body.data, []);
  });
});
