import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Scope } from '#shared/domain/scopes.ts';
import { makeApiKey } from '#tests/support/api-keys.ts';
import { askGraphql, codesOf, dataOfGraphql, GRAPHQL_TYPE } from '#tests/support/graphql.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { Json, TestUser } from '#tests/support/http-client.ts';
import { recordQueries } from '#tests/support/query-recorder.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { insertLife, lifeId } from '#tests/support/whole-life-rows.ts';
import type { Kind } from '#tests/support/whole-life-rows.ts';

const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** What REST shows, in the names of GraphQL. */
function camelNames(value: Json): Json {
  if (Array.isArray(value)) return value.map(camelNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [camel(name), camelNames(item)]));
}

/** Objects that may be missing, so that nothing shows what is in them. */
const OBJECTS = 'error new_version webhook usage feedback skills trust_components growth_components'.split(
  ' ',
);

/** A selection of everything that a value of REST shows. */
function selectionOf(value: Json, name = ''): string {
  const one: Json = Array.isArray(value) ? value[0] : value;
  if (typeof one !== 'object' || one === null || Object.keys(one).length === 0)
    return OBJECTS.includes(name) ? '{ __typename }' : '';
  return `{ ${Object.entries(one)
    .map(([name, item]) => `${camel(name)} ${selectionOf(item, name)}`)
    .join(' ')} }`;
}

