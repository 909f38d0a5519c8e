import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { registerUser } from '#tests/support/http-client.ts';
import type { HttpClient, Json, TestResponse } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

suite('families of assistants', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp({ REQUESTS_PER_MINUTE: '100000' });
  });
  after(() => app[Symbol.asyncDispose]());

  const expect = async (call: ReturnType<HttpClient['post']>, status: number): Promise<Json> => {
    const response = await call;
    assert.equal(response.status, status, JSON.stringify(response.body));
    return response.body;
  };
  const create = async (client: HttpClient, name: string, parent?: Json): Promise<Json> =>
    (await expect(client.post('assistants', { name, ...(parent && { parent_id: parent.id }) }), 201)).data;
  const spawn = async (client: HttpClient, parent: Json, body: object = {}): Promise<Json> =>
    (await expect(client.post(`assistants/${parent.id}/children`, { reason: 'Needed.', ...body }), 201)).data;
  const read = async (client: HttpClient, id: string): Promise<Json> =>
    (await expect(client.get(`assistants/${id}`), 200)).data;
  /** Each stands one below its parent, and nobody is his own ancestor. */
  const assertSound = async (userId: string): Promise<void> => {
    const wrong = await app.database.sql(
      `select a.slug from assistants a left join assistants p on p.id = a.parent_id
       where a.user_id = $1 and a.depth <> coalesce(p.depth + 1, 0)`,
      [userId],
    );
    assert.deepEqual(wrong, []);
  };

  const heritage = {
    profile: { tone: 'dry', persona: 'You know.', traits: ['exact'] },
    capabilities: {
      specialties: ['books'],
      tools: ['search'],
      flags: { can_browse: true },
      skills: [{ name: 'Finding', confidence: 0.75, related_tools: ['search'] }],
    },
    preferred_model: 'gpt-x',
    thinking_style: 'reflective',
    memory_mode: 'session',
    min_score: 0.5,
  };
  /** What a child has of each thing that can be inherited. */
  const inherited = async (client: HttpClient, child: Json): Promise<unknown> => {
    const full = (await client.get(`assistants/${child.id}?include=profile,capabilities`)).body.data;
    return {
      tone: full.profile.tone,
      traits: full.profile.traits,
      tools: full.capabilities.tools,
      flags: full.capabilities.flags,
      skills: full.capabilities.skills.map((skill: Json) => [
        skill.name,
        skill.confidence,
        skill.related_tools,
      ]),
      model: [child.preferred_model, child.thinking_style, child.memory_mode, child.min_score],
      prompt: child.system_prompt_id,
    };
  };

  test('a child inherits what is asked, everything by default, and what is given stands above it', async () => {
    const { client } = await registerUser(app);
    const prompt = (await expect(client.post('prompts', { title: 'P', content: 'x' }), 201)).data;
    const parent = (
      await expect(client.post('assistants', { name: 'Parent', ...heritage, system_prompt_id: 'p' }), 201)
    ).data;
    const everything = {
      tone: 'dry',
      traits: ['exact'],
      tools: ['search'],
      flags: { can_browse: true },
      skills: [['Finding', 0.75, ['search']]],
      model: ['gpt-x', 'reflective', 'session', 0.5],
      prompt: prompt.id,
    };
    const nothing = {
      tone: null,
      traits: [],
      tools: [],
      flags: {},
      skills: [],
      model: [null, 'direct', 'long_term', null],
      prompt: null,
    };
    const part = async (inherit: unknown, extra = {}): Promise<unknown> =>
      inherited(client, await spawn(client, parent, { ...(inherit !== undefined && { inherit }), ...extra }));
    assert.deepEqual(await part(undefined), everything);
    assert.deepEqual(await part([]), nothing);
    assert.deepEqual(await part({}), nothing);
    const { profile, capabilities, model } = {
      profile: { tone: everything.tone, traits: everything.traits },
      capabilities: { tools: everything.tools, flags: everything.flags, skills: everything.skills },
      model: { model: everything.model },
    };
    assert.deepEqual(await part(['profile']), { ...nothing, ...profile });
    assert.deepEqual(await part({ capabilities: true, model: false }), { ...nothing, ...capabilities });
    assert.deepEqual(await part({ model: true, prompt: true }), { ...nothing, ...model, prompt: prompt.id });
    const own = {
      profile: { tone: 'warm' },
      memory_mode: 'none',
      capabilities: { tools: [] },
      system_prompt_id: null,
    };
    assert.deepEqual(await part(undefined, own), {
      ...everything,
      tone: 'warm',
      tools: [],
      model: ['gpt-x', 'reflective', 'none', 0.5],
      prompt: null,
    });
    const bad = await client.post(`assistants/parent/children`, { reason: 'x', inherit: ['soul'] });
    assert.equal(bad.status, 400);
    const skills = await app.database.sql(
      `select count(distinct id)::int as ids, count(*)::int as rows from assistant_skills where name = 'Finding'`,
    );
    assert.deepEqual(skills[0]!.ids, skills[0]!.rows, 'a child has skills of its own');
  });

  test('fault 2: every spawn makes a new child and a delegation', async () => {
    const { client } = await registerUser(app);
    const parent = await create(client, 'Parent');
    const body = { name: 'Twin', reason: 'The same reason.', score: 0.5, notes: 'A note.' };
    const made = await Promise.all(
      Array.from({ length: 10 }, () => client.post(`assistants/${parent.id}/children`, body)),
    );
    const ids = made.map(({ status, body: answer }) => {
      assert.equal(status, 201);
      assert.equal(answer.meta.delegation.child_id, answer.data.id);
      return answer.data.id as string;
    });
    assert.equal(new Set(ids).size, 10);
    const list = (await client.get('assistants/parent/children?limit=4&sort=created_at')).body;
    assert.deepEqual([list.data.length, list.meta.has_more], [4, true]);
    assert.equal(list.data[0].spawn_reason, 'The same reason.');
    const events: Json[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = (await client.get(`assistants/parent/delegations?limit=4${more}`)).body;
      events.push(...page.data);
      cursor = page.meta.next_cursor;
    } while (cursor !== null);
    assert.deepEqual(events.map((event) => event.child_id).sort(), ids.toSorted());
    const { id: _id, child_id: childId, created_at: _at, ...event } = events[0];
    assert.deepEqual(event, {
      parent_id: parent.id,
      reason: body.reason,
      memory_id: null,
      document_id: null,
      score: 0.5,
      notes: 'A note.',
    });
    const received = (await client.get(`assistants/${childId}/delegations?side=child`)).body.data;
    assert.deepEqual(received, [events[0]]);
    assert.deepEqual((await client.get(`assistants/${childId}/delegations`)).body.data, []);
    assert.equal((await client.get('auth/audit?action=assistant.spawn')).body.data.length, 10);
  });

  test('a child is made of a memory or a document of the same user, never of both', async () => {
    const [owner, stranger] = [await registerUser(app), await registerUser(app)];
    const origin = async ({ client, id: userId }: typeof owner): Promise<Json> => {
      const parent = await create(client, 'Parent');
      const [memory, document] = [randomUUID(), randomUUID()];
      await app.database.sql(
        `insert into memories (id, user_id, assistant_id, title, event, language, token_count, fingerprint, search_vector)
         values ($1, $2, $3, 'A memory of hay', 'm', 'english', 1, $4, '')`,
        [memory, userId, parent.id, randomBytes(32)],
      );
      await app.database.sql(
        `insert into documents (id, user_id, assistant_id, title, source_type, filename, mime_type, size, sha256, language)
         values ($1, $2, $3, $5, 'text', 't.txt', 'text/plain', 1, $4, 'english')`,
        [document, userId, parent.id, randomBytes(32), '𝕳andbook '.repeat(20)],
      );
      return { parent, memory, document };
    };
    const mine = await origin(owner);
    const theirs = await origin(stranger);
    const path = `assistants/${mine.parent.id}/children`;
    const ofMemory = await expect(owner.client.post(path, { reason: 'r', memory_id: mine.memory }), 201);
    assert.equal(ofMemory.data.name, 'A memory of hay');
    assert.equal(ofMemory.meta.delegation.memory_id, mine.memory);
    const ofDocument = await expect(
      owner.client.post(path, { reason: 'r', document_id: mine.document }),
      201,
    );
    assert.ok(ofDocument.data.name.length <= 100 && ofDocument.data.name.isWellFormed());
    assert.equal(ofDocument.meta.delegation.document_id, mine.document);
    for (const [field, id] of [
      ['memory_id', theirs.memory],
      ['document_id', theirs.document],
      ['memory_id', randomUUID()],
    ] as const) {
      const problem = await expect(owner.client.post(path, { reason: 'r', [field]: id }), 404);
      assert.deepEqual(
        [problem.code, problem.errors[0].pointer],
        [field.replace('_id', '.not_found'), `/body/${field}`],
      );
    }
    const both = { reason: 'r', memory_id: mine.memory, document_id: mine.document };
    assert.equal((await expect(owner.client.post(path, both), 400)).code, 'request.invalid');
    assert.equal((await expect(owner.client.post(path, {}), 400)).errors[0].pointer, '/body/reason');
    assert.equal((await owner.client.get(path)).body.data.length, 2, 'refusals made no child');
  });

  test('a family has at most five levels below its root', async () => {
    const { client } = await registerUser(app);
    const chain = [await create(client, 'L0')];
    for (let level = 1; level <= 5; level += 1)
      chain.push(await spawn(client, chain[level - 1], { name: `L${level}` }));
    assert.deepEqual(
      chain.map((one) => one.depth),
      [0, 1, 2, 3, 4, 5],
    );
    for (const body of [{ reason: 'r' }, { reason: 'r', name: 'X' }]) {
      const problem = await expect(client.post(`assistants/${chain[5].id}/children`, body), 409);
      assert.equal(problem.code, 'assistant.too_deep');
    }
    const made = await expect(client.post('assistants', { name: 'X', parent_id: 'l5' }), 409);
    assert.deepEqual([made.code, made.errors[0].pointer], ['assistant.too_deep', '/body/parent_id']);
    // A subtree comes along with all its levels.
    await create(client, 'Other root');
    const moved = await expect(client.patch('assistants/other-root', { parent_id: 'l5' }), 409);
    assert.equal(moved.code, 'assistant.too_deep');
    assert.equal(
      (await expect(client.patch('assistants/l1', { parent_id: 'other-root' }), 200)).data.depth,
      1,
    );
    assert.equal(
      (await expect(client.patch('assistants/other-root', { parent_id: 'l0' }), 409)).code,
      'assistant.too_deep',
    );
    await expect(client.delete('assistants/l5'), 204);
    assert.equal(
      (await expect(client.patch('assistants/other-root', { parent_id: 'l0' }), 200)).data.depth,
      1,
    );
    assert.equal((await read(client, 'l4')).depth, 5);
  });

  test('an assistant moves with all its descendants, and never below itself', async () => {
    const { client, id: userId } = await registerUser(app);
    const [a, b] = [await create(client, 'A'), await create(client, 'B')];
    const child = await create(client, 'Child', a);
    const grandchild = await create(client, 'Grandchild', child);
    for (const parent of [child.id, 'grandchild', child.slug]) {
      const problem = await expect(client.patch(`assistants/${child.id}`, { parent_id: parent }), 409);
      assert.deepEqual([problem.code, problem.errors[0].pointer], ['assistant.cycle', '/body/parent_id']);
    }
    const before = await read(client, grandchild.id);
    const moved = await client.patch(
      'assistants/child',
      { parent_id: 'b', name: 'Kid' },
      { 'if-match': '"1.1"' },
    );
    assert.deepEqual(
      [moved.body.data.parent_id, moved.body.data.depth, moved.body.data.version],
      [b.id, 1, 2],
    );
    const root = await expect(client.patch('assistants/child', { parent_id: null }), 200);
    assert.deepEqual([root.data.parent_id, root.data.depth], [null, 0]);
    const after = await read(client, grandchild.id);
    assert.deepEqual([after.depth, after.parent_id, after.version], [1, child.id, before.version]);
    const unknown = await expect(client.patch('assistants/child', { parent_id: randomUUID() }), 404);
    assert.deepEqual([unknown.code, unknown.errors[0].pointer], ['assistant.not_found', '/body/parent_id']);
    await assertSound(userId);
  });

  test('lineage is the family in one statement: ancestors down, descendants level by level', async () => {
    const { client } = await registerUser(app);
    const root = await create(client, 'Root');
    const left = await create(client, 'Left', root);
    await create(client, 'Right', root);
    const leaf = await create(client, 'Leaf', left);
    await create(client, 'Leaf two', left);
    await create(client, 'Stranger');
    const names = (list: Json): string[] => list.map((one: Json) => one.name);
    const { data, meta } = (await client.get(`assistants/${left.id}/lineage`)).body;
    assert.deepEqual(
      [names(data.ancestors), data.self.name, names(data.descendants), meta.has_more],
      [['Root'], 'Left', ['Leaf', 'Leaf two'], false],
    );
    const whole = (await client.get('assistants/root/lineage')).body.data;
    assert.deepEqual(names(whole.descendants), ['Left', 'Right', 'Leaf', 'Leaf two']);
    const end = (await client.get(`assistants/${leaf.id}/lineage`)).body.data;
    assert.deepEqual([names(end.ancestors), end.descendants], [['Root', 'Left'], []]);
  });

  test('of a large family the nearest 500 descendants are shown', async () => {
    const { client, id: userId } = await registerUser(app);
    const root = await create(client, 'Root');
    await app.database.sql(
      `with kids as (insert into assistants (id, user_id, slug, name, parent_id, depth)
         select gen_random_uuid(), $1, 'k-' || n, 'K', $2, 1 from generate_series(1, 50) n returning id)
       insert into assistants (id, user_id, slug, name, parent_id, depth)
       select gen_random_uuid(), $1, 'g-' || row_number() over (), 'G', kids.id, 2 from kids, generate_series(1, 20) n`,
      [userId, root.id],
    );
    const { data, meta } = (await client.get('assistants/root/lineage')).body;
    assert.deepEqual([data.descendants.length, meta.has_more], [500, true]);
    assert.equal(data.descendants.filter((one: Json) => one.depth === 1).length, 50, 'the nearest first');
  });

  test('of 70 children asked for at once 50 are made', { timeout: 60_000 }, async (t) => {
    const { client, id: userId } = await registerUser(app);
    const parent = await create(client, 'Parent');
    const wanderers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => create(client, `W${index}`)),
    );
    // On a busy machine some may be sent away from the queue for the database, and come again.
    const insist = async (call: () => Promise<TestResponse>): Promise<TestResponse> => {
      const answer = await call();
      return answer.status === 503 ? insist(call) : answer;
    };
    const answers = await Promise.all([
      ...Array.from({ length: 60 }, () =>
        insist(() => client.post(`assistants/${parent.id}/children`, { reason: 'r' })),
      ),
      ...wanderers.map((one) => insist(() => client.patch(`assistants/${one.id}`, { parent_id: parent.id }))),
    ]);
    const done = answers.filter(({ status }) => status < 300).length;
    for (const { status, body } of answers)
      assert.ok(status < 300 || body.code === 'assistant.too_many_children', JSON.stringify(body));
    const [{ count }] = (await app.database.sql<{ count: number }>(
      'select count(*)::int as count from assistants where parent_id = $1',
      [parent.id],
    )) as [{ count: number }];
    assert.deepEqual([done, count], [50, 50]);
    t.diagnostic(`${answers.length} at once: ${done} children, ${answers.length - done} refused`);
    const events = await app.database.sql('select 1 from delegation_events where parent_assistant_id = $1', [
      parent.id,
    ]);
    assert.equal(events.length, answers.slice(0, 60).filter(({ status }) => status === 201).length);
    await assertSound(userId);
  });

  test('moves at once never make a circle, nor a family that is too deep', { timeout: 60_000 }, async (t) => {
    const { client, id: userId } = await registerUser(app);
    const all = await Promise.all(Array.from({ length: 8 }, (_, index) => create(client, `M${index}`)));
    const codes: Record<string, number> = {};
    for (let round = 0; round < 12; round += 1) {
      const [a, b] = [all[round % 8], all[(round + 1) % 8]];
      const answers = await Promise.all([
        client.patch(`assistants/${a.id}`, { parent_id: b.id }),
        client.patch(`assistants/${b.id}`, { parent_id: a.id }),
        ...all.map((one, index) =>
          client.patch(`assistants/${one.id}`, { parent_id: all[(index * 3 + round) % 8].id }),
        ),
      ]);
      for (const { status, body } of answers) {
        const code = status === 200 ? 'moved' : (body.code as string);
        codes[code] = (codes[code] ?? 0) + 1;
      }
      await assertSound(userId);
    }
    assert.deepEqual(
      Object.keys(codes).filter((code) => !/^(moved|assistant\.(cycle|too_deep))$/.test(code)),
      [],
    );
    assert.ok(codes.moved! > 0 && codes['assistant.cycle']! > 0);
    const rootless = await app.database.sql(
      `with recursive reached as (
         select id from assistants where user_id = $1 and parent_id is null
         union all select a.id from assistants a join reached r on a.parent_id = r.id)
       select 1 from assistants where user_id = $1 and id not in (select id from reached)`,
      [userId],
    );
    assert.deepEqual(rootless, [], 'everybody hangs on a root');
    t.diagnostic(JSON.stringify(codes));
  });

  test('ASVS 8.2.2: families do not cross users', async () => {
    const [owner, stranger] = [await registerUser(app), await registerUser(app)];
    const theirs = await create(owner.client, 'Theirs');
    await create(stranger.client, 'Mine');
    for (const { status, body } of [
      await stranger.client.get(`assistants/${theirs.id}/children`),
      await stranger.client.post(`assistants/${theirs.id}/children`, { reason: 'r' }),
      await stranger.client.get(`assistants/${theirs.id}/lineage`),
      await stranger.client.get(`assistants/${theirs.id}/delegations`),
      await stranger.client.patch('assistants/mine', { parent_id: theirs.id }),
      await stranger.client.post('assistants', { name: 'X', parent_id: theirs.id }),
    ])
      assert.deepEqual([status, body.code], [404, 'assistant.not_found']);
    assert.deepEqual((await stranger.client.get(`assistants?parent_id=${theirs.id}`)).body.data, []);
    assert.equal((await read(owner.client, theirs.id)).version, 1);
  });

  test('fault 1: nothing that one user makes primary touches another’s', async () => {
    const [first, second] = [await registerUser(app), await registerUser(app)];
    const mine = (await expect(first.client.post('assistants', { name: 'Same', is_primary: true }), 201))
      .data;
    const theirs = (await expect(second.client.post('assistants', { name: 'Same', is_primary: true }), 201))
      .data;
    const etag = (await first.client.get('assistants/same')).headers.get('etag');
    await spawn(second.client, theirs, { name: 'Heir', is_primary: true });
    await registerUser(app);
    await expect(second.client.patch('assistants/same', { is_primary: true }), 200);
    await expect(second.client.delete('assistants/heir'), 204);
    const now = await first.client.get('assistants/same');
    assert.deepEqual([now.body.data, now.headers.get('etag')], [mine, etag]);
  });

  test('an account goes with its families and their prompts', async () => {
    const { client, id: userId } = await registerUser(app);
    const prompt = (await expect(client.post('prompts', { title: 'P', content: 'x' }), 201)).data;
    await expect(client.post(`prompts/${prompt.id}/remix`, { slug: 'q' }), 201);
    let parent = (await expect(client.post('assistants', { name: 'A', system_prompt_id: 'q' }), 201)).data;
    for (let level = 1; level <= 5; level += 1) parent = await spawn(client, parent);
    await app.database.sql(`update users set purge_after = now() - interval '1 day' where id = $1`, [userId]);
    const { database } = app.database;
    while (await database.transaction((tx) => tx.accountDeletions.purgeStep(userId)));
    assert.equal(await database.transaction((tx) => tx.accountDeletions.purge(userId)), true);
    for (const table of ['assistants', 'prompts', 'delegation_events'])
      assert.deepEqual(
        await app.database.sql(`select 1 from ${table} where user_id = $1`, [userId]),
        [],
        table,
      );
  });

  test('no circle, and no child of nobody, can be stored by any means', async () => {
    const { client } = await registerUser(app);
    const [a, b] = [await create(client, 'A'), await create(client, 'B')];
    const child = await create(client, 'Child', a);
    for (const statement of [
      `update assistants set parent_id = '${b.id}', depth = 1 where id = '${a.id}';
       update assistants set parent_id = '${a.id}', depth = 1 where id = '${b.id}'`,
      `update assistants set depth = 2 where id = '${child.id}'`,
      `update assistants set parent_id = '${b.id}', depth = 1 where id = '${a.id}'`,
      `update assistants set deleted_at = now() where id = '${a.id}'`,
    ])
      await assert.rejects(
        app.database.sql(`begin; ${statement}; commit`),
        /does not stand one below/,
        statement,
      );
  });
});
