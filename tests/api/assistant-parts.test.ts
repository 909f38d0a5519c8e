import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { registerUser } from '#tests/support/http-client.ts';
import type { HttpClient, Json, TestResponse } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

suite('the parts of an assistant', () => {
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
  const put = (client: HttpClient, path: string, json: object, headers = {}): Promise<TestResponse> =>
    client.request('PUT', path, { json, headers });

  const profile = {
    description: 'Keeps books.\nAnd reads them.',
    personality: 'Patient.',
    avatar_url: 'https://example.org/a.png',
    avatar_style: 'line',
    tone: 'dry',
    persona: 'You are a librarian.',
    traits: ['patient', 'exact'],
    values: ['truth'],
    motto: 'It is written.',
  };
  const capabilities = {
    specialties: ['books'],
    tools: ['search'],
    flags: { can_browse: true },
    skills: [
      { name: 'Finding', description: 'Finds.', confidence: 0.75, related_tools: ['search'], tags: ['a'] },
      { name: 'Sorting', description: null, confidence: 0.5, related_tools: [], tags: [] },
    ],
  };
  const withoutIds = ({ skills, ...rest }: Json): Json => ({
    ...rest,
    skills: skills.map(({ id: _id, ...skill }: Json) => skill),
  });

  test('an assistant is made with all its parts, empty or as given', async () => {
    const { client } = await registerUser(app);
    const plain = await create(client, { name: 'Plain' });
    const empty = (await client.get(`assistants/${plain.id}/profile`)).body.data;
    assert.deepEqual(empty, {
      ...Object.fromEntries(Object.keys(profile).map((key) => [key, null])),
      traits: [],
      values: [],
    });
    assert.deepEqual((await client.get('assistants/plain/capabilities')).body.data, {
      specialties: [],
      tools: [],
      flags: {},
      skills: [],
    });
    await create(client, { name: 'Full', profile, capabilities });
    assert.deepEqual((await client.get('assistants/full/profile')).body.data, profile);
    assert.deepEqual(withoutIds((await client.get('assistants/full/capabilities')).body.data), capabilities);
    const rows = await app.database.sql('select 1 from assistant_metrics where assistant_id = $1', [
      plain.id,
    ]);
    assert.equal(rows.length, 1);
  });

  test('what fails leaves nothing of the assistant behind', async () => {
    const { client, id: userId } = await registerUser(app);
    const body = { name: 'Half', profile, system_prompt_id: 'nowhere' };
    const { status, body: problem } = await client.post('assistants', body);
    assert.deepEqual([status, problem.code], [404, 'prompt.not_found']);
    assert.equal(problem.errors[0].pointer, '/body/system_prompt_id');
    for (const table of ['assistants', 'assistant_profiles', 'assistant_capabilities', 'assistant_metrics'])
      assert.deepEqual(
        await app.database.sql(`select 1 from ${table} where user_id = $1`, [userId]),
        [],
        table,
      );
  });

  test('edits change what is sent, and count as edits of the assistant', async () => {
    const { client } = await registerUser(app);
    await create(client, { name: 'A', profile });
    const first = await client.get('assistants/a/profile');
    assert.equal(first.headers.get('etag'), '"1.1"');
    const changed = await client.patch('assistants/a/profile', { tone: 'warm', motto: null, traits: [] });
    assert.deepEqual(changed.body.data, { ...profile, tone: 'warm', motto: null, traits: [] });
    assert.equal(changed.headers.get('etag'), '"2.2"');
    assert.equal((await client.get('assistants/a')).headers.get('etag'), '"2.2"');
    const stale = await client.patch('assistants/a/capabilities', { tools: ['x'] }, { 'if-match': '"1.1"' });
    assert.deepEqual([stale.status, stale.body.code], [412, 'precondition.failed']);
    const good = await client.patch('assistants/a/capabilities', { tools: ['x'] }, { 'if-match': '"2.2"' });
    assert.deepEqual([good.status, good.body.data.tools], [200, ['x']]);
    const unchanged = await client.get('assistants/a/profile', { 'if-none-match': '"3.3"' });
    assert.equal(unchanged.status, 304);
  });

  test('of 20 edits of different parts with one ETag one wins', async () => {
    const { client } = await registerUser(app);
    await create(client, { name: 'Contested' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0
          ? client.patch('assistants/contested/profile', { tone: `t${index}` }, { 'if-match': '"1.1"' })
          : client.patch(
              'assistants/contested/capabilities',
              { tools: [`t${index}`] },
              { 'if-match': '"1.1"' },
            ),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [
      200,
      ...Array.from({ length: 19 }, () => 412),
    ]);
  });

  test('whatever stands where skills should is refused by its place', async () => {
    const { client } = await registerUser(app);
    await create(client, { name: 'Odd skills' });
    const skills = [false, 7.2e-22, { 'Zn2 8SHF': true }, null, { name: 5 }, { name: 'A' }, { name: 'a' }];
    const { status, body } = await client.patch('assistants/odd-skills/capabilities', { skills });
    assert.equal(status, 400, JSON.stringify(body));
    const places = new Set(
      (body.errors as Json[]).map(({ pointer }) => pointer.split('/').slice(0, 4).join('/')),
    );
    for (const index of [0, 1, 2, 3, 4, 6]) assert.ok(places.has(`/body/skills/${index}`), String(index));
  });

  test('skills are replaced; one that keeps its name, in any case, keeps its id', async () => {
    const { client } = await registerUser(app);
    await create(client, { name: 'Able', capabilities });
    const before = (await client.get('assistants/able/capabilities')).body.data.skills;
    const skills = [{ name: 'New' }, { name: 'FINDING', confidence: 1 }];
    const { body } = await client.patch('assistants/able/capabilities', { skills });
    assert.deepEqual(
      body.data.skills.map((skill: Json) => [skill.name, skill.confidence]),
      [
        ['New', 0.5],
        ['FINDING', 1],
      ],
    );
    assert.equal(body.data.skills[1].id, before[0].id);
    assert.deepEqual(body.data.specialties, ['books'], 'what is not sent stays');
    const one = await client.patch('assistants/able/capabilities', { specialties: [] });
    assert.equal(one.body.data.skills.length, 2);
  });

  test('bad parts are refused with the field at fault, and change nothing', async () => {
    const { client } = await registerUser(app);
    await create(client, { name: 'B', profile, capabilities });
    const cases: [string, object, string][] = [
      ['profile', { personality: 'x'.repeat(301) }, '/body/personality'],
      ['profile', { avatar_url: 'javascript:alert(1)' }, '/body/avatar_url'],
      ['profile', { traits: ['a', 'a'] }, '/body/traits/1'],
      ['profile', { tone: ' ' }, '/body/tone'],
      ['capabilities', { flags: { 'Not a flag': true } }, '/body/flags/Not a flag'],
      ['capabilities', { flags: { on: 'yes' } }, '/body/flags/on'],
      ['capabilities', { skills: [{ name: 'A', confidence: 1.1 }] }, '/body/skills/0/confidence'],
      ['capabilities', { skills: [{ name: 'A' }, { name: 'a' }] }, '/body/skills/1'],
      ['capabilities', { skills: [{ name: 'A', id: 'x' }] }, '/body/skills/0/id'],
    ];
    for (const [part, body, pointer] of cases) {
      const answer = await client.patch(`assistants/b/${part}`, body);
      assert.deepEqual([answer.status, answer.body.code], [400, 'request.invalid'], pointer);
      assert.equal(answer.body.errors[0].pointer, pointer);
    }
    // Names that only PostgreSQL takes for one and the same.
    const sigma = { skills: [{ name: 'ΑΣ' }, { name: 'ασ' }] };
    assert.ok([200, 400].includes((await client.patch('assistants/b/capabilities', sigma)).status));
    assert.deepEqual((await client.get('assistants/b/profile')).body.data, profile);
  });

  test('the system prompt is chosen, shown and taken away', async () => {
    const { client } = await registerUser(app);
    await create(client, { name: 'Voice' });
    const prompt = (await client.post('prompts', { title: 'Soft', content: 'Speak softly.' })).body.data;
    assert.equal((await client.get('assistants/voice/system-prompt')).body.data, null);
    const chosen = await put(client, 'assistants/voice/system-prompt', { prompt_id: 'soft' });
    assert.deepEqual([chosen.status, chosen.body.data.content], [200, 'Speak softly.']);
    assert.equal(chosen.headers.get('etag'), '"2.2"');
    assert.equal((await client.get('assistants/voice')).body.data.system_prompt_id, prompt.id);
    const stale = await put(
      client,
      'assistants/voice/system-prompt',
      { prompt_id: null },
      { 'if-match': '"1.1"' },
    );
    assert.equal(stale.status, 412);
    const user = { title: 'Question', content: 'Ask.', type: 'user' };
    await client.post('prompts', user);
    const wrong = await put(client, 'assistants/voice/system-prompt', { prompt_id: 'question' });
    assert.deepEqual([wrong.status, wrong.body.code], [409, 'prompt.not_system']);
    assert.equal(wrong.body.errors[0].pointer, '/body/prompt_id');
    const byPatch = await client.patch('assistants/voice', { system_prompt_id: null });
    assert.equal(byPatch.body.data.system_prompt_id, null);
    assert.equal((await client.get('assistants/voice/system-prompt')).body.data, null);
  });

  test('the tables keep to the rules by themselves', async () => {
    const { client, id: userId } = await registerUser(app);
    const { id } = await create(client, { name: 'Strict' });
    const other = await registerUser(app);
    const refused = [
      [`update assistant_profiles set personality = repeat('x', 301) where assistant_id = $1`, [id]],
      [`update assistant_metrics set trust_score = 101 where assistant_id = $1`, [id]],
      [`update assistants set depth = 1 where id = $1`, [id]],
      [`update assistants set parent_id = id, depth = 1 where id = $1`, [id]],
      [`update assistants set depth = 6, parent_id = $1 where id = $1`, [id]],
      [
        `insert into assistant_skills (id, assistant_id, user_id, name, confidence, position)
         values (gen_random_uuid(), $1, $2, 'A', 1.5, 0)`,
        [id, userId],
      ],
      [
        `insert into assistant_skills (id, assistant_id, user_id, name, position)
         values (gen_random_uuid(), $1, $2, 'A', 0)`,
        [id, other.id],
      ],
    ] as const;
    for (const [sql, values] of refused)
      await assert.rejects(
        app.database.sql(sql, [...values]),
        /violates (check|foreign key) constraint/,
        sql,
      );
  });
});
