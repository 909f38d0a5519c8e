import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { ERASED_WITH_ASSISTANT } from '#db/stores/assistant-deletion-store.ts';
import { makeApiKey } from '#tests/support/api-keys.ts';
import { holdLock } from '#tests/support/held-lock.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { HttpClient, Json, TestUser } from '#tests/support/http-client.ts';
import { createSearchableCorpus } from '#tests/support/searchable-corpus.ts';
import type { SearchableCorpus } from '#tests/support/searchable-corpus.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

suite('deleting assistants', () => {
  let app: TestApp;
  let corpus: SearchableCorpus;
  before(async () => {
    app = await startTestApp();
    corpus = await createSearchableCorpus(app.database.url);
  });
  after(async () => {
    await corpus[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
  });

  const sql = <T = Json>(text: string, values: unknown[] = []): Promise<T[]> =>
    app.database.sql<T>(text, values);
  const create = async (client: HttpClient, body: object): Promise<Json> => {
    const response = await client.post('assistants', body);
    assert.equal(response.status, 201, JSON.stringify(response.body));
    return response.body.data;
  };
  const spawn = async (client: HttpClient, parent: Json, name: string): Promise<Json> =>
    (await client.post(`assistants/${parent.id}/children`, { name, reason: 'r' })).body.data;

  /** Gives an assistant a thing of every kind that it can own. Returns the ids of memory and live document. */
  const furnish = async ({ client, id: userId }: TestUser, assistantId: string) => {
    const [memory, conversation, chain] = [randomUUID(), randomUUID(), randomUUID()];
    const live = await corpus.addDocument({
      userId,
      assistantId,
      title: 'Of hay',
      chunks: ['donkeys eat hay', 'and straw'],
    });
    const queued = await client.post('documents', {
      assistant_id: assistantId,
      title: 'Queued',
      text: `Of ${assistantId}.`,
    });
    assert.equal(queued.status, 202);
    await sql(`insert into conversations (id, user_id, assistant_id, title) values ($1, $2, $3, 'Talk')`, [
      conversation,
      userId,
      assistantId,
    ]);
    await sql(
      `insert into messages (id, user_id, conversation_id, role, content) values ($1, $2, $3, 'user', 'Hello')`,
      [randomUUID(), userId, conversation],
    );
    await sql(
      `insert into memories (id, user_id, assistant_id, conversation_id, title, event, language, token_count,
         fingerprint, search_vector) values ($1, $2, $3, $4, 'M', 'm', 'english', 1, $5, '')`,
      [memory, userId, assistantId, conversation, randomBytes(32)],
    );
    await sql(
      `insert into memory_embeddings (memory_id, model_id, user_id, assistant_id, status) values ($1, $2, $3, $4, 'pending')`,
      [memory, corpus.model.id, userId, assistantId],
    );
    await sql(`insert into memory_chains (id, user_id, assistant_id, title) values ($1, $2, $3, 'C')`, [
      chain,
      userId,
      assistantId,
    ]);
    await sql(
      'insert into memory_chain_entries (chain_id, memory_id, user_id, position) values ($1, $2, $3, 0)',
      [chain, memory, userId],
    );
    await sql(
      `insert into reflections (id, user_id, assistant_id, type, chain_id) values ($1, $2, $3, 'chain', $4)`,
      [randomUUID(), userId, assistantId, chain],
    );
    await sql(
      `insert into retrievals (id, user_id, assistant_id, mode, hit_count, passed, took_ms)
       values ($1, $2, $3, 'text', 0, false, 1)`,
      [randomUUID(), userId, assistantId],
    );
    await sql(
      `insert into jobs (id, user_id, assistant_id, type, queue, priority, status)
       values ($1, $2, $3, 'assistant.measure', 'low', 'low', 'queued')`,
      [randomUUID(), userId, assistantId],
    );
    return { memory, document: live.id };
  };

  const OWNED = [
    'documents',
    'document_files',
    'document_texts',
    'document_chunks',
    'chunk_embeddings',
    'text_statistics',
    'term_statistics',
    'conversations',
    'messages',
    'memories',
    'memory_embeddings',
    'memory_chains',
    'memory_chain_entries',
    'reflections',
    'retrievals',
    'delegation_events',
    'assistant_profiles',
    'assistant_capabilities',
    'assistant_skills',
    'assistant_metrics',
  ];
  /** Rows of a user by table; of documents those that are not deleted. */
  const rowsOf = async (userId: string): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const table of OWNED) {
      const visible = table === 'documents' ? 'and deleted_at is null' : '';
      const [row] = await sql<{ count: number }>(
        `select count(*)::int as count from ${table} where user_id = $1 ${visible}`,
        [userId],
      );
      counts[table] = row!.count;
    }
    return counts;
  };
  const EMPTY = Object.fromEntries(OWNED.map((table) => [table, 0]));
  /** But for the measuring of assistants that are still there. */
  const openJobs = (userId: string): Promise<Json[]> =>
    sql(
      `select type from jobs where user_id = $1 and status in ('queued', 'running')
         and (type <> 'assistant.measure'
           or not exists (select from assistants a where a.id = assistant_id and a.deleted_at is null))`,
      [userId],
    );
  /** Everything that is stored, but for the log and the marks of use. */
  const snapshot = async (): Promise<unknown> => {
    const tables = await sql<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'
         and tablename not in ('audit_events', 'sessions') order by 1`,
    );
    return Promise.all(
      tables.map(({ name }) => sql(`select md5(string_agg(t::text, ',' order by t::text)) from ${name} t`)),
    );
  };

  test('one that has something is kept, and told what it has', async () => {
    const user = await registerUser(app);
    const { client } = user;
    const full = await create(client, { name: 'Full' });
    await furnish(user, full.id);
    await spawn(client, full, 'Child');
    const before = await snapshot();
    const refused = await client.delete('assistants/full');
    assert.deepEqual([refused.status, refused.body.code], [409, 'assistant.in_use']);
    assert.equal(refused.body.detail, 'It still has 2 documents, 1 memory, 1 conversation, 1 child.');
    assert.deepEqual(await snapshot(), before);
    for (const query of ['force=false', 'cascade=false'])
      assert.equal((await client.delete(`assistants/full?${query}`)).status, 409);
    assert.equal(
      (await client.delete('assistants/full?force=perhaps')).body.errors[0].pointer,
      '/query/force',
    );
  });

  test('force takes all it owns, and its children become roots with theirs', async () => {
    const user = await registerUser(app);
    const { client, id: userId } = user;
    await client.post('prompts', { title: 'Voice', content: 'x' });
    const top = await create(client, { name: 'Top', system_prompt_id: 'voice' });
    const middle = await create(client, {
      name: 'Middle',
      parent_id: top.id,
      is_primary: true,
      system_prompt_id: 'voice',
      capabilities: { skills: [{ name: 'S' }] },
    });
    const child = await spawn(client, middle, 'Child');
    const grandchild = await spawn(client, child, 'Grandchild');
    await furnish(user, middle.id);
    const kept = await furnish(user, child.id);
    const alone = await registerUser(app);
    const same = await create(alone.client, { name: 'Alone' });
    await furnish(alone, same.id);
    const others = await rowsOf(alone.id);

    assert.equal((await client.delete('assistants/middle?force=true')).status, 204);
    assert.equal((await client.get(`assistants/${middle.id}`)).status, 404);
    const [freed, deeper] = [
      (await client.get(`assistants/${child.id}`)).body.data,
      (await client.get(`assistants/${grandchild.id}`)).body.data,
    ];
    assert.deepEqual([freed.parent_id, freed.depth], [null, 0]);
    assert.deepEqual([deeper.parent_id, deeper.depth], [child.id, 1]);
    assert.equal((await client.get(`documents/${kept.document}`)).status, 200, 'the child keeps its own');
    assert.equal((await client.get('assistants?is_primary=true')).body.data.length, 0);

    const [event] = (await client.get('auth/audit?action=assistant.delete')).body.data;
    assert.deepEqual([event.target_id, event.details], [middle.id, { mode: 'force', documents: 2 }]);
    assert.deepEqual(await rowsOf(alone.id), others, 'another user is not touched');

    assert.equal((await client.delete(`assistants/${child.id}?force=true`)).status, 204);
    assert.equal((await client.delete(`assistants/${grandchild.id}`)).status, 204);
    assert.equal((await client.delete('assistants/top?force=true')).status, 204);
    assert.deepEqual(await rowsOf(userId), EMPTY);
    assert.deepEqual(await openJobs(userId), [], 'nothing is being done any more');
    assert.equal((await client.delete('prompts/voice')).status, 204, 'the prompt is free');
    assert.equal((await create(client, { name: 'Middle' })).slug, 'middle', 'the slug is free');
  });

  test('cascade takes all its descendants as well, and nobody else', async () => {
    const user = await registerUser(app);
    const { client, id: userId } = user;
    const root = await create(client, { name: 'Root' });
    const branch = await spawn(client, root, 'Branch');
    const leaf = await spawn(client, branch, 'Leaf');
    const bystander = await spawn(client, root, 'Bystander');
    for (const one of [branch, leaf]) await furnish(user, one.id);
    assert.equal(
      (await client.delete('assistants/branch?cascade=true', { 'if-match': '"9.9"' })).status,
      412,
    );
    assert.equal((await client.delete('assistants/branch?cascade=true')).status, 204);
    for (const { id } of [branch, leaf]) assert.equal((await client.get(`assistants/${id}`)).status, 404);
    const left = (await client.get('assistants/root/lineage')).body.data.descendants;
    assert.deepEqual(
      left.map((one: Json) => one.id),
      [bystander.id],
    );
    const [event] = (await client.get('auth/audit?action=assistant.delete')).body.data;
    assert.deepEqual(event.details, { mode: 'cascade', assistants: 2, documents: 4 });
    const rows = await rowsOf(userId);
    assert.deepEqual([rows.documents, rows.memories, rows.delegation_events], [0, 0, 1]);
    assert.deepEqual(await openJobs(userId), []);
    assert.equal((await client.delete('assistants/root?cascade=true&force=true')).status, 204);
    assert.deepEqual(await rowsOf(userId), EMPTY);
  });

  test('what search counts stays exact for what is left', async () => {
    const user = await registerUser(app);
    const [kept, gone] = [
      await create(user.client, { name: 'Kept' }),
      await create(user.client, { name: 'Gone' }),
    ];
    await corpus.addDocument({ userId: user.id, assistantId: kept.id, chunks: ['donkeys eat hay'] });
    const terms = (): Promise<Json[]> =>
      sql('select term, chunk_count::int as n from term_statistics where user_id = $1 order by term', [
        user.id,
      ]);
    const before = await terms();
    for (const chunks of [['donkeys bray'], ['hay and oats', 'donkeys'], ['esel fressen heu']])
      await corpus.addDocument({ userId: user.id, assistantId: gone.id, chunks });
    assert.notDeepEqual(await terms(), before);
    assert.equal((await user.client.delete('assistants/gone?force=true')).status, 204);
    assert.deepEqual(await terms(), before);
    const { body } = await user.client.post('search', { query: 'donkeys', mode: 'text' });
    assert.deepEqual(
      body.data.map((hit: Json) => hit.text),
      ['donkeys eat hay'],
    );
  });

  test('every table that refers to assistants is thought of', async () => {
    const references = await sql<{ name: string }>(
      `select c.conrelid::regclass::text || '.' || a.attname as name
       from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
       where c.contype = 'f' and c.confrelid = 'assistants'::regclass order by 1`,
    );
    const elsewhere = [
      // Jobs are cancelled and stay to be read; documents are erased, with what hangs on them.
      'jobs.assistant_id',
      'documents.assistant_id',
      'document_chunks.assistant_id',
      'document_files.assistant_id',
      'chunk_embeddings.assistant_id',
      // Children are released or go as well.
      'assistants.parent_id',
    ];
    const known = [...ERASED_WITH_ASSISTANT.map((entry) => entry.join('.')), ...elsewhere];
    assert.deepEqual(
      references.map(({ name }) => name),
      known.sort(),
    );
  });

  test('promise 29: only force and cascade ask for proof', async () => {
    const user = await registerUser(app);
    const { client } = user;
    const names = ['A', 'B', 'C', 'D'];
    for (const name of names) await create(client, { name });
    const key = await makeApiKey(app, user);
    assert.equal(
      (await key.client.delete('assistants/a')).status,
      204,
      'a plain deletion wants a scope alone',
    );
    for (const query of ['force=true', 'cascade=true', 'force=true&cascade=true'])
      assert.equal(
        (await key.client.delete(`assistants/b?${query}`)).body.code,
        'auth.signature_required',
        query,
      );
    assert.equal((await key.signed('DELETE', 'assistants/b?force=true')).status, 204);
    await sql(`update sessions set reauthenticated_at = now() - interval '6 minutes' where user_id = $1`, [
      user.id,
    ]);
    for (const query of ['force=true', 'cascade=true'])
      assert.equal(
        (await client.delete(`assistants/c?${query}`)).body.code,
        'auth.reauthentication_required',
      );
    assert.equal((await client.delete('assistants/c')).status, 204);
    await client.post('auth/reauthenticate', { password: user.password });
    assert.equal((await client.delete('assistants/d?cascade=true')).status, 204);
  });

  test('fault 17: a cascade that a constraint stops at its last member leaves everything as it was', async () => {
    const user = await registerUser(app);
    const root = await create(user.client, { name: 'Root' });
    const child = await spawn(user.client, root, 'Child');
    const leaf = await spawn(user.client, child, 'Leaf');
    for (const one of [root, child]) await furnish(user, one.id);
    const { memory } = await furnish(user, leaf.id);
    await sql('create table stoppers (memory_id uuid references memories (id))');
    await sql('insert into stoppers values ($1)', [memory]);
    const before = await snapshot();
    for (const query of ['cascade=true', 'force=true']) {
      const target = query === 'cascade=true' ? 'root' : 'leaf';
      assert.equal((await user.client.delete(`assistants/${target}?${query}`)).status, 500, query);
      assert.deepEqual(await snapshot(), before, query);
    }
    const found = await user.client.post('search', { query: 'hay', mode: 'text', assistant_id: root.id });
    assert.ok(found.body.data.length > 0, 'search finds what it found');
    await sql('drop table stoppers');
    assert.equal((await user.client.delete('assistants/root?cascade=true')).status, 204);
    assert.deepEqual(await rowsOf(user.id), EMPTY);
  });

  test('fault 17: a cascade that waits in vain for a lock gives up as a whole', async (t) => {
    const user = await registerUser(app);
    const root = await create(user.client, { name: 'Root' });
    const leaf = await spawn(user.client, root, 'Leaf');
    for (const one of [root, leaf]) await furnish(user, one.id);
    const before = await snapshot();
    {
      await using lock = await holdLock(
        app.database.url,
        'select 1 from conversations where assistant_id = $1 for update',
        [leaf.id],
      );
      const started = Date.now();
      const deletion = user.client.delete('assistants/root?cascade=true');
      await lock.waiting(1);
      const answer = await deletion;
      assert.deepEqual([answer.status, answer.body.code], [503, 'service.unavailable']);
      t.diagnostic(`given up after ${Date.now() - started} ms`);
      assert.deepEqual(await snapshot(), before);
    }
    assert.equal((await user.client.delete('assistants/root?cascade=true')).status, 204);
    assert.deepEqual(await rowsOf(user.id), EMPTY);
  });

  test('an upload that is under way is waited for and goes with the rest', async () => {
    const user = await registerUser(app);
    const { id } = await create(user.client, { name: 'Busy' });
    await using lock = await holdLock(app.database.url, 'lock table audit_events in exclusive mode');
    const upload = user.client.post('documents', { assistant_id: id, title: 'T', text: 'Late news.' });
    await lock.waiting(1);
    const deletion = user.client.delete('assistants/busy?force=true');
    await lock.waiting(2);
    await lock.release();
    assert.equal((await upload).status, 202);
    assert.equal((await deletion).status, 204);
    assert.deepEqual(await rowsOf(user.id), EMPTY);
    assert.deepEqual(await openJobs(user.id), []);
  });

  test('an upload that comes too late finds no assistant', async () => {
    const user = await registerUser(app);
    const { id } = await create(user.client, { name: 'Closing' });
    await furnish(user, id);
    await using lock = await holdLock(
      app.database.url,
      'select 1 from reflections where assistant_id = $1 for update',
      [id],
    );
    const deletion = user.client.delete('assistants/closing?force=true');
    await lock.waiting(1);
    const upload = user.client.post('documents', { assistant_id: id, title: 'T', text: 'Too late.' });
    const child = user.client.post(`assistants/${id}/children`, { reason: 'r' });
    await lock.waiting(3);
    await lock.release();
    assert.equal((await deletion).status, 204);
    for (const { status, body } of [await upload, await child])
      assert.deepEqual([status, body.code], [404, 'assistant.not_found']);
    assert.deepEqual(await rowsOf(user.id), EMPTY);
  });

  test('a hundred documents take no more statements than one', async (t) => {
    const statements = async (): Promise<number> => {
      const text = await (await fetch(app.metricsUrl)).text();
      const counts = [...text.matchAll(/^donkey_database_query_duration_seconds_count\{[^}]*\} (\d+)$/gm)];
      return counts.reduce((sum, [, count]) => sum + Number(count), 0);
    };
    const user = await registerUser(app);
    const cost = async (documents: number): Promise<number> => {
      const { id } = await create(user.client, { name: 'Library' });
      for (let index = 0; index < documents; index += 1)
        await corpus.addDocument({ userId: user.id, assistantId: id, chunks: [`text ${index}`] });
      const before = await statements();
      assert.equal((await user.client.delete(`assistants/${id}?force=true`)).status, 204);
      return (await statements()) - before;
    };
    const [one, many] = [await cost(1), await cost(100)];
    t.diagnostic(`${one} statements for 1 document, ${many} for 100`);
    assert.equal(many, one);
    assert.deepEqual(await rowsOf(user.id), EMPTY);
  });
});
