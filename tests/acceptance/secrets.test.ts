import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import { fromBufferPromise } from 'yauzl';
import { createLogger } from '#shared/logging/logger.ts';
import { closeRedisClient, connectOnce, createRedisClient } from '#shared/redis/client.ts';
import { makeApiKey } from '#tests/support/api-keys.ts';
import { startCompletionServer } from '#tests/support/completion-server.ts';
import type { CompletionServer } from '#tests/support/completion-server.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import { HttpClient } from '#tests/support/http-client.ts';
import type { RequestOptions } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { findLeaks, findLeaksInTables, readRedis } from '#tests/support/leak-search.ts';
import type { Canary, Place } from '#tests/support/leak-search.ts';
import { startProductProcess } from '#tests/support/product-process.ts';
import type { ProductProcess } from '#tests/support/product-process.ts';
import { testEnv } from '#tests/support/test-config.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';
import { startWorkerProcess } from '#tests/support/worker-process.ts';
import type { WorkerProcess } from '#tests/support/worker-process.ts';
import { waitFor } from '#tests/support/wait-for.ts';
import { startWebhookReceiver } from '#tests/support/webhook-receiver.ts';

const canary = (): string => `Cnry${randomBytes(12).toString('hex')}`;

/** A client that keeps what it was answered, and every cookie and token it was given. */
class WatchedClient extends HttpClient {
  readonly answers: Place[];
  readonly issued: Set<string>;

  constructor(url: string, answers: Place[], issued: Set<string>) {
    super(url);
    this.answers = answers;
    this.issued = issued;
  }

  override async send(
    method: string,
    path: string,
    options: RequestOptions & { readonly signal?: AbortSignal } = {},
  ): Promise<Response> {
    const response = await super.send(method, path, options);
    for (const value of this.cookies.values()) this.issued.add(value);
    const text = await response.clone().text();
    const token = /"csrf_token":"([^"]+)"/.exec(text)?.[1];
    if (token !== undefined) this.issued.add(token);
    const headers = [...response.headers].filter(([name]) => name !== 'set-cookie').join('\n');
    this.answers.push({
      name: `answer ${response.status} to ${method} ${path}`,
      // A token is given to whom it belongs to, once; everywhere else it is a leak.
      text: `${headers}\n${text.replace(/"csrf_token":"[^"]+"/, '')}`,
    });
    return response;
  }
}

