import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { batchObstacle } from '#api/batch/batch-policy.ts';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { asksForProof } from '#api/http/prove-presence.ts';
import { makeApiKey } from '#tests/support/api-keys.ts';
import { ask, beginConversation } from '#tests/support/conversation.ts';
import { askGraphql, dataOfGraphql } from '#tests/support/graphql.ts';
import type { HttpClient, RequestOptions, TestResponse } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';

/** What the first user owns, in every state that some operation asks for. */
interface Possessions {
  readonly assistants: readonly string[];
  readonly memories: readonly string[];
  readonly memoryChains: readonly string[];
  readonly conversations: readonly string[];
  readonly messages: readonly string[];
  readonly reflections: readonly string[];
  readonly prompts: readonly string[];
  readonly documents: readonly string[];
  readonly jobs: readonly string[];
  readonly sessions: readonly string[];
  readonly apiKeys: readonly string[];
  readonly credentials: readonly string[];
  readonly exports: readonly string[];
}

type Resource =
  | 'assistant'
  | 'memory'
  | 'reflection'
  | 'memory_chain'
  | 'conversation'
  | 'message'
  | 'document'
  | 'job'
  | 'session'
  | 'api_key'
  | 'credential'
  | 'prompt'
  | 'export';

/** Names of fields, wherever they stand in a request, that take the id of something. */
const ID_FIELDS: Readonly<Record<string, Resource>> = {
  assistant_id: 'assistant',
  conversation_id: 'conversation',
  message_id: 'message',
  parent_memory_id: 'memory',
  memory_ids: 'memory',
  chain_id: 'memory_chain',
  ids: 'memory',
  parent_id: 'assistant',
  system_prompt_id: 'prompt',
  prompt_id: 'prompt',
  memory_id: 'memory',
  document_id: 'document',
  document_ids: 'document',
};

