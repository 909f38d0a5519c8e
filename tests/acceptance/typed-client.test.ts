import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { asForm, createTypedClient } from '#tests/client/typed-client.ts';
import type { TypedClient } from '#tests/client/typed-client.ts';
import { startApiProcess } from '#tests/support/api-process.ts';
import type { ApiProcess } from '#tests/support/api-process.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const TEXT =
  'Hugo is the oldest donkey of the sanctuary. When it rains, he walks to the stone shelter by the river.';
const PASSWORD = 'a pass phrase of many words';
const ACCOUNT = { username: 'typed-ada', email: 'typed-ada@example.org', password: PASSWORD };

/** The answer of a call that must succeed; its type is the document's. */
function good<T>({ data, error }: { data?: T; error?: unknown; response: Response }): NonNullable<T> {
  assert.equal(error, undefined, JSON.stringify(error));
  assert.ok(data !== undefined && data !== null);
  return data;
}

suite('a client generated from the document lives a whole life', () => {
  let stage: TestStage;
  let url: string;
  let api: ApiProcess;
  let client: TypedClient;
  before(async () => {
    stage = await startStage();
    api = await startApiProcess(stage.env);
    url = api.url;
    await stage.startWorker();
    client = createTypedClient(url);
  });
  after(async () => {
    await api[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });

  const endOf = (id: string) =>
    waitFor(
      async () => {
        const job = good(await client.GET('/api/v1/jobs/{id}', { params: { path: { id } } })).data;
        return job.finished_at !== null && job;
      },
      { description: `the end of job ${id}` },
    );

  test('it registers, logs out and logs in, with the CSRF token by a middleware', async () => {
    const early = await client.POST('/api/v1/auth/register', { body: ACCOUNT });
    assert.equal(early.error?.code, 'auth.csrf_invalid');
    good(await client.GET('/api/v1/auth/csrf'));
    const { user } = good(await client.POST('/api/v1/auth/register', { body: ACCOUNT })).data;
    assert.equal(user.username, ACCOUNT.username);
    assert.equal((await client.POST('/api/v1/auth/logout')).response.status, 204);
    const gone = await client.GET('/api/v1/auth/me');
    assert.equal(gone.response.status, 401);
    assert.equal(gone.error?.code, 'auth.required');
    client = createTypedClient(url);
    good(await client.GET('/api/v1/auth/csrf'));
    const login = { username: ACCOUNT.username, password: PASSWORD };
    good(await client.POST('/api/v1/auth/login', { body: login }));
    assert.equal(good(await client.GET('/api/v1/auth/me')).data.email, ACCOUNT.email);
  });

  test('it makes an assistant, uploads a file, waits for the job and finds the passage', async () => {
    const body = { name: 'Keeper', profile: { persona: 'You look after donkeys.' } };
    const assistant = good(await client.POST('/api/v1/assistants', { body })).data;
    assert.equal(assistant.slug, 'keeper');
    const file = new File([TEXT], 'hugo.txt', { type: 'text/plain' });
    const upload = await client.POST('/api/v1/documents', {
      body: { assistant_id: assistant.id, title: 'About Hugo', tags: ['hugo'], file },
      bodySerializer: asForm,
    });
    assert.equal(upload.response.status, 202);
    const { document, job } = good(upload).data;
    assert.ok(job);
    assert.equal((await endOf(job.id)).status, 'succeeded');
    const path = { id: document.id };
    const read = good(await client.GET('/api/v1/documents/{id}', { params: { path } })).data;
    assert.deepEqual([read.status, read.title, read.tags], ['completed', 'About Hugo', ['hugo']]);
    const query = { query: 'Where does Hugo go when it rains?', limit: 3 };
    const hits = good(await client.POST('/api/v1/search', { body: query })).data;
    assert.equal(hits[0]?.document_id, document.id);
    assert.match(hits[0].text, /stone shelter/);
  });

  test('it talks, remembers and reflects', async () => {
    const memory = await client.POST('/api/v1/assistants/{id}/memories', {
      params: { path: { id: 'keeper' } },
      body: { event: 'Hugo is afraid of the vet.', type: 'fact', tags: ['hugo'] },
    });
    assert.equal(memory.response.status, 201);
    const conversation = good(
      await client.POST('/api/v1/conversations', { body: { assistant_id: 'keeper' } }),
    ).data;
    const answer = await client.POST('/api/v1/conversations/{id}/messages', {
      params: { path: { id: conversation.id } },
      body: { content: 'Where does Hugo walk to when it rains?' },
    });
    assert.equal(answer.response.status, 201);
    const page = good(
      await client.GET('/api/v1/conversations/{id}/messages', { params: { path: { id: conversation.id } } }),
    );
    const reply = page.data.at(-1);
    assert.deepEqual([page.data.length, reply?.role, reply?.status], [2, 'assistant', 'completed']);
    assert.match(reply?.content ?? '', /stone shelter.*\[\d+\]/s);
    const reflection = good(
      await client.POST('/api/v1/assistants/{id}/reflections', {
        params: { path: { id: 'keeper' } },
        body: { type: 'recent' },
      }),
    ).data;
    assert.ok('job' in reflection);
    await endOf(reflection.job.id);
    const path = { id: reflection.reflection.id };
    const written = good(await client.GET('/api/v1/reflections/{id}', { params: { path } })).data;
    assert.equal(written.status, 'completed');
    assert.match(written.summary ?? '', /Hugo/);
  });

  test('it edits under an ETag, is told of a stale one, and deletes', async () => {
    const path = { id: 'keeper' };
    const read = await client.GET('/api/v1/assistants/{id}', { params: { path } });
    const etag = read.response.headers.get('etag');
    assert.ok(etag);
    const header = { 'if-match': etag };
    const edit = (name: string) =>
      client.PATCH('/api/v1/assistants/{id}', { params: { path, header }, body: { name } });
    assert.equal(good(await edit('Head keeper')).data.name, 'Head keeper');
    const stale = await edit('Somebody else');
    assert.equal(stale.response.status, 412);
    assert.equal(stale.error?.code, 'precondition.failed');
    const now = await client.GET('/api/v1/assistants/{id}', { params: { path } });
    const fresh = { 'if-match': now.response.headers.get('etag') ?? '' };
    const busy = await client.DELETE('/api/v1/assistants/{id}', { params: { path, header: fresh } });
    assert.equal(busy.error?.code, 'assistant.in_use');
    const removed = await client.DELETE('/api/v1/assistants/{id}', {
      params: { path, header: fresh, query: { force: true } },
    });
    assert.equal(removed.response.status, 204);
    const missing = await client.GET('/api/v1/assistants/{id}', { params: { path } });
    assert.deepEqual([missing.response.status, missing.error?.code], [404, 'assistant.not_found']);
    assert.deepEqual(good(await client.GET('/api/v1/documents')).data, []);
  });

  test('what the document does not have is no valid program', () => {
    const unsound = (): unknown => [
      // @ts-expect-error there is no such address
      client.GET('/api/v1/donkeys'),
      // @ts-expect-error a name is a text
      client.POST('/api/v1/assistants', { body: { name: 1 } }),
      // @ts-expect-error the id is missing
      client.GET('/api/v1/documents/{id}', {}),
    ];
    assert.equal(typeof unsound, 'function');
  });
});
