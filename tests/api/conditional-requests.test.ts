import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { expectedVersion, isUnchanged } from '#api/http/conditional-get.ts';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { callExample, exampleBody } from '#tests/support/endpoint-calls.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { Json, TestUser } from '#tests/support/http-client.ts';
import { lifePath } from '#tests/support/life-paths.ts';
import { recordQueries } from '#tests/support/query-recorder.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { insertLife, lifeId } from '#tests/support/whole-life-rows.ts';

/** Edits and deletions below something with a version that ask for no If-Match, with the reason. */
const UNCONDITIONAL: Readonly<Record<string, string>> = {
  bookmarkMemory: 'sets one mark to what the request says, whatever stood there: nothing can be lost',
  unbookmarkMemory: 'as bookmarkMemory',
  removeChainEntry: 'names the one entry it takes out; what else has changed makes no difference to it',
  deleteAccount: 'ends the account whatever its name is by now; the password is asked for instead',
};

/** GETs whose answers carry no tag, with the reason. */
const UNTAGGED: Readonly<Record<string, string>> = {
  auth: 'may show secrets, which are kept by nobody',
  'api-keys': 'may show secrets',
  integrations: 'may show secrets',
  followJob: 'an event stream has no end to be known',
};

/** GETs that this test cannot ask twice for the same, with the reason. */
const NOT_ASKED: Readonly<Record<string, string>> = {
  getDeadLetter: 'wants a dead job; the answer is tagged as any other JSON',
  getEmbeddingModel: 'as getDeadLetter',
  listRefusedTexts: 'as getDeadLetter',
  getDocsScript:
    'the version in its address is known to the page alone; tests/acceptance/docs-in-browser.test.ts follows it',
  getViewerStyle: 'as getDocsScript',
  readGraphql: 'wants a query; tests/api/graphql.test.ts asks it twice',
  listQueues: 'shows how long jobs have waited, which changes with the clock',
};

const EDITS: ReadonlySet<string> = new Set(['PATCH', 'PUT', 'DELETE']);