suite('promise 32 and ASVS 8.2.2: the things of another user', () => {
  let stage: TestStage;
  let first: Owner;
  let second: Owner;
  let owned: Possessions;
  /** A chain of the second user. */
  let ownChain: string;
  before(async () => {
    stage = await startStage();
    [first, second] = await Promise.all([stage.newOwner(), stage.newOwner()]);
    owned = await makePossessions(stage, first);
    const chain = await second.client.post('memory-chains', { assistant_id: 'librarian', title: 'Own' });
    ownChain = chain.body.data.id;
  });
  after(() => stage[Symbol.asyncDispose]());

  const idsOf = (resource: Resource): readonly string[] =>
    ({
      assistant: owned.assistants,
      memory: owned.memories,
      reflection: owned.reflections,
      memory_chain: owned.memoryChains,
      conversation: owned.conversations,
      message: owned.messages,
      prompt: owned.prompts,
      document: owned.documents,
      job: owned.jobs,
      session: owned.sessions,
      api_key: owned.apiKeys,
      credential: owned.credentials,
      export: owned.exports,
    })[resource];

  /** Everything that is stored of the first user. */
  const snapshot = (): Promise<unknown[]> =>
    Promise.all(
      [
        'prompts',
        'assistants',
        'memories',
        'memory_embeddings',
        'memory_chains',
        'memory_chain_entries',
        'assistant_profiles',
        'assistant_capabilities',
        'assistant_skills',
        'assistant_metrics',
        'delegation_events',
        'documents',
        'document_files',
        'document_texts',
        'document_chunks',
        'jobs',
        'job_attempts',
        'webhook_secrets',
        'sessions',
        'integration_credentials',
        'account_export_parts',
        'account_exports',
        'conversations',
        'messages',
        'conversation_archives',
        'memories',
      ].map((table) =>
        stage.sql(`select md5(t::text) as row from ${table} t where user_id = $1 order by 1`, [first.id]),
      ),
    );

  const assertNotFound = (response: TestResponse, code: string, what: string): void => {
    assert.equal(response.status, 404, `${what}: ${JSON.stringify(response.body)}`);
    assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/, what);
    assert.equal(response.body.code, code, what);
  };
  /** An answer without what differs between any two requests. */
  const alike = ({ status, body }: TestResponse): unknown => ({
    status,
    ...body,
    instance: undefined,
    correlation_id: undefined,
  });

  test('fault 12: every operation on an id answers 404 and changes nothing', async (t) => {
    // What administrators reach is everybody's.
    const endpoints = stage.app.endpoints.filter(
      ({ fullPath, ownership }) => fullPath.includes('/:') && ownership === 'own',
    );
    assert.ok(endpoints.length >= 12, 'there are such operations');
    const before = await snapshot();
    let tried = 0;
    for (const endpoint of endpoints) {
      const resource = resourceOf(endpoint);
      assert.ok(resource, `${endpoint.operationId} takes a parameter that this test does not know`);
      const ids = idsOf(resource);
      assert.ok(ids.length > 0);
      const unknown = await send(second.client, endpoint, uuidv7());
      assertNotFound(unknown, `${resource}.not_found`, endpoint.operationId);
      for (const id of ids) {
        const answer = await send(second.client, endpoint, id);
        assertNotFound(answer, `${resource}.not_found`, `${endpoint.operationId} ${id}`);
        assert.deepEqual(alike(answer), alike(unknown), 'as if there were no such thing');
        tried += 1;
      }
    }
    assert.deepEqual(await snapshot(), before);
    // The same requests reach what they name when their owner sends them, or this test would prove nothing.
    for (const endpoint of endpoints.filter(({ method }) => method === 'GET')) {
      const [id] = idsOf(resourceOf(endpoint)!);
      assert.equal((await send(first.client, endpoint, id!)).status, 200, endpoint.operationId);
    }
    t.diagnostic(`${tried} calls of ${endpoints.length} operations with the ids of another user: 0 leaks`);
  });

  test('promise 32: as an operation of a batch, alone and atomic, it is no different', async (t) => {
    const endpoints = stage.app.endpoints.filter(
      (endpoint) =>
        endpoint.fullPath.includes('/:') &&
        endpoint.ownership === 'own' &&
        batchObstacle(endpoint, true) === undefined &&
        !asksForProof(endpoint, endpoint.example.query ?? {}),
    );
    assert.ok(endpoints.length >= 40, `${endpoints.length} operations`);
    const before = await snapshot();
    let tried = 0;
    for (const endpoint of endpoints) {
      const resource = resourceOf(endpoint)!;
      const { body } = endpoint.example;
      for (const id of idsOf(resource))
        for (const atomic of [false, true]) {
          const operation = {
            method: endpoint.method,
            path: pathOn(endpoint, id),
            ...(endpoint.precondition ? { headers: { 'if-match': '*' } } : {}),
            ...(body ? { body } : {}),
          };
          const answer = await second.client.post('batch', { operations: [operation], atomic });
          assert.equal(answer.status, 200, JSON.stringify(answer.body));
          const [item] = answer.body.data;
          const what = `${endpoint.operationId} ${id} ${JSON.stringify(item.body)}`;
          assert.deepEqual([item.status, item.body.code], [404, `${resource}.not_found`], what);
          tried += 1;
        }
    }
    assert.deepEqual(await snapshot(), before);
    // And they reach what they name when its owner sends them.
    for (const endpoint of endpoints.filter(({ method }) => method === 'GET')) {
      const [id] = idsOf(resourceOf(endpoint)!);
      const operations = [{ method: 'GET', path: pathOn(endpoint, id!) }];
      const { body } = await first.client.post('batch', { operations });
      assert.equal(body.data[0].status, 200, endpoint.operationId);
    }
    t.diagnostic(`${tried} operations of batches on ${endpoints.length} routes: 0 leaks`);
  });

  const spawnOf = (body: object): Promise<TestResponse> =>
    second.client.post('assistants/librarian/children', { reason: 'Curious.', ...body });
  const bodies: Readonly<Record<string, (id: string) => Promise<TestResponse[]>>> = {
    'uploadDocument assistant_id': async (id) => [
      await second.client.post('documents', { assistant_id: id, title: 'Mine', text: `For ${id}.` }),
      await second.client.upload('documents', { assistant_id: id }, { name: 'a.txt', bytes: `For ${id}.` }),
    ],
    'createConversation assistant_id': async (id) => [
      await second.client.post('conversations', { assistant_id: id }),
    ],
    ...Object.fromEntries(
      ['conversation_id', 'message_id', 'document_id', 'parent_memory_id'].map((field) => [
        `writeMemory ${field}`,
        async (id: string) => [
          await second.client.post('assistants/librarian/memories', { event: `From ${id}.`, [field]: id }),
        ],
      ]),
    ),
    'searchMemories assistant_id': async (id) => [
      await second.client.post('memories/search', { query: 'donkey', assistant_id: id }),
    ],
    'deleteMemories ids': async (id) => [await second.client.post('memories/batch-delete', { ids: [id] })],
    'createChain assistant_id': async (id) => [
      await second.client.post('memory-chains', { assistant_id: id, title: 'Mine' }),
    ],
    'addChainEntries memory_ids': async (id) => [
      await second.client.post(`memory-chains/${ownChain}/entries`, { memory_ids: [id] }),
    ],
    'createReflection memory_ids': async (id) => [
      await second.client.post('assistants/librarian/reflections', { type: 'memories', memory_ids: [id] }),
    ],
    'createReflection chain_id': async (id) => [
      await second.client.post('assistants/librarian/reflections', { type: 'chain', chain_id: id }),
    ],
    'createReflection document_id': async (id) => [
      await second.client.post('assistants/librarian/reflections', { type: 'document', document_id: id }),
    ],
    'createAssistant parent_id': async (id) => [
      await second.client.post('assistants', { name: 'Mine', parent_id: id }),
    ],
    'createAssistant system_prompt_id': async (id) => [
      await second.client.post('assistants', { name: 'Mine', system_prompt_id: id }),
    ],
    'updateAssistant parent_id': async (id) => [
      await second.client.patch('assistants/librarian', { parent_id: id }),
    ],
    'updateAssistant system_prompt_id': async (id) => [
      await second.client.patch('assistants/librarian', { system_prompt_id: id }),
    ],
    'setSystemPrompt prompt_id': async (id) => [
      await second.client.request('PUT', 'assistants/librarian/system-prompt', { json: { prompt_id: id } }),
    ],
    'spawnChild system_prompt_id': async (id) => [await spawnOf({ system_prompt_id: id })],
    'spawnChild memory_id': async (id) => [await spawnOf({ memory_id: id })],
    'spawnChild document_id': async (id) => [await spawnOf({ document_id: id })],
    'search assistant_id': async (id) => [
      await second.client.post('search', { query: 'donkey', assistant_id: id }),
    ],
    'search document_ids': async (id) => [
      await second.client.post('search', { query: 'donkey', document_ids: [id] }),
      await second.client.post('search', { query: 'donkey', document_ids: [uuidv7(), id] }),
    ],
  };
  const filters: Readonly<Record<string, (client: HttpClient, id: string) => Promise<TestResponse>>> = {
    'listMemories assistant_id': (client, id) => client.get(`memories?assistant_id=${id}`),
    'listMemories conversation_id': (client, id) => client.get(`memories?conversation_id=${id}`),
    'listMemories document_id': (client, id) => client.get(`memories?document_id=${id}`),
    'listAssistantMemories conversation_id': (client, id) =>
      client.get(`assistants/librarian/memories?conversation_id=${id}`),
    'listAssistantMemories document_id': (client, id) =>
      client.get(`assistants/librarian/memories?document_id=${id}`),
    'listChains assistant_id': (client, id) => client.get(`memory-chains?assistant_id=${id}`),
    'listAssistants parent_id': (client, id) => client.get(`assistants?parent_id=${id}`),
    'listDocuments assistant_id': (client, id) => client.get(`documents?assistant_id=${id}`),
    'listConversations assistant_id': (client, id) => client.get(`conversations?assistant_id=${id}`),
    'listJobs document_id': (client, id) => client.get(`jobs?document_id=${id}`),
  };

  /** What is only compared with ids that the user has: whatever else is sent makes no difference. */
  const compared = ['reorderChain memory_ids'];

  test('promise 32: GraphQL finds nothing of it by any id', async (t) => {
    const fields: Partial<Record<Resource, string>> = {
      assistant: 'assistant',
      memory: 'memory',
      reflection: 'reflection',
      memory_chain: 'memoryChain',
      conversation: 'conversation',
      prompt: 'prompt',
      document: 'document',
      job: 'job',
    };
    const before = await snapshot();
    let asked = 0;
    for (const [resource, field] of Object.entries(fields) as [Resource, string][])
      for (const id of idsOf(resource)) {
        const query = `query($id: ID!) { ${field}(id: $id) { __typename id } }`;
        if (id !== 'librarian') {
          const { body } = await askGraphql(second.client, query, { id });
          assert.deepEqual(body.data, { [field]: null }, `${field} ${id}`);
          assert.equal(body.errors[0].extensions.code, `${resource}.not_found`);
        }
        assert.ok((await dataOfGraphql(first.client, query, { id }))[field].id, `${field} ${id}: their own`);
        asked += 1;
      }
    assert.deepEqual(await snapshot(), before);
    t.diagnostic(`${asked} ids over ${Object.keys(fields).length} fields: 0 leaks`);
  });

  test('ids in bodies answer 404, ids in filters find nothing', async () => {
    const before = await snapshot();
    const known = [...Object.keys(bodies), ...Object.keys(filters), ...compared].sort();
    const own = stage.app.endpoints.filter(({ ownership }) => ownership === 'own');
    // An alias is its successor at another address; the test before has tried both.
    const fields = own.filter(({ deprecation }) => deprecation === undefined).flatMap(idFieldsOf);
    assert.deepEqual(fields.sort(), known, 'every id field is tried');
    for (const [name, call] of Object.entries(bodies)) {
      const resource = ID_FIELDS[name.split(' ')[1]!]!;
      for (const id of idsOf(resource))
        for (const answer of await call(id)) assertNotFound(answer, `${resource}.not_found`, name);
    }
    for (const [name, call] of Object.entries(filters)) {
      const [id] = idsOf(ID_FIELDS[name.split(' ')[1]!]!);
      assert.ok((await call(first.client, id!)).body.data.length > 0, name);
      const { status, body } = await call(second.client, id!);
      assert.equal(status, 200);
      assert.deepEqual(body.data, [], name);
    }
    const order = (id: string) =>
      second.client.request('PUT', `memory-chains/${ownChain}/order`, { json: { memory_ids: [id] } });
    for (const id of owned.memories) assert.deepEqual(alike(await order(id)), alike(await order(uuidv7())));
    assert.deepEqual(await snapshot(), before);
  });

  test('lists and searches show nothing of it', async () => {
    for (const path of [
      'assistants',
      'memories',
      'memory-chains',
      'documents',
      'jobs',
      'conversations',
      'auth/api-keys',
      'auth/audit',
      'prompts',
    ]) {
      const mine = (await first.client.get(`${path}?limit=100`)).body.data as { id: string }[];
      assert.ok(mine.length > 0);
      const theirs = (await second.client.get(`${path}?limit=100`)).body.data as { id: string }[];
      assert.ok(
        theirs.every(({ id }) => !mine.some((item) => item.id === id)),
        path,
      );
    }
    for (const mode of ['hybrid', 'vector', 'text']) {
      const search = { query: 'the grey donkey and its secret', mode, limit: 200 };
      assert.ok((await first.client.post('search', search)).body.data.length > 0);
      assert.deepEqual((await second.client.post('search', search)).body.data, [], mode);
    }
  });

  test('the same bytes and the same slug are no link between users', async () => {
    const [text] = await stage.sql<{ content: string }>(
      'select content from document_texts where user_id = $1',
      [first.id],
    );
    const copy = accepted(await second.uploadText('The same', text!.content));
    assert.ok(!owned.documents.includes(copy.documentId));
    const [mine, theirs] = await Promise.all(
      [first, second].map(
        async ({ client }) => (await client.get('assistants/librarian')).body.data.id as string,
      ),
    );
    assert.equal(mine, first.assistantId);
    assert.equal(theirs, second.assistantId);
  });
});