suite('promise 31: secrets stay where they belong (ASVS 5.0 14.2.4)', () => {
  const secrets = {
    password: canary(),
    wrongPassword: canary(),
    newPassword: canary(),
    providerKey: `sk-${canary()}`,
    completionKey: `sk-${canary()}`,
    ownProviderKey: `sk-${canary()}`,
    rotatedProviderKey: `sk-${canary()}`,
    csrfSecret: canary().repeat(2),
  };
  const documentText = canary();
  const query = canary();
  const memoryText = canary();
  const messageText = canary();
  const reflectionText = canary();
  const feedbackText = canary();
  const answers: Place[] = [];
  const issued = new Set<string>();
  let stack: AsyncDisposableStack;
  let database: TestDatabase;
  let api: ProductProcess & { readonly url: string; readonly metricsUrl: string };
  let worker: WorkerProcess;
  let env: ReturnType<typeof testEnv>;
  let apiKey = '';
  let webhookSecret = '';
  let exported = '';
  let completion: CompletionServer;

  before(async () => {
    stack = new AsyncDisposableStack();
    database = stack.use(await createTestDatabase());
    const embedding = stack.use(await startEmbeddingServer());
    completion = stack.use(await startCompletionServer());
    env = testEnv({
      DATABASE_URL: database.url,
      CSRF_SECRET: secrets.csrfSecret,
      ...embedding.env,
      EMBEDDING_API_KEY: secrets.providerKey,
      ...completion.env,
      COMPLETION_API_KEY: secrets.completionKey,
      JOB_LEASE_MS: '1000',
      RELAY_INTERVAL_MS: '100',
      PROVIDER_ALLOWED_HOSTS: '127.0.0.1',
    });
    const logged = { ...env, LOG_LEVEL: 'trace' } as const;
    const started = await startProductProcess('api/main.ts', logged, 'listening');
    api = {
      ...stack.use(started.process),
      url: String(started.ready.address),
      metricsUrl: `http://127.0.0.1:${String(started.ready.metrics_port)}/metrics`,
    };
    worker = stack.use(await startWorkerProcess(logged));
    await everyFlow(embedding);
  });
  after(() => stack.disposeAsync());

  const newClient = async (): Promise<WatchedClient> => {
    const client = new WatchedClient(api.url, answers, issued);
    await client.get('auth/csrf');
    return client;
  };

  /** Goes through whatever touches a secret, well and badly. */
  async function everyFlow(embedding: Awaited<ReturnType<typeof startEmbeddingServer>>): Promise<void> {
    const account = { username: 'canary', email: 'canary@example.org' };
    const client = await newClient();
    await expect(client.post('auth/register', { ...account, password: secrets.password }), 201);
    await failures(account.username);
    await client.post('auth/refresh');
    const assistant = await expect(client.post('assistants', { name: 'Keeper' }), 201);
    const assistantId: string = assistant.body.data.id;
    const upload = (title: string) =>
      client.post('documents', {
        assistant_id: assistantId,
        title,
        text: `${title}: ${documentText} and more.`,
      });
    const good = accepted(await upload('Good'));
    await endOfJob(client, good.jobId);
    await client.get('jobs');
    await expect(client.post('search', { query }), 200);
    await talking(client, assistantId);
    const credential = await expect(
      client.post('integrations/credentials', {
        provider: 'openai',
        label: 'Mine',
        secret: secrets.ownProviderKey,
      }),
      201,
    );
    const credentialPath = `integrations/credentials/${credential.body.data.id}`;
    await expect(client.post(`${credentialPath}/rotate`, { secret: secrets.rotatedProviderKey }), 200);
    await client.get('integrations/credentials');
    await client.post('integrations/credentials', {
      provider: 'nobody',
      label: 'Mine',
      secret: secrets.ownProviderKey,
    });
    await endOfJob(client, accepted(await upload('With a key of its own')).jobId);
    await talking(client, assistantId);
    await remembering(client, assistantId);
    embedding.behave({ status: 401 });
    assert.equal((await endOfJob(client, accepted(await upload('Refused')).jobId)).status, 'failed');
    await client.post('search', { query });
    embedding.behave('answer');
    await programs(client);
    await webhooks(client, assistantId);
    await expect(client.post('auth/reauthenticate', { password: secrets.password }), 204);
    await client.post('auth/reauthenticate', { password: secrets.wrongPassword });
    await exporting(client);
    await expect(
      client.request('POST', 'auth/password', {
        json: { current_password: secrets.password, new_password: secrets.newPassword },
      }),
      204,
    );
    await client.post('auth/password-reset', { username: account.username });
    await client.post('auth/password-reset/confirm', {
      token: secrets.wrongPassword,
      password: secrets.newPassword,
    });
    await client.get('auth/sessions');
    await client.get('auth/audit');
    await client.post('auth/logout');
    await closing(account.username);
  }

  /** Replies that succeed and that fail, told at once and streamed. */
  async function talking(client: WatchedClient, assistantId: string): Promise<void> {
    const made = await expect(client.post('conversations', { assistant_id: assistantId }), 201);
    const path = `conversations/${made.body.data.id}/messages`;
    for (const behaviour of [{ say: ['Well.'] }, { status: 401 }, { status: 503 }, { cut: ['Well'] }]) {
      completion.behave(behaviour);
      for (const stream of [false, true])
        await expect(client.post(`${path}?explain=true`, { content: query, stream }), stream ? 200 : 201);
    }
    assert.ok(completion.keys.length >= 8);
  }

  /** What an assistant is told, remembers and thinks, well and badly. */
  async function remembering(client: WatchedClient, assistantId: string): Promise<void> {
    const home = `assistants/${assistantId}`;
    const event = `The key of the barn hangs behind the ${memoryText} door.`;
    const memory = (await expect(client.post(`${home}/memories`, { event }), 201)).body.data.id as string;
    await client.post(`${home}/memories`, { event, importance: 99 });
    await client.patch(`memories/${memory}`, { event: `${event} ${event}`.repeat(200) });
    await expect(client.post('memories/search', { query: memoryText, assistant_id: assistantId }), 200);
    const chained = { assistant_id: assistantId, title: 'Keys' };
    const chain = (await expect(client.post('memory-chains', chained), 201)).body.data.id as string;
    await expect(client.post(`memory-chains/${chain}/entries`, { memory_ids: [memory] }), 200);
    await expect(client.get(`memory-chains/${chain}/entries`), 200);
    await expect(client.get(`${home}?include=profile,capabilities,system_prompt`), 200);
    const talk = await expect(client.post('conversations', { assistant_id: assistantId }), 201);
    const content = `My donkey is called ${messageText}, remember that.`;
    const path = `conversations/${talk.body.data.id}/messages`;
    completion.behave({ say: ['Well.'] });
    await expect(client.post(path, { content }), 201);
    await client.post(path, { content: { said: content } });
    for (const behaviour of [{ say: [`${reflectionText} matters.`] }, { status: 401 }]) {
      completion.behave(behaviour);
      const summary = await expect(client.post(`memory-chains/${chain}/summary`), 202);
      await endOfJob(client, summary.body.data.id);
      const asked = await expect(client.post(`${home}/reflections`, { type: 'memories', force: true }), 202);
      await endOfJob(client, asked.body.data.job.id);
      await expect(client.get(`reflections/${asked.body.data.reflection.id}`), 200);
    }
    const feedback = { type: 'feedback', rating: 2, content: `It forgot ${feedbackText}.` };
    await expect(client.post(`${home}/reflections`, feedback), 201);
    await client.post(`${home}/reflections`, { ...feedback, rating: 9 });
  }

  async function failures(username: string): Promise<void> {
    const client = await newClient();
    await client.post('auth/login', { username, password: secrets.wrongPassword });
    await client.post('auth/login', { username: secrets.password, password: secrets.password });
    await client.post('auth/login', { username, password: { typed: secrets.password } });
    const raw = `{"username": "${username}", "password": ${secrets.password}`;
    await client.request('POST', 'auth/login', { raw, headers: { 'content-type': 'application/json' } });
    await client.get(`auth/me?password=${secrets.password}`);
    await client.get('auth/me', { authorization: `Bearer ${secrets.password}`, cookie: '' });
    await client.get('auth/me', { cookie: `donkey_session=${secrets.password}` });
    await client.post(
      'auth/login',
      { username, password: secrets.password },
      { 'x-csrf-token': secrets.wrongPassword },
    );
  }

  async function programs(client: WatchedClient): Promise<void> {
    const made = answers.length;
    const key = await makeApiKey(api, { client });
    apiKey = key.key;
    // The one answer that is to show it.
    assert.ok(answers.splice(made, 1)[0]?.text.includes(apiKey));
    const program = new WatchedClient(api.url, answers, issued);
    program.authorization = `Bearer ${apiKey}`;
    await expect(program.get('auth/me'), 200);
    await program.post('auth/export');
    await program.get('auth/me', { authorization: `Bearer ${apiKey}x` });
    await client.get('auth/me', { authorization: `Bearer ${apiKey}` });
    await client.get('auth/api-keys');
  }

  async function webhooks(client: WatchedClient, assistantId: string): Promise<void> {
    const made = answers.length;
    webhookSecret = (await expect(client.post('webhooks/secret'), 201)).body.data.secret;
    // The one answer that is to show it.
    assert.ok(answers.splice(made, 1)[0]?.text.includes(webhookSecret));
    await client.get('webhooks/secret');
    await using receiver = await startWebhookReceiver();
    const upload = { assistant_id: assistantId, title: 'Told', text: `Told: ${documentText}.` };
    await endOfJob(
      client,
      accepted(await client.post('documents', { ...upload, webhook_url: receiver.url('end') })).jobId,
    );
    await waitFor(() => receiver.received.length === 1, { description: 'the webhook' });
  }

  async function exporting(client: WatchedClient): Promise<void> {
    const asked = await expect(client.post('auth/export'), 202);
    await endOfJob(client, asked.body.data.job.id);
    const answer = await HttpClient.prototype.send.call(
      client,
      'GET',
      `auth/exports/${asked.body.data.export.id}/content`,
    );
    const zip = await fromBufferPromise(Buffer.from(await answer.arrayBuffer()));
    for await (const entry of zip.eachEntry())
      exported += String(await buffer(await zip.openReadStreamPromise(entry)));
  }

  async function closing(username: string): Promise<void> {
    const client = await newClient();
    const login = { username, password: secrets.newPassword };
    await expect(client.post('auth/login', login), 200);
    await client.request('DELETE', 'auth/me', { json: { password: secrets.wrongPassword } });
    await expect(client.request('DELETE', 'auth/me', { json: { password: secrets.newPassword } }), 202);
    const again = await newClient();
    await expect(again.post('auth/login', login), 403);
    await expect(again.post('auth/restore', login), 200);
  }

  async function expect(answer: ReturnType<HttpClient['request']>, status: number) {
    const response = await answer;
    assert.equal(response.status, status, JSON.stringify(response.body));
    return response;
  }

  function canaries(): Canary[] {
    const operator = ['AUTH_SIGNING_KEYS', 'CREDENTIAL_KEYS'] as const;
    assert.ok(issued.size >= 8, `only ${issued.size} tokens were seen`);
    return [
      ...Object.entries(secrets).map(([name, value]) => ({ name, value })),
      ...operator.map((name) => ({ name, value: env[name]!.split(':').at(-1)! })),
      ...[...issued].map((value, index) => ({ name: `token ${index}`, value })),
      { name: 'API key', value: apiKey },
      { name: 'secret of webhooks', value: webhookSecret.replace('whsec_', '') },
    ];
  }
  const contents: Canary[] = [
    {
      name: 'text of a document',
      value: documentText,
      tables: [
        'document_files',
        'document_texts',
        'document_chunks',
        'term_statistics',
        'account_export_parts',
      ],
    },
    { name: 'query', value: query, tables: ['conversations', 'messages', 'account_export_parts'] },
    // A reply keeps what was sent for it, and so what it was given to answer from.
    { name: 'memory', value: memoryText, tables: ['memories', 'messages', 'account_export_parts'] },
    {
      name: 'message',
      value: messageText,
      tables: ['conversations', 'messages', 'memories', 'account_export_parts'],
    },
    {
      name: 'reflection',
      value: reflectionText,
      tables: ['reflections', 'memory_chains', 'account_export_parts'],
    },
    { name: 'feedback', value: feedbackText, tables: ['reflections', 'account_export_parts'] },
  ];

  test('in no log, answer, metric, key of Redis or column of the database: 0 hits', async (t) => {
    const logger = createLogger({ level: 'silent', service: 'test' });
    const redis = createRedisClient({ url: env.REDIS_URL!, name: 'leaks', logger, failFast: true });
    await connectOnce(redis);
    const inRedis = await readRedis(redis, env.REDIS_KEY_PREFIX!);
    closeRedisClient(redis);
    const metrics = await Promise.all(
      [api.metricsUrl, `${worker.url}/metrics`].map(async (url) => ({
        name: url,
        text: await (await fetch(url)).text(),
      })),
    );
    const logs = [api, worker].flatMap(({ logs }, index) =>
      logs.map((line) => ({
        name: `log of ${index === 0 ? 'api' : 'worker'}: ${line.msg}`,
        text: JSON.stringify(line),
      })),
    );
    const problems = answers.filter(({ name }) => /^answer [45]/.test(name));
    const secret = canaries();
    const copies = inRedis.filter(({ name }) => name.includes(`${env.REDIS_KEY_PREFIX}:cache:`));
    assert.ok(copies.length >= 2, 'there are copies in the cache');
    const leaks = [
      ...findLeaks(secret, [...logs, ...inRedis, ...metrics, ...answers, { name: 'export', text: exported }]),
      // What people may read is cached; see docs/privacy.md.
      ...findLeaks(contents, [
        ...logs,
        ...inRedis.filter((place) => !copies.includes(place)),
        ...metrics,
        ...problems,
      ]),
    ];
    const inTables = await findLeaksInTables(database, [...secret, ...contents]);
    t.diagnostic(
      `${secret.length + contents.length} canaries; ${logs.length} log lines, ${answers.length} answers, ${inRedis.length} keys of Redis, ${inTables.tables} tables: ${leaks.length + inTables.leaks.length} hits`,
    );
    assert.deepEqual([...leaks, ...inTables.leaks], []);
    assert.ok(logs.length > 50 && inRedis.length > 0 && answers.length > 50, 'there was something to search');
  });

  test('the search would have found them: what is not secret is found in all its forms', async () => {
    const found = await findLeaksInTables(database, [
      { name: 'e-mail', value: 'canary@example.org' },
      { name: 'text', value: documentText },
      { name: 'memory', value: memoryText },
      { name: 'message', value: messageText },
      { name: 'reflection', value: reflectionText },
      { name: 'feedback', value: feedbackText },
    ]);
    assert.ok(found.leaks.includes('e-mail in table users'));
    assert.ok(found.leaks.includes('text in table document_files'), 'bytes');
    assert.ok(found.leaks.includes('text in table document_texts'));
    for (const there of [
      'memory in table memories',
      'message in table messages',
      'message in table memories',
      'reflection in table reflections',
      'reflection in table memory_chains',
      'feedback in table reflections',
    ])
      assert.ok(found.leaks.includes(there), there);
    const value = randomBytes(30).toString('hex');
    for (const text of [
      value,
      Buffer.from(value).toString('hex'),
      ...['', 'a', 'ab', 'abc'].map((lead) => Buffer.from(`${lead}${value}zz`).toString('base64')),
      Buffer.from(`a${value}`).toString('base64url'),
    ])
      assert.equal(
        findLeaks([{ name: 'it', value }], [{ name: 'there', text: `{"x":"${text}"}` }]).length,
        1,
        text,
      );
  });
});