suite('conditional requests', () => {
  let app: TestApp;
  let owner: TestUser;
  let other: TestUser;
  let credential: string;
  before(async () => {
    app = await startTestApp({ SECURITY_CONTACT: 'mailto:security@donkey.example' });
    owner = await newLife('admin');
    other = await registerUser(app);
    credential = await newCredential(owner);
  });
  after(() => app[Symbol.asyncDispose]());

  const newLife = async (role = 'user'): Promise<TestUser> => {
    const user = await registerUser(app);
    await app.database.sql('update users set role = $2 where id = $1', [user.id, role]);
    await insertLife(app.database, [user.id], 3);
    return user;
  };
  const newCredential = async ({ client }: TestUser): Promise<string> => {
    const body = { provider: 'openai', label: 'One', secret: 'sk-0123456789abcdef0123456789abcdef' };
    const made = await client.post('integrations/credentials', body);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return made.body.data.id as string;
  };
  const tagged = (path: string): AnyEndpoint | undefined =>
    app.endpoints.find((one) => one.method === 'GET' && one.etag === 'version' && one.fullPath === path);
  /** The GET of what an operation changes: at its own path, or at one that it stands below. */
  const holderOf = ({ fullPath }: AnyEndpoint): AnyEndpoint | undefined => {
    const steps = fullPath.split('/');
    for (let length = steps.length; length > 3; length -= 1) {
      const found = tagged(steps.slice(0, length).join('/'));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const conditional = (): AnyEndpoint[] => app.endpoints.filter(({ precondition }) => precondition);

  test('every edit of what has a version asks for it, but for those that say why not', (t) => {
    const edits = app.endpoints.filter((one) => EDITS.has(one.method) && holderOf(one) !== undefined);
    for (const { operationId, precondition } of edits)
      assert.equal(precondition, UNCONDITIONAL[operationId] === undefined, operationId);
    const names = edits.map(({ operationId }) => operationId);
    for (const name of Object.keys(UNCONDITIONAL)) assert.ok(names.includes(name), `${name} is no exception`);
    for (const endpoint of conditional())
      assert.ok(names.includes(endpoint.operationId), endpoint.operationId);
    t.diagnostic(`${conditional().length} of ${edits.length} edits ask for If-Match`);
  });

  test('the contract says it: a required header, 428 and 412', async () => {
    const api: Json = (await owner.client.get('/openapi.json')).body;
    for (const { operationId, fullPath, method } of conditional()) {
      const operation = api.paths[fullPath.replace(/:(\w+)/g, '{$1}')][method.toLowerCase()];
      const header = operation.parameters.find((one: Json) => one.name === 'if-match');
      assert.deepEqual([header?.in, header?.required], ['header', true], operationId);
      for (const [status, code] of [
        ['428', 'precondition.required'],
        ['412', 'precondition.failed'],
      ] as const)
        assert.match(
          operation.responses[status].description,
          new RegExp(code.replace('.', '\\.')),
          operationId,
        );
    }
  });

  test('without If-Match: 428; with one that does not fit: 412; nothing is changed by either', async () => {
    for (const endpoint of conditional()) {
      const { operationId, method } = endpoint;
      const path = await lifePath(app.database, endpoint, owner.id, { credentials: credential });
      const read = await lifePath(app.database, holderOf(endpoint)!, owner.id, { credentials: credential });
      const asked = (ifMatch: string) =>
        owner.client.request(method, path, { ...exampleBody(endpoint), headers: { 'if-match': ifMatch } });
      const before = await owner.client.get(read);
      const missing = await asked('');
      assert.deepEqual([missing.status, missing.body.code], [428, 'precondition.required'], operationId);
      const current = before.headers.get('etag')!;
      const stale = ['"99.1"', `W/${current}`, 'nonsense', '"99.1", "98.1"', current.replace(/"$/, '-zip"')];
      for (const ifMatch of stale) {
        const { status, body } = await asked(ifMatch);
        assert.deepEqual([status, body.code], [412, 'precondition.failed'], `${operationId} ${ifMatch}`);
      }
      const now = await owner.client.get(read);
      assert.deepEqual([now.status, now.headers.get('etag')], [200, current], operationId);
    }
  });

  test('the tag of the one read fits, whatever workers have written since, and so does *', async () => {
    const path = `prompts/${await lifeId(app.database, 'prompt', owner.id)}`;
    const etag = (await owner.client.get(path)).headers.get('etag')!;
    await app.database.sql('update prompts set state = state + 5 where user_id = $1', [owner.id]);
    const first = await owner.client.patch(path, { tags: ['a'] }, { 'if-match': `"1.77", ${etag}` });
    assert.equal(first.status, 200, JSON.stringify(first.body));
    assert.equal((await owner.client.patch(path, { tags: ['b'] }, { 'if-match': etag })).status, 412);
    assert.equal((await owner.client.patch(path, { tags: ['c'] }, { 'if-match': '*' })).status, 200);
  });

  test("* on what there is not, or is another user's, is 404", async () => {
    for (const endpoint of conditional().filter(({ fullPath }) => fullPath.includes(':id'))) {
      const path = await lifePath(app.database, endpoint, owner.id, { credentials: credential });
      const { status } = await other.client.request(endpoint.method, path, exampleBody(endpoint));
      assert.equal(status, 404, endpoint.operationId);
    }
  });

  test('promise 40: of 50 edits with one ETag at once one is made', { timeout: 300_000 }, async (t) => {
    const figures: string[] = [];
    for (const endpoint of conditional()) {
      const user = await newLife();
      const made = endpoint.fullPath.includes('/credentials/') ? await newCredential(user) : '';
      const at = (one: AnyEndpoint) => lifePath(app.database, one, user.id, { credentials: made });
      const [path, read] = [await at(endpoint), await at(holderOf(endpoint)!)];
      const options = await editOf(endpoint, user);
      const etag = (await user.client.get(read)).headers.get('etag')!;
      const answers = await Promise.all(
        Array.from({ length: 50 }, () =>
          user.client.request(endpoint.method, path, { ...options, headers: { 'if-match': etag } }),
        ),
      );
      const won = answers.filter(({ status }) => status < 300);
      assert.equal(
        won.length,
        1,
        `${endpoint.operationId}: ${answers.map(({ status }) => status).join(' ')}`,
      );
      // Whoever comes after a deletion finds nothing to have a version.
      const lost = endpoint.method === 'DELETE' ? [404, 412] : [412];
      for (const { status, body } of answers)
        assert.ok(status < 300 || lost.includes(status), `${endpoint.operationId}: ${JSON.stringify(body)}`);
      figures.push(`${endpoint.operationId} ${won[0]!.status}`);
    }
    t.diagnostic(`50 at once with one tag, 1 made and 49 refused each time: ${figures.join(', ')}`);
  });

  /** What an edit sends so that it is carried out. */
  const editOf = async (endpoint: AnyEndpoint, user: TestUser) => {
    if (endpoint.operationId === 'reorderChain') {
      const chain = await lifePath(app.database, endpoint, user.id);
      const entries = await user.client.get(chain.replace(/order$/, 'entries'));
      return { json: { memory_ids: entries.body.data.map((one: Json) => one.memory.id).reverse() } };
    }
    if (endpoint.operationId === 'updateAssistant') return { json: { name: 'Edited' } };
    if (endpoint.operationId === 'deleteAssistant') {
      const id = await lifeId(app.database, 'assistant', user.id);
      await app.database.sql('update assistants set parent_id = null, depth = 0 where user_id = $1', [
        user.id,
      ]);
      for (const table of ['documents', 'memories', 'conversations', 'memory_chains', 'reflections'])
        await app.database.sql(`delete from ${table} where assistant_id = $1`, [id]);
    }
    return exampleBody(endpoint);
  };

  test('every GET answers 304 without a body to whoever has what it would send, and HEAD as GET', async (t) => {
    const api: Json = (await owner.client.get('/openapi.json')).body;
    let asked = 0;
    for (const endpoint of app.endpoints.filter(({ method }) => method === 'GET')) {
      const { operationId, etag, tag, fullPath } = endpoint;
      const operation = api.paths[fullPath.replace(/:(\w+)/g, '{$1}')].get;
      const parameter = operation.parameters.find((one: Json) => one.name === 'if-none-match');
      if (etag === 'none') {
        assert.ok(UNTAGGED[tag] ?? UNTAGGED[operationId], `${operationId} has no tag and no reason`);
        assert.deepEqual([parameter, operation.responses[304]], [undefined, undefined], operationId);
        continue;
      }
      assert.ok(parameter && operation.responses[304].headers.ETag, operationId);
      assert.ok(operation.responses[200].headers.ETag, operationId);
      if (NOT_ASKED[operationId] !== undefined) continue;
      const path = await lifePath(app.database, endpoint, owner.id, { credentials: credential });
      const first = await owner.client.get(path);
      const tagOfFirst = first.headers.get('etag');
      assert.ok(first.status === 200 && tagOfFirst !== null, `${operationId} ${first.status}`);
      const head = await owner.client.request('HEAD', path);
      assert.deepEqual([head.status, head.body], [200, ''], `HEAD ${operationId}`);
      for (const name of ['content-type', 'etag', 'cache-control', 'vary', 'link', 'deprecation'])
        assert.equal(head.headers.get(name), first.headers.get(name), `HEAD ${operationId}: ${name}`);
      assert.match(tagOfFirst, etag === 'version' ? /^"\d+\.\d+(-br|-gzip)?"$/ : /^"[^"]+"$/, operationId);
      for (const sent of [tagOfFirst, `"x", W/${tagOfFirst}`, '*']) {
        const again = await owner.client.get(path, { 'if-none-match': sent });
        assert.deepEqual([again.status, again.body], [304, ''], `${operationId} ${sent}`);
        const shown = [tagOfFirst, tagOfFirst.replace(/-(br|gzip)"$/, '"')];
        assert.ok(shown.includes(again.headers.get('etag') ?? ''), operationId);
      }
      assert.equal((await owner.client.get(path, { 'if-none-match': '"x"' })).status, 200, operationId);
      asked += 1;
    }
    t.diagnostic(`${asked} operations asked twice`);
  });

  test('a 304 reads the version and nothing else', async (t) => {
    const everything =
      'include=profile,capabilities,metrics,system_prompt,parent,children,documents,memories';
    const asAssistant = async (path: string) =>
      path.replace(':id', await lifeId(app.database, 'assistant', owner.id));
    const paths = [
      `${await asAssistant('assistants/:id')}?${everything}`,
      ...(await Promise.all(
        app.endpoints
          .filter((one) => one.method === 'GET' && one.etag === 'version' && one.fullPath.includes(':id'))
          .map((one) => lifePath(app.database, one, owner.id, { credentials: credential })),
      )),
    ];
    const figures: string[] = [];
    for (const path of paths) {
      using recorder = recordQueries();
      const { headers } = await owner.client.get(path);
      const full = recorder.queries.map(({ text }) => text);
      recorder.clear();
      const again = await owner.client.get(path, { 'if-none-match': headers.get('etag')! });
      const spare = recorder.queries.map(({ text }) => text);
      assert.equal(again.status, 304, path);
      assert.ok(spare.length <= full.length, `${path}: ${spare.length} statements instead of ${full.length}`);
      // All but the last say who is asking.
      const last = spare.at(-1) ?? '';
      assert.match(last, /version.+state/s, path);
      assert.doesNotMatch(last, /\bjoin\b|content|event|title|personality|summary/, path);
      figures.push(`${path.replace(/[0-9a-f-]{36}/, ':id').slice(0, 60)} ${full.length} -> ${spare.length}`);
    }
    t.diagnostic(`statements of a 200 and of a 304: ${figures.join('; ')}`);
  });

  test("a tag opens nobody else's things", async () => {
    const endpoints = app.endpoints.filter(
      ({ method, fullPath, ownership }) =>
        method === 'GET' && fullPath.includes(':id') && ownership === 'own',
    );
    for (const endpoint of endpoints.filter(({ etag }) => etag !== 'none')) {
      const path = await lifePath(app.database, endpoint, owner.id, { credentials: credential });
      const etag = (await owner.client.get(path)).headers.get('etag')!;
      for (const sent of [etag, '*']) {
        const { status } = await other.client.get(path, { 'if-none-match': sent });
        assert.equal(status, 404, `${endpoint.operationId} ${sent}`);
      }
    }
  });

  test('with includes the tag stands for all that is shown, and for nothing else', async () => {
    const user = await newLife();
    const id = await lifeId(app.database, 'assistant', user.id);
    const tagOf = async (include: string): Promise<string> =>
      (await user.client.get(`assistants/${id}?include=${include}`)).headers.get('etag')!;
    const steps: readonly [string, () => Promise<unknown>][] = [
      [
        'documents',
        async () =>
          user.client.patch(`documents/${await lifeId(app.database, 'document', user.id)}`, { title: 'New' }),
      ],
      [
        'memories',
        async () =>
          user.client.patch(`memories/${await lifeId(app.database, 'memory', user.id)}`, { title: 'New' }),
      ],
      ['children', () => user.client.patch('assistants/life-2', { name: 'New' })],
      ['profile', () => user.client.patch(`assistants/${id}/profile`, { tone: 'new' })],
      [
        'metrics',
        () =>
          app.database.sql('update assistant_metrics set trust_score = trust_score + 1 where user_id = $1', [
            user.id,
          ]),
      ],
    ];
    for (const [include, change] of steps) {
      const [before, others] = [await tagOf(include), await tagOf('parent')];
      await change();
      assert.notEqual(await tagOf(include), before, include);
      if (include !== 'profile') assert.equal(await tagOf('parent'), others, include);
    }
    const prompt = await lifeId(app.database, 'prompt', user.id);
    await user.client.put(`assistants/${id}/system-prompt`, { prompt_id: prompt });
    const chosen = await tagOf('system_prompt');
    await user.client.patch(`prompts/${prompt}`, { content: 'Be kinder.' });
    assert.notEqual(await tagOf('system_prompt'), chosen);
  });

  test("a memory's tag changes with the status of its vector", async () => {
    const user = await newLife();
    const path = `memories/${await lifeId(app.database, 'memory', user.id)}`;
    const before = (await user.client.get(path)).headers.get('etag')!;
    await app.database.sql(
      `insert into memory_embeddings (memory_id, model_id, user_id, assistant_id, status)
       select m.id, e.id, m.user_id, m.assistant_id, 'failed' from memories m, embedding_models e
       where m.user_id = $1 and e.is_active`,
      [user.id],
    );
    const after = await user.client.get(path, { 'if-none-match': before });
    assert.deepEqual([after.status, after.body.data.embedding_status], [200, 'failed']);
  });

  test('PATCH made of an answer that came packed fits', async () => {
    const client = owner.client;
    const path = `prompts/${await lifeId(app.database, 'prompt', owner.id)}`;
    await client.patch(path, { content: 'Be kind. '.repeat(300) });
    const packed = await client.get(path, { 'accept-encoding': 'gzip' });
    assert.match(packed.headers.get('etag')!, /-gzip"$/);
    const edit = await client.patch(path, { tags: ['x'] }, { 'if-match': packed.headers.get('etag')! });
    assert.equal(edit.status, 200);
  });

  test('nobody is asked for a version before being let in', async () => {
    const stranger = new HttpClient(app.url);
    for (const endpoint of conditional()) {
      const options = { ...exampleBody(endpoint), headers: { 'if-match': '' } };
      assert.ok(
        [401, 403].includes((await callExample(stranger, endpoint, options)).status),
        endpoint.operationId,
      );
    }
  });
});

test('tags are compared as RFC 9110 says', () => {
  const current = { version: 3, state: 9 };
  for (const fits of ['"3.9"', '"3.1"', '"1.1", "3.4"', '"3.9-br"'])
    assert.equal(expectedVersion(fits, current), 3);
  assert.equal(expectedVersion('*', current), null);
  for (const unfit of ['"2.9"', 'W/"3.9"', '3.9', '"3"', '"3.9-zip"', ''])
    assert.throws(() => expectedVersion(unfit, current), { code: 'precondition.failed' }, unfit);
  assert.ok(isUnchanged('W/"3.9"', '"3.9"') && isUnchanged('"3.9-br"', '"3.9"') && isUnchanged('*', '"3.9"'));
  assert.ok(
    !isUnchanged('"3.8"', '"3.9"') && !isUnchanged(undefined, '"3.9"') && !isUnchanged('*', undefined),
  );
});
