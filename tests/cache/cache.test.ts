import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { createApiContext } from '#api/context.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { closeRedisClient, connectOnce, createRedisClient } from '#shared/redis/client.ts';
import type { RedisClient } from '#shared/redis/client.ts';
import { cacheKeysOf } from '#shared/cache/cache.ts';
import {
  answerOf,
  cacheCount,
  stalePaths,
  startCachedPair,
  undisturbed,
} from '#tests/support/cached-pair.ts';
import type { CachedPair, PairUser } from '#tests/support/cached-pair.ts';
import { redisMissing, startOwnRedis } from '#tests/support/own-redis.ts';
import type { OwnRedis } from '#tests/support/own-redis.ts';
import { recordQueries } from '#tests/support/query-recorder.ts';
import { startTcpProxy } from '#tests/support/tcp-proxy.ts';
import { waitFor } from '#tests/support/wait-for.ts';
import { sweepCache } from '#worker/maintenance/sweep-cache.ts';

const logger = createLogger({ level: 'silent', service: 'test' });

suite('the cache', { skip: redisMissing() }, () => {
  let redis: OwnRedis;
  let pair: CachedPair;
  let client: RedisClient;
  before(async () => {
    redis = await startOwnRedis();
    pair = await startCachedPair({ REDIS_CACHE_URL: redis.url });
    client = createRedisClient({ url: redis.url, name: 'test', logger, failFast: true });
    await connectOnce(client);
  });
  after(async () => {
    closeRedisClient(client);
    await pair[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  const readAll = (user: PairUser): Promise<unknown[]> =>
    Promise.all(user.paths.map((path) => answerOf(user.client, path)));
  const fieldsOf = async (key: string) => Object.entries(await client.sendCommand<object>(['HGETALL', key]));
  const keysOf = (user: PairUser): Promise<string[]> =>
    client.sendCommand(['KEYS', `*:cache:*:${user.id}:*`]);
  const sweep = () => {
    const { database, config } = pair.app.context;
    const send = <T>(command: string[]): Promise<T> => client.sendCommand<T>(command);
    return sweepCache({ database, keys: cacheKeysOf(send, config.redis.keyPrefix), intervalMs: 0 });
  };
  const warmed = async (): Promise<PairUser> => {
    const user = await pair.newUser();
    await undisturbed(pair, () => readAll(user));
    await waitFor(async () => (await keysOf(user)).length === 3, { description: 'what was stored' });
    return user;
  };

  test('each value has its owner in its key and expires, not all at once', async () => {
    const user = await warmed();
    const keys = await keysOf(user);
    for (const kind of ['assistant', 'chain', 'document'] as const)
      assert.ok(
        keys.some((key) => key.endsWith(`:${user.id}:${kind}:${user.ids[kind]}`)),
        kind,
      );
    const ttls = new Set<number>();
    for (let i = 0; i < 5; i++) {
      const other = await warmed();
      const key = (await keysOf(other)).find((name) => name.includes(':chain:'))!;
      const ttl = await client.sendCommand<number>(['TTL', key]);
      assert.ok(ttl > 1_800 * 0.89 && ttl <= 1_800, `${ttl}`);
      ttls.add(ttl);
    }
    assert.ok(ttls.size > 1);
  });

  test('nobody is served what was cached for somebody else', async () => {
    const user = await warmed();
    const stranger = await pair.newUser();
    for (const path of user.paths)
      for (const asking of stranger.clients) assert.equal(await answerOf(asking, path), 404, path);
    assert.deepEqual(await keysOf(stranger), []);
  });

  test('promise 32: not even where somebody puts one user’s values under another one’s keys', async () => {
    const [user, victim] = [await warmed(), await warmed()];
    await undisturbed(pair, async () => {
      for (const kind of ['assistant', 'chain', 'document'] as const) {
        const [from, to] = await Promise.all(
          [victim, user].map(async (one) => (await keysOf(one)).find((key) => key.includes(`:${kind}:`))!),
        );
        const stamp = await client.sendCommand<string>(['HGET', to!, 'stamp']);
        await client.sendCommand(['COPY', from!, to!, 'REPLACE']);
        await client.sendCommand(['HSET', to!, 'stamp', stamp]);
      }
      const before = await cacheCount(pair.app.context, 'garbage');
      assert.deepEqual(await stalePaths(user), []);
      assert.ok((await cacheCount(pair.app.context, 'garbage')) > before);
    });
  });

  test('200 who miss at once on each of two instances: loaded once an instance', async (t) => {
    const user = await pair.newUser();
    const page = { limit: 100, after: null };
    // Not over HTTP: one process that is client and both servers would be the bottleneck.
    const ask = (i: number) =>
      (i % 2 === 0 ? pair.app.context : pair.second).services.memoryChains.entries(
        user.id,
        user.ids.chain,
        page,
      );
    const { loads, stamps } = await undisturbed(pair, async () => {
      await redis.flush();
      using recorder = recordQueries();
      const answers = await Promise.all(Array.from({ length: 400 }, (_, i) => ask(i)));
      assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
      const counted = (text: string) => recorder.queries.filter((query) => query.text.includes(text)).length;
      return { loads: counted('from "memory_chain_entries"'), stamps: counted('cache_stamps(') };
    });
    t.diagnostic(`400 at once on two instances: ${loads} loads, ${stamps} statements for stamps`);
    assert.equal(loads, 2);
    assert.ok(stamps <= 20);
  });

  test('without Redis as well, those who ask at once share what they load', async (t) => {
    const user = await pair.newUser();
    await redis.kill();
    try {
      using recorder = recordQueries();
      const { memoryChains } = pair.app.context.services;
      const page = { limit: 100, after: null };
      await Promise.all(
        Array.from({ length: 200 }, () => memoryChains.entries(user.id, user.ids.chain, page)),
      );
      const loads = recorder.queries.filter(({ text }) =>
        text.includes('from "memory_chain_entries"'),
      ).length;
      t.diagnostic(`200 at once: ${loads} loads`);
      assert.ok(loads >= 1 && loads <= 8, `${loads}`);
    } finally {
      await redis.start();
      await waitFor(() => pair.app.context.redis.cache.isReady && pair.second.redis.cache.isReady, {
        description: 'the connections',
      });
    }
  });

  test('a load that fails is not kept', async () => {
    const user = await pair.newUser();
    const assistant = (await user.client.post('assistants', { name: 'Alone' })).body.data.id;
    await pair.app.database.sql('update assistants set deleted_at = now() where id = $1', [assistant]);
    assert.equal(await answerOf(user.client, `assistants/${assistant}`), 404);
    await pair.app.database.sql('update assistants set deleted_at = null where id = $1', [assistant]);
    assert.equal((await user.client.get(`assistants/${assistant}`)).status, 200);
  });

  test('garbage in Redis: right answers, counted, and replaced', async () => {
    const user = await warmed();
    const spoilers: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
      'another type': async (key) => {
        await client.sendCommand(['DEL', key]);
        await client.sendCommand(['LPUSH', key, 'x']);
      },
      'cut off': (key) => spoil(key, (text) => text.slice(0, text.length / 2)),
      'not JSON': (key) => spoil(key, () => '\u0000\u{1f600} nonsense'),
      empty: (key) => spoil(key, () => ''),
      'another value': (key) => spoil(key, (text) => text.replace(/Event|Hay|Life/, 'Evil')),
      'of a huge size': (key) => spoil(key, () => 'x'.repeat(20_000_000)),
    };
    const spoil = async (key: string, change: (text: string) => string): Promise<void> => {
      const fields = await client.sendCommand<string[]>(['HKEYS', key]);
      for (const field of fields.filter((name) => name !== 'stamp')) {
        const text = await client.sendCommand<string>(['HGET', key, field]);
        await client.sendCommand(['HSET', key, field, change(text)]);
      }
    };
    for (const [name, spoiler] of Object.entries(spoilers)) {
      await undisturbed(pair, async () => {
        await readAll(user);
        await waitFor(async () => (await keysOf(user)).length === 3, { description: 'what was stored' });
        for (const key of await keysOf(user)) await spoiler(key);
        const before = await cacheCount(pair.app.context, 'garbage');
        assert.deepEqual(await stalePaths(user), [], name);
        assert.ok((await cacheCount(pair.app.context, 'garbage')) > before, name);
      });
      await waitFor(
        async () => {
          const before = await cacheCount(pair.app.context, 'hit');
          await readAll(user);
          return (await cacheCount(pair.app.context, 'hit')) === before + user.paths.length;
        },
        { description: `hits after ${name}` },
      );
    }
  });

  test('what is deleted leaves Redis with the next sweep, and what is changed as well', async () => {
    const user = await warmed();
    const { document, chain, assistant } = user.ids;
    await user.client.patch(`memory-chains/${chain}`, { title: 'Another' });
    assert.equal((await user.client.delete(`documents/${document}`)).status, 204);
    await sweep();
    const left = await keysOf(user);
    assert.ok(!left.some((key) => key.includes(chain)));
    const tomb = left.find((key) => key.includes(document))!;
    assert.deepEqual(await fieldsOf(tomb), [['stamp', 'gone']]);
    assert.ok((await client.sendCommand<number>(['PTTL', tomb])) <= 120_000);
    assert.equal((await user.client.delete(`assistants/${assistant}?force=true`)).status, 204);
    await sweep();
    for (const key of await keysOf(user)) assert.deepEqual(await fieldsOf(key), [['stamp', 'gone']], key);
    const marks = await pair.app.database.sql(
      `select kind from cache_marks where owner_id = $1 and kind <> 'prompts'`,
      [user.id],
    );
    // One for each chain, document and assistant that there still is: those of the first assistant went with it.
    assert.equal(marks.length, 7);
  });

  test('an account that is purged leaves nothing in the cache, and no mark', async () => {
    const user = await warmed();
    const { database } = pair.app.context;
    await pair.app.database.sql(`update users set purge_after = now() where id = $1`, [user.id]);
    await database.transaction(async (tx) => {
      while (await tx.accountDeletions.purgeStep(user.id));
    });
    assert.equal(await database.transaction((tx) => tx.accountDeletions.purge(user.id)), true);
    await sweep();
    for (const key of await keysOf(user)) assert.deepEqual(await fieldsOf(key), [['stamp', 'gone']], key);
    const marks = await pair.app.database.sql('select kind from cache_marks where owner_id = $1', [user.id]);
    assert.deepEqual(marks, []);
  });

  test('one mark a subject stays, and no stamp comes back', async () => {
    const user = await pair.newUser();
    const { stamps } = pair.app.context.database;
    const subject = { kind: 'assistant', id: user.ids.assistant, userId: user.id } as const;
    const seen = new Set<string | undefined>();
    for (let round = 0; round < 5; round++) {
      await pair.app.database.sql('update assistants set is_active = true where id = $1', [subject.id]);
      seen.add(await stamps.of(subject));
      await sweep();
      seen.add(await stamps.of(subject));
    }
    assert.equal(seen.size, 10);
    const marks = await pair.app.database.sql(
      `select from cache_marks where subject_id = $1 and kind = 'assistant'`,
      [subject.id],
    );
    assert.equal(marks.length, 1);
  });

  test('where Redis cannot be told of a sweep, nothing counts as swept', async () => {
    const user = await pair.newUser();
    const due = `select from cache_marks where owner_id = $1 and not settled`;
    const before = (await pair.app.database.sql(due, [user.id])).length;
    assert.ok(before > 0);
    const keys = { erase: () => Promise.reject(new Error('Redis does not answer')) };
    await assert.rejects(sweepCache({ database: pair.app.context.database, keys, intervalMs: 0 }));
    assert.equal((await pair.app.database.sql(due, [user.id])).length, before);
  });

  test('warming has the most read assistants there before anybody asks', async () => {
    const { context } = pair.app;
    await redis.flush();
    const user = await pair.newUser();
    const read = user.paths[1]!;
    const warm = { ...context.config, cache: { ...context.config.cache, warmAssistants: 5 } };
    const counting = await createApiContext(warm);
    for (let i = 0; i < 3; i++)
      await counting.services.assistants.get(user.id, user.ids.assistant, ['profile']);
    // A stop tells what was counted, whatever the time of the next round.
    await counting[Symbol.asyncDispose]();
    const stored = await waitFor(async () => (await keysOf(user)).length === 1 && keysOf(user), {
      description: 'what was read',
    });
    await client.sendCommand(['DEL', ...stored]);
    await using started = await createApiContext(warm);
    await waitFor(async () => (await keysOf(user)).length === 1, { description: 'the warm assistant' });
    await waitFor(async () => (await started.metrics.cacheWarmed.get()).values.length > 0, {
      description: 'the count',
    });
    assert.equal(await cacheCount(started, 'miss'), 0, 'warming is not counted as reading');
    await undisturbed(pair, async () => {
      const before = await cacheCount(context, 'hit');
      await answerOf(user.client, read);
      assert.equal(await cacheCount(context, 'hit'), before + 1);
    });
  });

  test('promise 32: Redis frozen, dead and back: right answers, no 5xx, little time lost', async (t) => {
    const user = await warmed();
    const times: number[] = [];
    const { services } = pair.app.context;
    const readTimed = async (): Promise<void> => {
      for (let i = 0; i < 50; i++) {
        // Past the limits, which are counted in the same Redis and wait longer for it.
        const begun = performance.now();
        const page = { limit: 3, after: null };
        const { items } = await services.documents.chunks(user.id, user.ids.document, page);
        assert.equal(items.length, 3);
        times.push(performance.now() - begun);
      }
      for (const path of user.paths) assert.equal((await user.client.get(path)).status, 200);
    };
    redis.freeze();
    await readTimed();
    await user.clients[1].patch(`assistants/${user.ids.assistant}`, { name: 'Renamed meanwhile' });
    await user.clients[1].patch(`memory-chains/${user.ids.chain}`, { title: 'Retitled meanwhile' });
    assert.deepEqual(await stalePaths(user), []);
    redis.thaw();
    assert.deepEqual(await stalePaths(user), []);
    await redis.kill();
    await readTimed();
    await user.client.patch(`assistants/${user.ids.assistant}`, { name: 'Renamed again' });
    assert.deepEqual(await stalePaths(user), []);
    await redis.start();
    await undisturbed(pair, () => readAll(user));
    assert.deepEqual(await stalePaths(user), []);
    assert.ok((await cacheCount(pair.app.context, 'bypass')) > 0);
    const [slowest = 0, second = 0] = times.sort((a, b) => b - a);
    t.diagnostic(
      `slowest of ${times.length} reads without Redis: ${slowest.toFixed(0)}, ${second.toFixed(0)} ms`,
    );
    assert.ok(slowest < 1_000, `${slowest} ms`);
  });
});

suite('an instance that alone has lost Redis', () => {
  test('promise 32: what it writes is never served old by the other, nor old values brought back', async () => {
    await using redis = await startOwnRedis();
    await using proxy = await startTcpProxy(redis.url);
    await using pair = await startCachedPair({ REDIS_CACHE_URL: redis.url }, proxy.url);
    const user = await pair.newUser();
    const { sql } = pair.app.database;
    await Promise.all(user.paths.map((path) => answerOf(user.client, path)));
    await proxy.cut();
    for (let n = 0; n < 5; n++) {
      await user.clients[1].patch(`assistants/${user.ids.assistant}`, { name: `Name ${n}` });
      await user.clients[1].patch(`memories/${user.ids.memory}`, { summary: `Summary ${n}` });
      assert.deepEqual(await stalePaths(user), []);
    }
    // A Redis that comes back with what it had hours ago: the values of then, under the keys of now.
    const client = createRedisClient({ url: redis.url, name: 'test', logger, failFast: true });
    await connectOnce(client);
    const keys = await client.sendCommand<string[]>(['KEYS', `*:cache:*:${user.id}:*`]);
    assert.equal(keys.length, 3);
    const dumps = await Promise.all(keys.map((key) => client.sendCommand<object>(['HGETALL', key])));
    await user.clients[1].patch(`assistants/${user.ids.assistant}`, { name: 'The last name' });
    await sql(`update document_chunks set text = 'Other hay' where document_id = $1`, [user.ids.document]);
    for (const [index, key] of keys.entries()) {
      await client.sendCommand(['DEL', key]);
      await client.sendCommand(['HSET', key, ...Object.entries(dumps[index]!).flat()]);
    }
    closeRedisClient(client);
    await proxy.restore();
    assert.deepEqual(await stalePaths(user), []);
  });
});
