import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { assistantIncludeReader } from '#db/queries/assistant-includes.ts';
import { assistantReader } from '#db/stores/assistant-store.ts';
import type { AssistantSort } from '#db/stores/assistant-store.ts';
import type { SortedPageRequest } from '#db/page.ts';
import { createExplainer } from '#tests/support/explain.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

suite('lists of assistants', () => {
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
  const names = async (client: HttpClient, query: string): Promise<string[]> => {
    const { status, body } = await client.get(`assistants?${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body.data.map((one: Json) => one.name);
  };

  test('filters', async () => {
    const { client } = await registerUser(app);
    const ada = await create(client, { name: 'Ada', is_primary: true, memory_mode: 'none' });
    await create(client, { name: 'Ada’s child', parent_id: ada.id });
    await create(client, { name: 'Été 100%', is_active: false });
    await create(client, { name: 'None' });
    assert.deepEqual(await names(client, 'is_primary=true'), ['Ada']);
    assert.deepEqual(await names(client, 'is_active=false'), ['Été 100%']);
    assert.deepEqual(await names(client, 'memory_mode=none'), ['Ada']);
    assert.deepEqual(await names(client, 'parent_id=ada'), ['Ada’s child']);
    assert.deepEqual(await names(client, `parent_id=${ada.id}`), ['Ada’s child']);
    assert.deepEqual(await names(client, 'parent_id=none'), ['None', 'Été 100%', 'Ada']);
    assert.deepEqual(await names(client, 'parent_id=nobody'), []);
    assert.deepEqual(await names(client, 'q=ADA'), ['Ada’s child', 'Ada']);
    assert.deepEqual(
      await names(client, `q=${encodeURIComponent('0%')}`),
      ['Été 100%'],
      'signs stand for themselves',
    );
    assert.deepEqual(await names(client, `q=${encodeURIComponent('É')}&sort=name`), ['Été 100%']);
    assert.deepEqual(await names(client, 'q=_'), []);
    for (const query of ['is_active=perhaps', 'memory_mode=all', 'sort=slug', 'q=', 'size=3'])
      assert.equal((await client.get(`assistants?${query}`)).body.code, 'request.invalid', query);
  });

  test('sorted by name, time of making and time of change, both ways, page by page', async () => {
    const { client } = await registerUser(app);
    for (const name of ['beta', 'Alpha', 'gamma', 'alpha', 'Beta']) await create(client, { name });
    await client.patch('assistants/gamma', { memory_mode: 'none' });
    const paged = async (sort: string): Promise<string[]> => {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const more: string = cursor === null ? '' : `&cursor=${cursor}`;
        const { body } = await client.get(`assistants?limit=2&sort=${sort}${more}`);
        seen.push(...body.data.map((one: Json) => one.name));
        cursor = body.meta.next_cursor;
      } while (cursor !== null);
      return seen;
    };
    const made = ['beta', 'Alpha', 'gamma', 'alpha', 'Beta'];
    assert.deepEqual(await paged('created_at'), made);
    assert.deepEqual(await paged('-created_at'), made.toReversed());
    assert.deepEqual(await paged('updated_at'), ['beta', 'Alpha', 'alpha', 'Beta', 'gamma']);
    assert.deepEqual(await paged('-updated_at'), ['gamma', 'Beta', 'alpha', 'Alpha', 'beta']);
    assert.deepEqual(await paged('name'), ['Alpha', 'alpha', 'beta', 'Beta', 'gamma']);
    assert.deepEqual(await paged('-name'), ['gamma', 'Beta', 'beta', 'alpha', 'Alpha']);
  });

  test('a cursor is good for its own order and filters only', async () => {
    const { client } = await registerUser(app);
    for (const name of ['A', 'B', 'C']) await create(client, { name });
    const { next_cursor: cursor } = (await client.get('assistants?limit=1&sort=name')).body.meta;
    assert.deepEqual(await names(client, `limit=1&sort=name&cursor=${cursor}`), ['B']);
    assert.deepEqual(await names(client, `limit=1&sort=name&include=profile&cursor=${cursor}`), ['B']);
    for (const query of ['sort=-name', 'sort=created_at', 'sort=name&q=a', 'sort=name&is_active=true']) {
      const { status, body } = await client.get(`assistants?limit=1&${query}&cursor=${cursor}`);
      assert.deepEqual([status, body.code], [400, 'page.cursor_invalid'], query);
    }
  });

  test('50 made while somebody pages: none is seen twice, none of before is missed', async () => {
    const { client } = await registerUser(app);
    const before: string[] = [];
    for (let index = 0; index < 12; index += 1)
      before.push((await create(client, { name: `Old ${index}` })).id);
    const making = Promise.all(
      Array.from({ length: 50 }, (_, index) => create(client, { name: `New ${index}` })),
    );
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await client.get(`assistants?limit=2&sort=name${more}`);
      seen.push(...body.data.map((one: Json) => one.id));
      cursor = body.meta.next_cursor;
    } while (cursor !== null);
    await making;
    assert.equal(new Set(seen).size, seen.length);
    assert.deepEqual(
      before.filter((id) => !seen.includes(id)),
      [],
    );
  });

  test('deep pages cost what the first does, in every order', async (t) => {
    const { id: userId } = await registerUser(app);
    await app.database.sql(
      `insert into assistants (id, user_id, slug, name, created_at, updated_at)
       select gen_random_uuid(), $1, 'many-' || n, 'Many ' || md5(n::text), now() - n * interval '1 minute',
         now() - (n * 7919 % 30000) * interval '1 minute'
       from generate_series(1, 30000) n`,
      [userId],
    );
    await app.database.sql('vacuum analyze assistants');
    await using explainer = createExplainer(app.database.url);
    const reader = assistantReader(explainer.connection);
    const indexes: Readonly<Record<AssistantSort, string>> = {
      created_at: 'assistants_user_id_created_at_idx',
      updated_at: 'assistants_user_id_updated_at_idx',
      name: 'assistants_user_id_name_idx',
    };
    for (const by of ['created_at', 'updated_at', 'name'] as const)
      for (const descending of [true, false]) {
        const request: SortedPageRequest<AssistantSort> = {
          limit: 100,
          sort: { by, descending },
          after: null,
        };
        const [first] = await explainer.explain(() => reader.list(userId, {}, request));
        let after: string | null = null;
        for (let page = 0; page < 250; page += 1)
          ({ nextAfter: after } = await reader.list(userId, {}, { ...request, after }));
        const [deep] = await explainer.explain(() => reader.list(userId, {}, { ...request, after }));
        for (const plan of [first!, deep!]) {
          assert.deepEqual(plan.indexes, [indexes[by]], plan.sql);
          assert.ok(!plan.nodes.includes('Sort'), plan.sql);
          assert.equal(plan.rowsRead, 101);
        }
        assert.ok(deep!.blocks <= first!.blocks * 2, `${first!.blocks} pages first, ${deep!.blocks} deep`);
        t.diagnostic(
          `${by}, ${descending ? 'down' : 'up'}: ${first!.blocks} pages read first, ${deep!.blocks} at row 25,000`,
        );
      }
  });

  test('the list reads only what it shows', async () => {
    await using small = await startTestApp();
    const { client } = await registerUser(small);
    await create(client, { name: 'Lean' });
    // Whatever a list may not read is taken away.
    await small.database.sql(`
      alter table assistants rename column state to no_state;
      alter table assistant_profiles rename to no_profiles;
      alter table assistant_capabilities rename to no_capabilities;
      alter table assistant_skills rename to no_skills;
      alter table assistant_metrics rename to no_metrics;
      alter table documents rename to no_documents;
      alter table memories rename to no_memories;
      alter table prompts rename to no_prompts`);
    const { status, body } = await client.get('assistants');
    assert.deepEqual([status, body.data.length], [200, 1]);
    assert.equal((await client.get('assistants/lean')).status, 500, 'the detail reads more');
  });

  test('what is included is what there is, with the newest ten of many', async () => {
    const { client, id: userId } = await registerUser(app);
    const prompt = (await client.post('prompts', { title: 'Voice', content: 'Speak softly.' })).body.data;
    const root = await create(client, { name: 'Root', system_prompt_id: prompt.id });
    const child = await create(client, {
      name: 'Child',
      parent_id: root.id,
      profile: { tone: 'dry' },
      capabilities: { skills: [{ name: 'Counting' }] },
    });
    await create(client, { name: 'Other child', parent_id: root.id });
    await app.database.sql(
      `insert into documents (id, user_id, assistant_id, title, source_type, filename, mime_type, size, sha256, language)
       select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, $2, 'D' || n, 'text', 't.txt',
         'text/plain', 1, sha256(n::text::bytea), 'english' from generate_series(1, 12) n`,
      [userId, root.id],
    );
    await app.database.sql(
      `insert into memories (id, user_id, assistant_id, title, event, language, token_count, fingerprint, search_vector,
         is_active)
       select gen_random_uuid(), $1, $2, 'M' || n, 'm', 'english', 1, sha256(n::text::bytea), '', n > 1
       from generate_series(1, 3) n`,
      [userId, child.id],
    );
    const include = 'system_prompt,parent,children,documents,memories,profile,capabilities,metrics';
    const { body } = await client.get(`assistants?sort=name&include=${include}`);
    const [aChild, , aRoot] = body.data as [Json, Json, Json];
    assert.equal(aRoot.system_prompt.content, 'Speak softly.');
    assert.deepEqual([aRoot.parent, aChild.parent.id, aChild.system_prompt], [null, root.id, null]);
    assert.deepEqual(
      [aRoot.children.items.map((one: Json) => one.name), aRoot.children.has_more],
      [['Other child', 'Child'], false],
    );
    assert.deepEqual(aChild.children, { items: [], has_more: false });
    const titles = aRoot.documents.items.map((one: Json) => one.title);
    assert.deepEqual([titles.length, titles[0], titles[9]], [10, 'D12', 'D3']);
    assert.equal(aRoot.documents.has_more, true);
    assert.deepEqual(
      aChild.memories.items.map((one: Json) => one.title).sort(),
      ['M2', 'M3'],
      'those in force',
    );
    assert.equal(aChild.profile.tone, 'dry');
    assert.equal(aChild.capabilities.skills[0].name, 'Counting');
    assert.deepEqual([aRoot.metrics.trust_level, aRoot.metrics.computed_at], ['needs_attention', null]);

    const one = await client.get(`assistants/child?include=${include}`);
    assert.deepEqual(one.body.data, aChild);
    const etag = one.headers.get('etag')!;
    const again = await client.get(`assistants/child?include=${include}`, { 'if-none-match': etag });
    assert.equal(again.status, 304);
    await app.database.sql(
      `update memories set title = 'Renamed', state = state + 1 where assistant_id = $1`,
      [child.id],
    );
    const changed = await client.get(`assistants/child?include=${include}`, { 'if-none-match': etag });
    assert.equal(changed.status, 200, 'the tag stands for what is included too');
    assert.equal((await client.patch('assistants/child', { name: 'Kid' }, { 'if-match': etag })).status, 200);
    const plain = (await client.get('assistants/child')).body.data;
    assert.deepEqual(
      Object.keys(aChild).filter((key) => !(key in plain)),
      include.split(','),
    );
  });

  test('an include that there is not is refused, with the field at fault', async () => {
    const { client } = await registerUser(app);
    await create(client, { name: 'A' });
    for (const include of ['password', 'profile,children,x', '', 'profile,', 'Profile'])
      for (const path of ['assistants', 'assistants/a']) {
        const { status, body } = await client.get(`${path}?include=${include}`);
        assert.deepEqual([status, body.code], [400, 'request.invalid'], include);
        assert.equal(body.errors[0].pointer, '/query/include');
      }
    assert.equal((await client.get('assistants?include=parent,parent')).status, 200);
  });

  test('fault 10: however many rows, a list is one statement and one for each include', async (t) => {
    const statements = async (): Promise<number> => {
      const text = await (await fetch(app.metricsUrl)).text();
      const counts = [...text.matchAll(/^donkey_database_query_duration_seconds_count\{[^}]*\} (\d+)$/gm)];
      return counts.reduce((sum, [, count]) => sum + Number(count), 0);
    };
    const { client } = await registerUser(app);
    const prompt = (await client.post('prompts', { title: 'P', content: 'x' })).body.data;
    const cost = async (query: string): Promise<number> => {
      const before = await statements();
      assert.equal((await client.get(`assistants?limit=100${query}`)).status, 200);
      return (await statements()) - before;
    };
    const include = [
      'system_prompt',
      'parent',
      'children',
      'documents',
      'memories',
      'profile',
      'capabilities',
      'metrics',
    ];
    const root = await create(client, { name: 'Root', system_prompt_id: prompt.id });
    const [bare, full] = [await cost(''), await cost(`&include=${include.join(',')}`)];
    for (let index = 0; index < 30; index += 1)
      await create(client, { name: `C${index}`, parent_id: root.id, system_prompt_id: prompt.id });
    assert.deepEqual([await cost(''), await cost(`&include=${include.join(',')}`)], [bare, full]);
    assert.equal(full - bare, include.length);
    t.diagnostic(
      `${bare} statements a request with its login, ${full} with ${include.length} includes, for 1 row and 31`,
    );
  });

  test('the documents of one assistant are a list of their own', async () => {
    const [owner, stranger] = [await registerUser(app), await registerUser(app)];
    const [mine, other] = [
      await create(owner.client, { name: 'Mine' }),
      await create(owner.client, { name: 'Other' }),
    ];
    for (const [id, title] of [
      [mine.id, 'A'],
      [mine.id, 'B'],
      [other.id, 'C'],
    ])
      await owner.client.post('documents', { assistant_id: id, title, text: `Text ${title}.` });
    const first = (await owner.client.get('assistants/mine/documents?limit=1')).body;
    assert.deepEqual([first.data[0].title, first.meta.has_more], ['B', true]);
    const next = `assistants/mine/documents?limit=1&cursor=${first.meta.next_cursor}`;
    assert.deepEqual(
      (await owner.client.get(next)).body.data.map((one: Json) => one.title),
      ['A'],
    );
    assert.deepEqual((await owner.client.get('assistants/mine/documents?status=failed')).body.data, []);
    const foreign = `assistants/other/documents?limit=1&cursor=${first.meta.next_cursor}`;
    assert.equal((await owner.client.get(foreign)).body.code, 'page.cursor_invalid');
    const denied = await stranger.client.get(`assistants/${mine.id}/documents`);
    assert.deepEqual([denied.status, denied.body.code], [404, 'assistant.not_found']);
  });

  test('of many documents, memories and children only the newest are read', async (t) => {
    const { id: userId } = await registerUser(app);
    const ids = Array.from({ length: 40 }, () => uuidv7());
    await app.database.sql(
      `insert into assistants (id, user_id, slug, name) select id, $1, 's-' || id, 'N' from unnest($2::uuid[]) as o(id)`,
      [userId, ids],
    );
    await app.database.sql(
      `insert into documents (id, user_id, assistant_id, title, source_type, filename, mime_type, size, sha256, language)
       select gen_random_uuid(), $1, id, 'D', 'text', 't.txt', 'text/plain', 1, sha256(n::text::bytea), 'english'
       from unnest($2::uuid[]) as o(id), generate_series(1, 500) n`,
      [userId, ids],
    );
    await app.database.sql(
      `insert into memories (id, user_id, assistant_id, title, event, language, token_count, fingerprint, search_vector)
       select gen_random_uuid(), $1, id, 'M', 'm', 'english', 1, sha256(n::text::bytea), ''
       from unnest($2::uuid[]) as o(id), generate_series(1, 500) n`,
      [userId, ids],
    );
    await app.database.sql('vacuum analyze documents');
    await app.database.sql('vacuum analyze memories');
    await using explainer = createExplainer(app.database.url);
    const reader = assistantIncludeReader(explainer.connection);
    const indexes = {
      documents: 'documents_assistant_id_id_idx',
      memories: 'memories_assistant_id_idx',
    } as const;
    for (const [name, index] of Object.entries(indexes) as [keyof typeof indexes, string][]) {
      const [plan, ...more] = await explainer.explain(() => reader[name](userId, ids));
      assert.deepEqual([more, plan!.sequentialScans, plan!.indexes], [[], [], [index]]);
      assert.ok(plan!.rowsRead <= 11 * ids.length, `${plan!.rowsRead} rows read`);
      t.diagnostic(`${name} of 40 assistants: ${plan!.rowsRead} of 20,000 rows read, ${plan!.blocks} pages`);
    }
  });
});
