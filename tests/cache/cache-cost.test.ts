import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { recordQueries } from '#tests/support/query-recorder.ts';
import { startCachedPair, undisturbed } from '#tests/support/cached-pair.ts';

const ROUNDS = 200;

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

suite('what the cache saves', () => {
  test('statements and time of a read, with the cache and without', async (t) => {
    await using pair = await startCachedPair();
    const user = await pair.newUser();
    const { ids } = user;
    const page = { limit: 50, after: null };
    const reads = {
      'an assistant alone': ({ assistants }) => assistants.get(user.id, ids.assistant, []),
      'an assistant with three parts': ({ assistants }) =>
        assistants.get(user.id, ids.assistant, ['profile', 'capabilities', 'system_prompt']),
      'a chain alone': ({ memoryChains }) => memoryChains.get(user.id, ids.chain),
      'entries of a chain': ({ memoryChains }) => memoryChains.entries(user.id, ids.chain, page),
      'chunks of a document': ({ documents }) => documents.chunks(user.id, ids.document, page),
    } satisfies Record<string, (services: typeof pair.plain.services) => Promise<unknown>>;
    const saved: Record<string, number> = {};
    for (const [name, read] of Object.entries(reads)) {
      const measure = async (services: typeof pair.plain.services, atOnce: number) => {
        using recorder = recordQueries();
        const times: number[] = [];
        for (let i = 0; i < ROUNDS / atOnce; i++) {
          const begun = performance.now();
          await Promise.all(Array.from({ length: atOnce }, () => read(services)));
          times.push((performance.now() - begun) / atOnce);
        }
        return { statements: recorder.queries.length / ROUNDS, ms: median(times) };
      };
      const run = (services: typeof pair.plain.services) => async () => ({
        one: await measure(services, 1),
        ten: await measure(services, 10),
      });
      await read(pair.app.context.services);
      const without = await run(pair.plain.services)();
      const cached = await undisturbed(pair, run(pair.app.context.services));
      const shown = ({ statements, ms }: { statements: number; ms: number }) =>
        `${statements.toFixed(2)} statements, ${ms.toFixed(2)} ms`;
      t.diagnostic(`${name}, one by one: ${shown(without.one)}; cached ${shown(cached.one)}`);
      t.diagnostic(`${name}, ten at once: ${shown(without.ten)}; cached ${shown(cached.ten)}`);
      saved[name] = without.one.statements / cached.one.statements;
      assert.ok(cached.one.statements <= 1.1, `${name}: ${cached.one.statements}`);
      assert.ok(cached.ten.statements <= 0.5, `${name} at once: ${cached.ten.statements}`);
    }
    assert.ok(saved['an assistant with three parts']! >= 3.5);
    assert.ok(saved['entries of a chain']! >= 2.7);
    assert.ok(saved['chunks of a document']! >= 1.8);
  });
});
