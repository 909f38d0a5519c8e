import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { insertMemory } from '#tests/support/memory-rows.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';
import { waitFor } from '#tests/support/wait-for.ts';

interface Home {
  readonly userId: string;
  readonly assistantId: string;
}

/** Numbers that look random and are the same in every run (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

suite('the metrics of an assistant', () => {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase();
  });
  after(() => db[Symbol.asyncDispose]());

  const measure = (home: Home): Promise<void> =>
    db.database.transaction((tx) => tx.metrics.measure(home.userId, home.assistantId));
  const metricsOf = async (home: Home) =>
    (await db.database.read.metrics.find(home.userId, home.assistantId))!;
  const newHome = async (): Promise<Home> => {
    const { userId, document } = await makeIngest(db);
    return { userId, assistantId: document.assistantId };
  };

  /** One thing that happens to an assistant, as the rows it leaves; days ago from 0 to 13. */
  const activities = (pick: (below: number) => number, { userId, assistantId }: Home) => {
    const ago = () => `now() - interval '${pick(14)} days' - interval '${1 + pick(600)} minutes'`;
    return [
      async () =>
        db.sql(
          `insert into retrievals (id, user_id, assistant_id, mode, hit_count, passed, took_ms, created_at)
           values ($1, $2, $3, 'text', 1, $4, 5, ${ago()})`,
          [uuidv7(), userId, assistantId, pick(3) > 0],
        ),
      async () =>
        db.sql(
          `insert into assistant_skills (id, assistant_id, user_id, name, confidence, position) values ($1, $2, $3, $4, $5, 0)`,
          [uuidv7(), assistantId, userId, uuidv7(), [0.2, 0.79, 0.8, 1][pick(4)]],
        ),
      async () =>
        db.sql(
          `insert into reflections (id, user_id, assistant_id, type, status, completed_at, updated_at, rating, content)
           select $1, $2, $3, $4, $5, case when $5 = 'completed' then t end, t, $6, $7 from (select ${ago()} as t) x`,
          pick(2) === 0
            ? [uuidv7(), userId, assistantId, 'feedback', 'completed', 1 + pick(5), 'A remark.']
            : [
                uuidv7(),
                userId,
                assistantId,
                'self',
                ['completed', 'failed', 'cancelled', 'pending'][pick(4)],
                null,
                null,
              ],
        ),
      async () => insertMemory(db, { userId, assistantId, text: uuidv7() }),
      async () =>
        db.sql(
          `update memories set is_active = false where id = (select id from memories where assistant_id = $1 limit 1)`,
          [assistantId],
        ),
      async () =>
        db.sql(
          `insert into documents (id, user_id, assistant_id, title, source_type, filename, mime_type, size, sha256, language,
             chunk_count, embedded_count, deleted_at)
           values ($1, $2, $3, 't', 'text', 'f', 'text/plain', 1, sha256($4), 'english', $5, $6, $7)`,
          [uuidv7(), userId, assistantId, uuidv7(), 10, pick(11), pick(4) === 0 ? new Date() : null],
        ),
      async () => talk(pick, ago, { userId, assistantId }),
      async () =>
        db.sql(
          `insert into assistants (id, user_id, slug, name, parent_id, depth, deleted_at) values ($1, $2, $3, 'c', $4, 1, $5)`,
          [uuidv7(), userId, `c-${uuidv7()}`, assistantId, pick(3) === 0 ? new Date() : null],
        ),
    ];
  };

  const talk = async (
    pick: (below: number) => number,
    ago: () => string,
    { userId, assistantId }: Home,
  ): Promise<void> => {
    const id = uuidv7();
    const count = pick(6);
    await db.sql(
      `insert into conversations (id, user_id, assistant_id, title, message_count, last_message_at)
       values ($1, $2, $3, 'c', $4, ${ago()})`,
      [id, userId, assistantId, count],
    );
    for (let index = 0; index < count; index++) {
      const isReply = pick(2) === 1;
      await db.sql(
        `insert into messages (id, user_id, conversation_id, role, status, content, took_ms, feedback, feedback_at)
         values ($1, $2, $3, $4, $5, 'x', $6, $7, case when $7::text is not null then ${ago()} end)`,
        [
          uuidv7(),
          userId,
          id,
          isReply ? 'assistant' : 'user',
          isReply ? ['completed', 'failed', 'cancelled'][pick(3)] : 'completed',
          isReply ? pick(900) : null,
          isReply ? [null, 'positive', 'negative'][pick(3)] : null,
        ],
      );
    }
  };

  /** The same figures by other means: all rows are read, and counted one by one. */
  const recount = async ({ userId, assistantId }: Home) => {
    const rows = <T>(table: string, key = 'assistant_id') =>
      db.sql<T>(`select * from ${table} where ${key} = $1 and user_id = $2`, [assistantId, userId]);
    const recent = (time: Date | null) => time !== null && Date.now() - time.getTime() < 7 * 86_400_000;
    const retrievals = (await rows<{ passed: boolean; created_at: Date }>('retrievals'))
      .sort((a, b) => b.created_at.getTime() - a.created_at.getTime())
      .slice(0, 50);
    const skills = await rows<{ confidence: number }>('assistant_skills');
    const reflections = await rows<{
      type: string;
      status: string;
      rating: number | null;
      completed_at: Date | null;
      updated_at: Date;
    }>('reflections');
    const memories = (await rows<{ is_active: boolean }>('memories')).filter((memory) => memory.is_active);
    const documents = (
      await rows<{ deleted_at: Date | null; chunk_count: number; embedded_count: number }>('documents')
    ).filter((document) => document.deleted_at === null);
    const children = (await rows<{ deleted_at: Date | null }>('assistants', 'parent_id')).filter(
      (child) => child.deleted_at === null,
    );
    const conversations = await rows<{ id: string; message_count: number }>('conversations');
    const messages = await db.sql<{
      id: string;
      role: string;
      status: string;
      took_ms: number;
      feedback: string | null;
      feedback_at: Date | null;
    }>('select * from messages where conversation_id = any($1)', [conversations.map(({ id }) => id)]);
    const replies = messages
      .filter(({ role, status }) => role === 'assistant' && ['completed', 'failed'].includes(status))
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, 50);
    const good = replies.filter(({ status }) => status === 'completed');
    const grounding =
      retrievals.length === 0 ? 0 : retrievals.filter((one) => one.passed).length / retrievals.length;
    const isNegative = (one: { type: string; rating: number | null }) =>
      one.type === 'feedback' && one.rating! <= 2;
    const done = reflections.filter(({ status }) => status === 'completed');
    const corrections =
      messages.filter((one) => one.feedback === 'negative' && recent(one.feedback_at)).length +
      done.filter((one) => isNegative(one) && recent(one.completed_at)).length +
      reflections.filter((one) => one.status === 'failed' && recent(one.updated_at)).length;
    const counted = done.filter((one) => !isNegative(one) && recent(one.completed_at)).length;
    const badges = skills.filter(({ confidence }) => Math.fround(confidence) >= Math.fround(0.8)).length;
    const trust = Math.min(
      100,
      Math.max(
        0,
        Math.round(40 * grounding + 3 * Math.min(10, badges) + 4 * Math.min(10, counted) - 2 * corrections),
      ),
    );
    const chunks = documents.reduce((sum, one) => sum + one.chunk_count, 0);
    const embedded = documents.reduce((sum, one) => sum + one.embedded_count, 0);
    const share = chunks + memories.length === 0 ? 0 : embedded / (chunks + memories.length);
    return {
      trustScore: trust,
      growthPoints: Math.floor(trust / 10) + Math.floor(grounding * 5 + 1e-9) + Math.floor(share * 5 + 1e-9),
      memoryCount: memories.length,
      documentCount: documents.length,
      reflectionCount: done.length,
      messageCount: conversations.reduce((sum, one) => sum + one.message_count, 0),
      childCount: children.length,
      avgResponseMs:
        good.length === 0 ? null : Math.round(good.reduce((sum, one) => sum + one.took_ms, 0) / good.length),
      successRate: replies.length === 0 ? null : Math.round((1000 * good.length) / replies.length),
    };
  };

  const shown = async (home: Home) => {
    const { avgResponseMs, successRate, ...metrics } = await metricsOf(home);
    const {
      trustScore,
      growthPoints,
      memoryCount,
      documentCount,
      reflectionCount,
      messageCount,
      childCount,
    } = metrics;
    return {
      ...{ trustScore, growthPoints, memoryCount, documentCount, reflectionCount, messageCount, childCount },
      avgResponseMs: avgResponseMs === null ? null : Math.round(avgResponseMs),
      successRate: successRate === null ? null : Math.round(1000 * successRate),
    };
  };

  test('after any activity they equal a count of the tables by other means', async (t) => {
    const levels: number[] = [];
    for (let seed = 1; seed <= 12; seed++) {
      const pick = randomNumbers(seed);
      const home = await newHome();
      const neighbour = await newHome();
      let level = 0;
      for (let round = 0; round < 3; round++) {
        for (let step = 0; step < 25; step++) {
          const options = activities(pick, step % 5 === 4 ? neighbour : home);
          await options[pick(options.length)]!();
        }
        await measure(home);
        assert.deepEqual(await shown(home), await recount(home), `seed ${seed}, round ${round}`);
        const { growthLevel } = await metricsOf(home);
        assert.ok(growthLevel >= level, 'growth never falls');
        level = growthLevel;
      }
      levels.push(level);
    }
    t.diagnostic(`36 measurements after 900 activities equal the count; growth levels ${levels.join(' ')}`);
  });

  test('growth keeps its peak when what it came from is gone', async () => {
    const home = await newHome();
    for (let index = 0; index < 5; index++)
      await db.sql(
        `insert into retrievals (id, user_id, assistant_id, mode, hit_count, passed, took_ms)
         values ($1, $2, $3, 'text', 1, true, 5)`,
        [uuidv7(), home.userId, home.assistantId],
      );
    await measure(home);
    assert.equal((await metricsOf(home)).growthLevel, 1, 'four points of trust and five of grounding');
    await db.sql('delete from retrievals where assistant_id = $1', [home.assistantId]);
    await measure(home);
    const after = await metricsOf(home);
    assert.equal(after.growthPoints, 0);
    assert.equal(after.growthLevel, 1);
  });

  test('what leaves the seven days is noticed though nothing happens', async () => {
    const home = await newHome();
    await db.sql(
      `insert into reflections (id, user_id, assistant_id, type, status, completed_at)
       values ($1, $2, $3, 'self', 'completed', now() - interval '7 days' + interval '300 ms')`,
      [uuidv7(), home.userId, home.assistantId],
    );
    await measure(home);
    assert.equal((await metricsOf(home)).trustScore, 4);
    const stale = () => db.database.transaction((tx) => tx.metrics.touchStale(10));
    assert.equal(await stale(), 0);
    await waitFor(async () => (await stale()) === 1, { description: 'the reflection to be old' });
    await measure(home);
    assert.equal((await metricsOf(home)).trustScore, 0);
    assert.equal(await stale(), 0, 'once measured it is not stale any more');
  });

  test('of an assistant that is gone nothing is measured, and another user sees nothing', async () => {
    const home = await newHome();
    const other = await newHome();
    await measure({ userId: other.userId, assistantId: home.assistantId });
    assert.deepEqual(
      await db.sql('select 1 from assistant_metrics where assistant_id = $1 and computed_at is not null', [
        home.assistantId,
      ]),
      [],
    );
    await measure(home);
    assert.equal(await db.database.read.metrics.find(other.userId, home.assistantId), undefined);
    await db.sql('update assistants set deleted_at = now() where id = $1', [home.assistantId]);
    assert.equal(await db.database.read.metrics.find(home.userId, home.assistantId), undefined);
  });
});