/** An assistant only the first user has, a complete, a failed and a queued document, and their jobs. */
async function makePossessions(stage: TestStage, owner: Owner): Promise<Possessions> {
  const prompt = (await owner.client.post('prompts', { title: 'Treasure', content: 'Guard it.' })).body.data;
  const treasury = (await owner.client.post('assistants', { name: 'Treasurer', system_prompt_id: prompt.id }))
    .body.data;
  for (const { id } of [treasury, { id: owner.assistantId }]) {
    const child = await owner.client.post(`assistants/${id}/children`, { reason: 'Much to guard.' });
    assert.equal(child.status, 201, JSON.stringify(child.body));
  }
  const worker = await stage.startWorker();
  const complete = accepted(await owner.uploadText('Secret', 'The grey donkey keeps its secret.'));
  const failed = accepted(
    await owner.uploadFile({ name: 'broken.pdf', bytes: '%PDF-1.7\nno PDF\nstartxref\n0\n%%EOF\n' }),
  );
  await endOfJob(owner.client, complete.jobId);
  assert.equal((await endOfJob(owner.client, failed.jobId)).status, 'failed');
  const asked = (await owner.client.post('auth/export')).body.data;
  assert.equal((await endOfJob(owner.client, asked.job.id)).status, 'succeeded');
  const apiKey = await makeApiKey(stage.app, owner);
  const credential = await owner.client.post('integrations/credentials', {
    provider: 'openai',
    label: 'Mine',
    secret: 'sk-this-is-a-secret-of-the-first',
  });
  assert.equal(credential.status, 201, JSON.stringify(credential.body));
  const told = await owner.client.post('assistants/librarian/reflections', {
    type: 'feedback',
    rating: 4,
    content: 'It keeps secrets well.',
  });
  assert.equal(told.status, 201, JSON.stringify(told.body));
  const talks = await makeConversations(owner);
  const memories = await makeMemories(owner, complete.documentId, talks);
  await worker.stop('SIGTERM');
  const queued = accepted(await owner.uploadText('Queued', 'Waits for a worker.'));
  const parts = await stage.sql<{ id: string }>(
    'select id from jobs where document_id = $1 and parent_id is not null',
    [queued.documentId],
  );
  return {
    assistants: [owner.assistantId, treasury.id, treasury.slug],
    ...memories,
    reflections: [told.body.data.reflection.id],
    prompts: [prompt.id, prompt.slug],
    documents: [complete, failed, queued].map(({ documentId }) => documentId),
    jobs: [complete, failed, queued].map(({ jobId }) => jobId).concat(parts.map(({ id }) => id)),
    apiKeys: [apiKey.id],
    credentials: [credential.body.data.id],
    exports: [asked.export.id],
    ...talks,
    sessions: (await owner.client.get('auth/sessions')).body.data.map(({ id }: { id: string }) => id),
  };
}

