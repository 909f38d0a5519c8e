import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import pg from 'pg';
import type { Job } from '#shared/domain/types.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { recordQueries } from '#tests/support/query-recorder.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';

const PARTS = 1_000;
const LEASE = 60_000;
/** One part of each kind, and those that a look-up by index may pass. */
const FEW = 20;

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

suite(`a document of ${PARTS} parts`, () => {
  let db: TestDatabase;
  let parts: Job[];
  let ingestId: string;
  before(async () => {
    db = await createTestDatabase();
    const { userId, document, ingest, chunk } = await makeIngest(db);
    ingestId = ingest.id;
    await db.sql(`update jobs set status = 'succeeded', finished_at = now() where id = $1`, [chunk.id]);
    await db.sql(
      'insert into embedding_models (provider, name, dimensions, is_active) values ($1, $1, 4, true)',
      ['test'],
    );
    parts = await db.database.transaction((tx) =>
      tx.jobs.insert(
        Array.from({ length: PARTS }, (_, index) => ({
          type: 'document.embed' as const,
          userId,
          documentId: document.id,
          parentId: ingest.id,
          payload: { document_id: document.id, revision: 1, model_id: 1, from: index, to: index + 1 },
        })),
      ),
    );
    await db.sql('analyze jobs');
  });
  after(() => db[Symbol.asyncDispose]());

  const finish = async ({ id }: Job): Promise<void> => {
    const result = await db.database.ledger.claim(id, LEASE);
    assert.ok(result.kind === 'claimed');
    await db.database.ledger.complete(result.claim);
  };

  /** Rows of `jobs` that a statement has looked at. */
  async function rowsSeen(text: string, values: readonly unknown[]): Promise<number> {
    const client = new pg.Client({ connectionString: db.url });
    await client.connect();
    try {
      const { rows } = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
        `explain (analyze, format json) ${text}`,
        [...values],
      );
      const sum = (node: PlanNode): number => {
        const seen = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
        const own = node['Relation Name'] === 'jobs' ? seen * node['Actual Loops'] : 0;
        return own + (node.Plans ?? []).reduce((rest, child) => rest + sum(child), 0);
      };
      return sum(rows[0]!['QUERY PLAN'][0]!.Plan);
    } finally {
      await client.end();
    }
  }

  test('is brought in line by reading a few of them, whichever part changes', async (t) => {
    for (const part of parts.slice(0, PARTS / 2)) await finish(part);
    using recorder = recordQueries();
    await finish(parts[PARTS / 2]!);
    const reads = recorder.queries.filter(
      ({ text }) => /^\s*(select|with)/i.test(text) && text.includes('jobs'),
    );
    assert.ok(reads.some(({ text }) => text.includes('parent_id')));
    const seen = [];
    for (const { text, values } of reads) seen.push(await rowsSeen(text.replace(/ for update$/, ''), values));
    t.diagnostic(`rows of jobs read by each statement: ${seen.join(', ')}`);
    for (const [index, rows] of seen.entries()) assert.ok(rows <= FEW, `${rows}: ${reads[index]!.text}`);
  });

  test('ends with the last of them, when eight workers finish the others at once', async () => {
    const open = parts.slice(PARTS / 2 + 1);
    const status = async (): Promise<unknown> =>
      (await db.sql<{ status: string }>('select status from jobs where id = $1', [ingestId]))[0]?.status;
    const last = open.pop()!;
    await Promise.all(
      Array.from({ length: 8 }, async (_, worker) => {
        for (const [index, part] of open.entries()) if (index % 8 === worker) await finish(part);
      }),
    );
    assert.equal(await status(), 'running');
    await finish(last);
    // All others have ended: what is left is to look for the document.
    const verify = await db.sql(`select 1 from jobs where parent_id = $1 and type = 'document.verify'`, [
      ingestId,
    ]);
    assert.deepEqual([await status(), verify.length], ['running', 1]);
  });
});