suite('GraphQL', () => {
  let app: TestApp;
  let user: TestUser;
  let other: TestUser;
  before(async () => {
    app = await startTestApp();
    [user, other] = await Promise.all([registerUser(app), registerUser(app)]);
    await insertLife(app.database, [user.id], 5);
    await insertLife(app.database, [other.id], 2);
  });
  after(() => app[Symbol.asyncDispose]());

  const idOf = (kind: Kind, of: TestUser = user): Promise<string> => lifeId(app.database, kind, of.id);

  test('shows what REST shows, field by field', async (t) => {
    const things: [field: string, path: string, kind: Kind][] = [
      ['assistant', 'assistants', 'assistant'],
      ['prompt', 'prompts', 'prompt'],
      ['document', 'documents', 'document'],
      ['memory', 'memories', 'memory'],
      ['memoryChain', 'memory-chains', 'chain'],
      ['conversation', 'conversations', 'conversation'],
      ['reflection', 'reflections', 'reflection'],
      ['job', 'jobs', 'job'],
    ];
    let fields = 0;
    for (const [field, path, kind] of things) {
      const id = await idOf(kind);
      const { body } = await user.client.get(`${path}/${id}`);
      const query = `query($id: ID!) { ${field}(id: $id) ${selectionOf(body.data)} }`;
      const data = await dataOfGraphql(user.client, query, { id });
      assert.deepEqual(data[field], camelNames(body.data), field);
      fields += Object.keys(body.data as object).length;
    }
    const me = (await user.client.get('auth/me')).body.data;
    assert.deepEqual((await dataOfGraphql(user.client, `{ me ${selectionOf(me)} }`)).me, camelNames(me));
    for (const part of ['profile', 'capabilities', 'metrics']) {
      const id = await idOf('assistant');
      const { body } = await user.client.get(`assistants/${id}/${part}`);
      const query = `query($id: ID!) { assistant(id: $id) { ${part} ${selectionOf(body.data)} } }`;
      const { assistant } = await dataOfGraphql(user.client, query, { id });
      assert.deepEqual(assistant[part], camelNames(body.data), part);
      fields += Object.keys(body.data as object).length;
    }
    t.diagnostic(`${fields} fields are those of REST`);
  });

  test('leads from one thing to the next', async () => {
    const { assistant } = await dataOfGraphql(
      user.client,
      `{ assistant(id: "life-1") {
        children { nodes { slug parent { slug } } }
        documents(first: 5) { nodes { id assistant { slug } stages { stage } chunks(first: 5) { nodes { text } } } }
        memories(first: 5) { nodes { event } }
        memoryChains { nodes { entries(first: 5) { nodes { position memory { title } } } } }
        conversations { nodes { messages(first: 5) { nodes { content conversation { title } sources { quote } } } } }
        reflections(type: feedback) { nodes { content job { id } } }
        systemPrompt { title }
      } }`,
    );
    assert.deepEqual(
      assistant.children.nodes.map((child: Json) => [child.slug, child.parent.slug]),
      [5, 4, 3, 2].map((n) => [`life-${n}`, 'life-1']),
    );
    const [document] = assistant.documents.nodes.slice(-1);
    assert.equal(document.assistant.slug, 'life-1');
    assert.deepEqual(
      document.chunks.nodes.map((chunk: Json) => chunk.text),
      [1, 2, 3, 4, 5].map((n) => `Hay ${n}`),
    );
    assert.deepEqual(
      document.stages.map(({ stage }: Json) => stage),
      ['extract', 'chunk', 'embed', 'verify'],
    );
    const [chain] = assistant.memoryChains.nodes.slice(-1);
    assert.deepEqual(
      chain.entries.nodes.map(({ position, memory }: Json) => [position, memory.title]),
      [0, 1, 2, 3, 4].map((n) => [n, `Memory ${n + 1}`]),
    );
    const [talk] = assistant.conversations.nodes.slice(-1);
    assert.deepEqual(talk.messages.nodes[0], {
      content: 'Message 1',
      conversation: { title: 'Talk 1' },
      sources: [],
    });
    assert.equal(assistant.reflections.nodes.length, 5);
    assert.equal(assistant.systemPrompt, null);
  });

  test('pages through lists by cursors, each of which stands for a place', async () => {
    const query = `query($first: Int, $after: String) {
      assistant(id: "life-1") { documents(first: $first, after: $after) {
        edges { cursor node { title } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
    const page = async (first: number, after: string | null) =>
      (await dataOfGraphql(user.client, query, { first, after })).assistant.documents;
    const titles: string[] = [];
    let after: string | null = null;
    do {
      const { edges, pageInfo } = await page(2, after);
      titles.push(...edges.map(({ node }: Json) => node.title as string));
      assert.equal(pageInfo.hasPreviousPage, after !== null);
      assert.equal(pageInfo.endCursor, edges.at(-1).cursor);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    assert.deepEqual(
      titles,
      [5, 4, 3, 2, 1].map((n) => `Document ${n}`),
    );
    const [, second] = (await page(5, null)).edges;
    assert.equal((await page(1, second.cursor)).edges[0].node.title, 'Document 3');
  });

  test('the cursors of a sorted list are those of REST, and good for that list alone', async () => {
    const sorted = `query($after: String, $sort: AssistantSort) {
      assistants(first: 2, after: $after, sort: $sort, filter: { parentId: "life-1" }) {
        edges { cursor node { slug } } pageInfo { endCursor } } }`;
    const { assistants } = await dataOfGraphql(user.client, sorted, { sort: 'name' });
    assert.deepEqual(
      assistants.edges.map(({ node }: Json) => node.slug),
      ['life-2', 'life-3'],
    );
    const rest = await user.client.get('assistants?limit=2&sort=name&parent_id=life-1');
    assert.equal(rest.body.meta.next_cursor, assistants.pageInfo.endCursor);
    const after = assistants.edges[0].cursor;
    const next = await dataOfGraphql(user.client, sorted, { after, sort: 'name' });
    assert.equal(next.assistants.edges[0].node.slug, 'life-3');
    const { body } = await askGraphql(user.client, sorted, { after, sort: 'name_desc' });
    assert.deepEqual(codesOf(body), ['page.cursor_invalid']);
  });

  test('a list in a list takes as many statements for fifty as for two', async (t) => {
    const [few, many] = await Promise.all([registerUser(app), registerUser(app)]);
    await insertLife(app.database, [few.id], 2);
    await insertLife(app.database, [many.id], 50);
    // One of each for every assistant, that there are rows at every level.
    for (const { id } of [few, many])
      for (const table of ['documents', 'memories', 'conversations'])
        await app.database.sql(
          `with ranked as (select id, row_number() over (order by id) as n from ${table} where user_id = $1),
             owners as (select id, row_number() over (order by id) as n from assistants where user_id = $1)
           update ${table} t set assistant_id = o.id from ranked r join owners o using (n) where t.id = r.id`,
          [id],
        );
    await app.database.sql(
      `update messages m set conversation_id = c.id from conversations c
       where c.user_id = m.user_id and right(c.id::text, 16) = right(m.id::text, 16) and m.user_id = any($1)`,
      [[few.id, many.id]],
    );
    const query = `query($first: Int) { assistants(first: $first) { nodes {
      name profile { motto } capabilities { tools } metrics { trustScore } parent { name } systemPrompt { title }
      children(first: 1) { nodes { name } }
      documents(first: 1) { nodes { title stages { stage } jobs(first: 1) { nodes { type } } chunks(first: 1) { nodes { text } } assistant { name } } }
      memories(first: 2) { nodes { event document { title } } }
      conversations(first: 2) { nodes { title messages(first: 2) { nodes { content } } } } } } }`;
    const count = async (of: TestUser) => {
      using recorder = recordQueries();
      const { assistants } = await dataOfGraphql(of.client, query, { first: 50 });
      return { statements: recorder.queries.length, assistants: assistants.nodes as Json[] };
    };
    const small = await count(few);
    const large = await count(many);
    assert.equal(large.assistants.length, 50);
    const messages = large.assistants.flatMap((one) =>
      one.conversations.nodes.flatMap((talk: Json) => talk.messages.nodes),
    );
    assert.equal(messages.length, 50, 'rows three levels down');
    assert.equal(large.statements, small.statements);
    t.diagnostic(`${large.statements} statements, at 2 and at 50 assistants with lists in lists`);
  });

  test('faults have our codes, and a part that fails leaves the others as they are', async () => {
    const parts = await askGraphql(user.client, '{ me { username } assistant(id: "nobody") { name } }');
    assert.equal(parts.status, 200);
    assert.deepEqual(parts.body.data, { me: { username: user.username }, assistant: null });
    const [fault] = parts.body.errors;
    assert.deepEqual(fault.path, ['assistant']);
    assert.equal(fault.extensions.code, 'assistant.not_found');
    assert.equal(fault.extensions.status, 404);
    assert.equal(fault.extensions.correlation_id, parts.headers.get('x-request-id'));
    const cases: [query: string, code: string, status: number][] = [
      ['{ me {', 'graphql.syntax', 400],
      ['{ me { password } }', 'graphql.invalid', 400],
      ['query($id: ID!) { document(id: $id) { title } }', 'graphql.invalid', 400],
      ['mutation { me }', 'graphql.invalid', 400],
      ['subscription { me { id } }', 'graphql.invalid', 400],
      ['fragment F on User { id }', 'graphql.invalid', 400],
      ['{ document(id: "no-id") { title } }', 'request.invalid', 200],
      ['{ assistants(first: 101) { nodes { id } } }', 'request.invalid', 200],
      ['{ assistants(after: "x") { nodes { id } } }', 'page.cursor_invalid', 200],
      ['{ assistants(filter: { q: "\\u0000" }) { nodes { id } } }', 'request.invalid', 200],
    ];
    for (const [query, code, status] of cases) {
      const answer = await askGraphql(user.client, query);
      assert.deepEqual([answer.status, ...new Set(codesOf(answer.body))], [status, code], query);
    }
    const { body } = await askGraphql(user.client, '{ assistants(first: 101) { nodes { id } } }');
    assert.equal(body.errors[0].extensions.errors[0].pointer, '/args/limit');
    const archived = `update conversations set status = 'archived', archived_at = now() where id = $1`;
    const [, talk] = (await user.client.get('conversations?limit=2')).body.data;
    await app.database.sql(archived, [talk.id]);
    const query = `{ conversation(id: "${talk.id}") { title messages { nodes { id } } } }`;
    const put = await askGraphql(user.client, query);
    assert.deepEqual(codesOf(put.body), ['conversation.archived']);
    assert.equal(put.body.data.conversation.title, talk.title);
  });

  test('what fails inside is not told', async () => {
    await using broken = await startTestApp();
    const owner = await registerUser(broken);
    await broken.database.sql('alter table prompts rename column slug to snail');
    const { status, body } = await askGraphql(
      owner.client,
      '{ me { username } prompts { nodes { title } } }',
    );
    assert.equal(status, 200);
    assert.deepEqual(codesOf(body), ['internal.error']);
    assert.equal(body.data.me.username, owner.username);
    assert.ok(!/snail|select /i.test(JSON.stringify(body)), JSON.stringify(body));
  });

  test('a key reads what its scopes say, as over REST', async (t) => {
    const asked: [selection: string, scope: Scope][] = [
      ['me { id }', 'account:read'],
      ['prompts { nodes { id } }', 'prompts:read'],
      ['jobs { nodes { id } }', 'jobs:read'],
      ['search(query: "hay", mode: text) { tookMs }', 'search'],
      ['assistant(id: "life-1") { memories { nodes { id } } }', 'memories:read'],
      ['assistant(id: "life-1") { memoryChains { nodes { id } } }', 'memories:read'],
      ['assistant(id: "life-1") { documents { nodes { id } } }', 'documents:read'],
      ['assistant(id: "life-1") { conversations { nodes { id } } }', 'conversations:read'],
    ];
    const reader = await makeApiKey(app, user, ['assistants:read']);
    for (const [selection, scope] of asked) {
      const refused = await askGraphql(reader.client, `{ ${selection} }`);
      assert.deepEqual(codesOf(refused.body), ['auth.scope_missing'], selection);
      assert.match(refused.body.errors[0].message, new RegExp(scope));
      assert.ok(!/"id"|tookMs":/.test(JSON.stringify(refused.body.data)), JSON.stringify(refused.body));
      const key = await makeApiKey(app, user, ['assistants:read', scope]);
      await dataOfGraphql(key.client, `{ ${selection} }`);
    }
    const own = 'assistant(id: "life-1") { name profile { motto } reflections { nodes { content } } }';
    await dataOfGraphql(reader.client, `{ ${own} }`);
    const none = await makeApiKey(app, user, ['search']);
    assert.equal((await askGraphql(none.client, '{ __typename }')).body.code, 'auth.scope_missing');
    t.diagnostic(`${asked.length} scopes held`);
  });

  test('promise 26: a POST wants the token of its session, and no form can be a query', async () => {
    const json = { query: '{ me { id } }' };
    const forged = [
      { headers: { 'x-csrf-token': '' }, json },
      { headers: { 'x-csrf-token': other.client.csrfToken ?? '' }, json },
      { headers: { origin: 'https://evil.example' }, json },
      {
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-csrf-token': '' },
        raw: 'query=%7Bme%7Bid%7D%7D',
      },
      { headers: { 'content-type': 'text/plain', 'x-csrf-token': '' }, raw: JSON.stringify(json) },
    ];
    for (const options of forged) {
      const { status, body } = await user.client.request('POST', 'graphql', options);
      assert.equal(status, 403, JSON.stringify(body));
    }
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/graphql']) {
      const raw = '{ me { id } }';
      const answer = await user.client.request('POST', 'graphql', { headers: { 'content-type': type }, raw });
      assert.equal(answer.body.code, 'request.media_type', type);
    }
    assert.equal((await user.client.post('graphql', [json, json])).body.code, 'request.invalid', 'a batch');
    assert.equal((await user.client.post('graphql', {})).body.code, 'request.invalid');
    assert.equal(
      (await user.client.request('PUT', 'graphql', { json })).body.code,
      'route.method_not_allowed',
    );
  });

  test('GET reads, says when nothing has changed, and searches nothing', async () => {
    const path = (query: string, more = '') => `graphql?query=${encodeURIComponent(query)}${more}`;
    const variables = `&variables=${encodeURIComponent('{"id":"life-1"}')}`;
    const first = await user.client.get(path('query($id: ID!) { assistant(id: $id) { slug } }', variables));
    assert.deepEqual(first.body, { data: { assistant: { slug: 'life-1' } } });
    const etag = first.headers.get('etag') ?? '';
    assert.match(etag, /^"/);
    const again = await user.client.get(path('query($id: ID!) { assistant(id: $id) { slug } }', variables), {
      'if-none-match': etag,
    });
    assert.equal(again.status, 304);
    const search = '{ search(query: "hay", mode: text) { tookMs } }';
    assert.deepEqual(codesOf((await user.client.get(path(search))).body), ['graphql.post_required']);
    const unread = await user.client.get(path('{ me { id } }', '&variables=%5B1%5D'));
    assert.equal(unread.body.errors[0].pointer, '/query/variables');
  });

  test('answers in the media type that the client takes', async () => {
    const json = { query: '{ nothing }' };
    const ask = (accept: string) => user.client.post('graphql', json, { accept });
    for (const [accept, status, type] of [
      [GRAPHQL_TYPE, 400, GRAPHQL_TYPE],
      [`${GRAPHQL_TYPE}, application/json;q=0.9`, 400, GRAPHQL_TYPE],
      ['application/json', 200, 'application/json'],
      ['*/*', 200, 'application/json'],
    ] as const) {
      const answer = await ask(accept);
      assert.deepEqual(
        [answer.status, answer.headers.get('content-type')],
        [status, `${type}; charset=utf-8`],
      );
    }
    assert.equal((await ask('text/html')).body.code, 'request.not_acceptable');
  });

  test('searches count as searches do', async () => {
    await using small = await startTestApp({ REQUESTS_PER_MINUTE: '12' });
    const owner = await registerUser(small);
    const twice =
      '{ a: search(query: "hay", mode: text) { tookMs } b: search(query: "hay", mode: text) { tookMs } }';
    for (let n = 0; n < 6; n += 1) await dataOfGraphql(owner.client, twice);
    const over = await askGraphql(owner.client, twice);
    assert.deepEqual(codesOf(over.body), ['request.rate_limited', 'request.rate_limited']);
    assert.ok(over.body.errors[0].extensions.retry_after_seconds > 0);
    assert.equal((await owner.client.post('search', { query: 'hay' })).status, 429, 'one bucket for both');
  });

  test('promise 32: the things of others are not there', async (t) => {
    const roots: [field: string, kind: Kind][] = [
      ['assistant', 'assistant'],
      ['prompt', 'prompt'],
      ['document', 'document'],
      ['memory', 'memory'],
      ['memoryChain', 'chain'],
      ['conversation', 'conversation'],
      ['reflection', 'reflection'],
      ['job', 'job'],
    ];
    const missing = '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24';
    for (const [field, kind] of roots) {
      const query = `query($id: ID!) { ${field}(id: $id) { id } }`;
      const theirs = await askGraphql(user.client, query, { id: await idOf(kind, other) });
      const nobodys = await askGraphql(user.client, query, { id: missing });
      assert.deepEqual(theirs.body.data, { [field]: null });
      assert.deepEqual(codesOf(theirs.body), codesOf(nobodys.body));
      assert.equal(theirs.body.errors[0].extensions.status, 404);
    }
    const theirs = await idOf('document', other);
    const search = `{ search(query: "hay", documentIds: ["${theirs}"]) { hits { text } } }`;
    assert.deepEqual(codesOf((await askGraphql(user.client, search)).body), ['document.not_found']);
    const parent = await idOf('assistant', other);
    const lists = `{ assistants(filter: { parentId: "${parent}" }) { nodes { id } } jobs(documentId: "${theirs}") { nodes { id } } }`;
    const { assistants, jobs } = await dataOfGraphql(user.client, lists);
    assert.deepEqual([assistants.nodes, jobs.nodes], [[], []]);
    // Rows of another user that hang on things of this one, as no writer would leave them.
    const mine = await idOf('assistant');
    const { items } = (
      await app.context.database.read.ownedPages.of(other.id, [mine], {
        list: 'documents',
        filter: {},
        limit: 5,
        after: null,
      })
    ).get(mine) ?? { items: [] };
    assert.deepEqual(items, [], 'pages of lists are scoped to their user');
    t.diagnostic(
      `${roots.length} kinds of things by id, ${roots.length} times the answer to an id that nobody has`,
    );
  });
});