/** A conversation with a reply, an archived one, and their messages. */
async function makeConversations(owner: Owner): Promise<Pick<Possessions, 'conversations' | 'messages'>> {
  const open = await beginConversation(owner.client, owner.assistantId);
  const { message, reply } = await ask(owner.client, open, 'My secret is a grey donkey. What is its secret?');
  const archived = await beginConversation(owner.client, owner.assistantId);
  await ask(owner.client, archived, 'And this is put away.');
  assert.equal((await owner.client.post(`conversations/${archived}/archive`)).status, 200);
  return { conversations: [open, archived], messages: [reply.id, message.id] };
}

/** A memory with all that it can come from, in a chain. */
async function makeMemories(
  owner: Owner,
  documentId: string,
  { conversations: [conversation], messages: [, message] }: Pick<Possessions, 'conversations' | 'messages'>,
): Promise<Pick<Possessions, 'memories' | 'memoryChains'>> {
  const memory = await owner.client.post('assistants/librarian/memories', {
    event: 'The keeper of the secret is called Hugo.',
    conversation_id: conversation,
    message_id: message,
    document_id: documentId,
  });
  assert.equal(memory.status, 201, JSON.stringify(memory.body));
  const { id } = memory.body.data;
  const chain = await owner.client.post('memory-chains', { assistant_id: 'librarian', title: 'Secrets' });
  const added = await owner.client.post(`memory-chains/${chain.body.data.id}/entries`, { memory_ids: [id] });
  assert.equal(added.status, 200, JSON.stringify(added.body));
  return {
    memories: [id],
    memoryChains: [chain.body.data.id],
  };
}

