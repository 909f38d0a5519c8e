import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import fc from 'fast-check';
import { cacheDeletions, cacheWrites } from '#tests/support/cache-writes.ts';
import type { CacheWrite } from '#tests/support/cache-writes.ts';
import {
  answerOf,
  cacheCount,
  stalePaths,
  startCachedPair,
  undisturbed,
} from '#tests/support/cached-pair.ts';
import type { CachedPair, PairUser } from '#tests/support/cached-pair.ts';

const SEED = 20_261_125;

/** Each table's triggers of marks, on or off. */
async function setMarking({ app }: CachedPair, on: boolean): Promise<void> {
  const triggers = await app.database.sql<{ name: string; table: string }>(
    `select tgname as name, tgrelid::regclass::text as table from pg_trigger where tgname like '%\\_mark\\_%'`,
  );
  assert.ok(triggers.length >= 36);
  for (const { name, table } of triggers)
    await app.database.sql(`alter table ${table} ${on ? 'enable' : 'disable'} trigger ${name}`);
}

const readAll = (user: PairUser): Promise<unknown> =>
  Promise.all(user.paths.flatMap((path) => user.clients.map((client) => answerOf(client, path))));

suite('what is cached', () => {
  let pair: CachedPair;
  before(async () => {
    pair = await startCachedPair();
  });
  after(() => pair[Symbol.asyncDispose]());

  test('promise 32: random writes and reads over two instances never show what was before a write', async (t) => {
    let checks = 0;
    const step = fc.record({
      write: fc.nat({ max: cacheWrites.length - 1 }),
      instance: fc.nat({ max: 1 }),
      n: fc.nat({ max: 1_000 }),
      warmed: fc.boolean(),
      racing: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 12 }), async (steps) => {
        const user = await pair.newUser();
        for (const { write, instance, n, warmed, racing } of steps) {
          if (warmed) await readAll(user);
          // Readers that begin before the write, and may store afterwards what they have read.
          const readers = racing ? Promise.all([readAll(user), readAll(user)]) : undefined;
          await cacheWrites[write]!.run(pair, user, user.clients[instance]!, n);
          assert.deepEqual(await stalePaths(user), [], `after: ${cacheWrites[write]!.name}`);
          await readers;
          assert.deepEqual(await stalePaths(user), [], `later, after: ${cacheWrites[write]!.name}`);
          checks += 1;
        }
        for (const deletion of cacheDeletions) {
          await deletion.run(pair, user, user.clients[0], 1);
          assert.deepEqual(await stalePaths(user), [], `after: ${deletion.name}`);
        }
      }),
      { numRuns: 8, seed: SEED, endOnFailure: true },
    );
    const hits = (await cacheCount(pair.app.context, 'hit')) + (await cacheCount(pair.second, 'hit'));
    assert.ok(hits > 200, `${hits} hits: the cache was in use`);
    t.diagnostic(`${checks} writes, 0 stale answers, ${hits} hits (seed ${SEED})`);
  });

  // A chain that is gone is missed by what asks for its marks.
  const marked = cacheDeletions.filter(({ name }) => name !== 'delete a chain');
  const changing: readonly CacheWrite[] = [...cacheWrites, ...marked];
  for (const write of changing)
    test(`would be stale were it not for the mark: ${write.name}`, async () => {
      const user = await pair.newUser();
      const { assistant, prompt } = user.ids;
      await user.client.patch(`assistants/${assistant}`, { system_prompt_id: prompt });
      if (write.name === 'put memories into a chain')
        await user.client.delete(`memory-chains/${user.ids.chain}/entries/${user.ids.memory}`);
      await undisturbed(pair, () => readAll(user));
      assert.deepEqual(await undisturbed(pair, () => stalePaths(user)), []);
      await setMarking(pair, false);
      try {
        await write.run(pair, user, user.clients[0], 8);
      } finally {
        await setMarking(pair, true);
      }
      assert.notDeepEqual(await undisturbed(pair, () => stalePaths(user)), []);
    });
});
