import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import type { Quotas } from '#shared/domain/quotas.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';

const FREE: Quotas = { documents: 0, bytes: 0, embeddingTokensPerDay: 0, completionTokensPerDay: 0 };

suite('quotas', () => {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase();
  });
  after(() => db[Symbol.asyncDispose]());

  const codes = (results: PromiseSettledResult<unknown>[]): unknown[] =>
    results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
  const usedTokens = async (userId: string): Promise<number> =>
    (await db.database.read.quotas.usage(userId, FREE)).embeddingTokensToday;

  test('a new account has used nothing, and the settings hold for it', async () => {
    const usage = await db.database.read.quotas.usage(uuidv7(), { ...FREE, documents: 7 });
    assert.equal(usage.documents + usage.bytes + usage.embeddingTokensToday, 0);
    assert.deepEqual(usage.limits, { ...FREE, documents: 7 });
    const midnight = new Date();
    midnight.setUTCHours(24, 0, 0, 0);
    assert.equal(usage.resetsAt.toISOString(), midnight.toISOString());
  });

  test('documents and bytes are refused one beyond the limit, and exactly the limit is allowed', async () => {
    const { userId } = await makeIngest(db);
    const { quotas } = db.database.read;
    const { documents, bytes } = await quotas.usage(userId, FREE);
    assert.deepEqual([documents, bytes], [1, 21]);
    await quotas.assertRoom(userId, 9, { ...FREE, documents: 2, bytes: 30 });
    await assert.rejects(quotas.assertRoom(userId, 9, { ...FREE, documents: 1 }), { code: 'quota.exceeded' });
    await assert.rejects(quotas.assertRoom(userId, 10, { ...FREE, bytes: 30 }), { code: 'quota.exceeded' });
  });

  test('10 documents that are all stored before any of them is judged, with room for 5: exactly 5 stay', async (t) => {
    const { userId, document } = await makeIngest(db);
    const limits = { ...FREE, documents: 6 };
    const { promise: allStored, resolve: go } = Promise.withResolvers<undefined>();
    let stored = 0;
    const results = await Promise.allSettled(
      // As many as the pool has connections.
      Array.from({ length: 10 }, (_, index) =>
        db.database.transaction(async (tx) => {
          await tx.documents.insert({
            id: uuidv7(),
            userId,
            assistantId: document.assistantId,
            title: `Document ${index}`,
            sourceType: 'text',
            filename: 'a.txt',
            mimeType: 'text/plain',
            sha256: randomBytes(32),
            language: 'english',
            tags: [],
            content: Buffer.from('x'),
          });
          stored += 1;
          if (stored === 10) go(undefined);
          await allStored;
          await tx.quotas.settleDocument(userId, limits);
        }),
      ),
    );
    const refused = codes(results);
    t.diagnostic(`10 at once, room for 5: ${10 - refused.length} accepted`);
    assert.deepEqual(refused, Array(5).fill('quota.exceeded'));
    assert.equal((await db.database.read.quotas.usage(userId, limits)).documents, 6);
  });

  test('tokens of 20 batches at once never pass the limit of the day, and none is lost', async () => {
    const { userId } = await makeIngest(db);
    const limits = { ...FREE, embeddingTokensPerDay: 1000 };
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        db.database.transaction((tx) => tx.quotas.spendTokens(userId, 90, limits)),
      ),
    );
    assert.deepEqual(codes(results), Array(9).fill('quota.daily_exceeded'));
    assert.equal(await usedTokens(userId), 990);
    await assert.rejects(db.database.read.quotas.assertTokens(userId, 11, limits), {
      code: 'quota.daily_exceeded',
    });
    await db.database.read.quotas.assertTokens(userId, 10, limits);
  });

  test('tokens of a transaction that fails do not count', async () => {
    const { userId } = await makeIngest(db);
    await assert.rejects(
      db.database.transaction(async (tx) => {
        await tx.quotas.spendTokens(userId, 90, FREE);
        throw new Error('lost');
      }),
    );
    assert.equal(await usedTokens(userId), 0);
  });

  test('a batch larger than the limit passes on a day without any, and nothing after it', async () => {
    const { userId } = await makeIngest(db);
    const limits = { ...FREE, embeddingTokensPerDay: 10 };
    await db.database.read.quotas.assertTokens(userId, 25, limits);
    await db.database.transaction((tx) => tx.quotas.spendTokens(userId, 25, limits));
    await assert.rejects(
      db.database.transaction((tx) => tx.quotas.spendTokens(userId, 1, limits)),
      (error: { code: string; retryAfterSeconds: number }) =>
        error.code === 'quota.daily_exceeded' &&
        error.retryAfterSeconds > 0 &&
        error.retryAfterSeconds <= 86_400,
    );
  });

  test('what models read and wrote is counted whatever the limit, which then stops the next one', async () => {
    const { userId } = await makeIngest(db);
    const { quotas } = db.database.read;
    const limits = { ...FREE, completionTokensPerDay: 100 };
    const count = (promptTokens: number, completionTokens: number) =>
      db.database.transaction((tx) => tx.quotas.countCompletion(userId, { promptTokens, completionTokens }));
    await quotas.assertCompletions(userId, limits);
    await count(90, 9);
    await quotas.assertCompletions(userId, limits);
    await Promise.all(Array.from({ length: 10 }, () => count(20, 5)));
    assert.equal((await quotas.usage(userId, limits)).completionTokensToday, 349);
    await assert.rejects(quotas.assertCompletions(userId, limits), { code: 'quota.daily_exceeded' });
    await quotas.assertCompletions(userId, FREE);
    await db.sql('update completion_usage set day = day - 1 where user_id = $1', [userId]);
    await quotas.assertCompletions(userId, limits);
  });

  test('what an operator sets for one account wins over the settings, part by part, until it is taken back', async () => {
    const { userId } = await makeIngest(db);
    const override = (changes: object) =>
      db.database.transaction((tx) => tx.quotas.override(userId, changes));
    const limits = async () => (await db.database.read.quotas.usage(userId, { ...FREE, bytes: 9 })).limits;
    await override({ documents: 3 });
    assert.deepEqual(await limits(), { ...FREE, documents: 3, bytes: 9 });
    await override({ bytes: 0, embeddingTokensPerDay: 5, completionTokensPerDay: 6 });
    assert.deepEqual(await limits(), {
      documents: 3,
      bytes: 0,
      embeddingTokensPerDay: 5,
      completionTokensPerDay: 6,
    });
    await override({
      documents: null,
      bytes: null,
      embeddingTokensPerDay: null,
      completionTokensPerDay: null,
    });
    assert.deepEqual(await limits(), { ...FREE, bytes: 9 });
  });
});