const PATHS: Readonly<Record<string, Resource>> = {
  assistants: 'assistant',
  memories: 'memory',
  'memory-chains': 'memory_chain',
  reflections: 'reflection',
  prompts: 'prompt',
  documents: 'document',
  jobs: 'job',
  conversations: 'conversation',
  messages: 'message',
  'auth/sessions': 'session',
  'auth/api-keys': 'api_key',
  'auth/exports': 'export',
  'integrations/credentials': 'credential',
};

/** Whose id a path takes; undefined for paths that this test does not know. */
function resourceOf({ fullPath }: AnyEndpoint): Resource | undefined {
  const [, path = ''] = /^\/api\/(?:v1\/)?([a-z/-]+)\/:id(?:\/[a-z-]+(?:\/:\w+)?)?$/.exec(fullPath) ?? [];
  return PATHS[path];
}

/** Path of the endpoint's own example, on another id. */
function pathOn({ fullPath, example }: AnyEndpoint, id: string): string {
  const others = example.params ?? {};
  return fullPath.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(name === 'id' ? id : String(others[name])),
  );
}

/** Sends the endpoint's own example, on another id. */
async function send(client: HttpClient, endpoint: AnyEndpoint, id: string): Promise<TestResponse> {
  const { body } = endpoint.example;
  const options: RequestOptions = body === undefined ? {} : { json: body };
  const path = pathOn(endpoint, id);
  if (!endpoint.operationId.startsWith('follow')) return client.request(endpoint.method, path, options);
  // A stream that is given is not read to its end.
  const abort = new AbortController();
  const response = await client.send(endpoint.method, path, { ...options, signal: abort.signal });
  if (response.status !== 200) {
    return { status: response.status, headers: response.headers, body: await response.json() };
  }
  abort.abort();
  return { status: 200, headers: response.headers, body: '' };
}

/** "operation field" for every field of body, form and query that takes an id. */
function idFieldsOf(endpoint: AnyEndpoint): string[] {
  const names = [endpoint.body, endpoint.form, endpoint.query].flatMap((schema) =>
    Object.keys((schema?.describe().keys as object | undefined) ?? {}),
  );
  return [...new Set(names.filter((name) => /(^|_)ids?$/.test(name)))].map(
    (name) => `${endpoint.operationId} ${name}`,
  );
}
