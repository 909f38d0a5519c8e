import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { TestUser } from '#tests/support/http-client.ts';
import { recordQueries } from '#tests/support/query-recorder.ts';
import type { RecordedQuery } from '#tests/support/query-recorder.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { insertLife, lifeId } from '#tests/support/whole-life-rows.ts';
import type { Kind } from '#tests/support/whole-life-rows.ts';

const USERS = 20;
const ROWS_A_USER = 5_000;
/** A scan of fewer rows is as good as an index. */
const BIG = 10_000;

const KINDS: Readonly<Record<string, Kind>> = {
  assistants: 'assistant',
  conversations: 'conversation',
  documents: 'document',
  jobs: 'job',
  memories: 'memory',
  'memory-chains': 'chain',
  messages: 'message',
  prompts: 'prompt',
  reflections: 'reflection',
};

/** Further ways to ask for a list; `{assistant}` stands for an id. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  listAssistants: [
    'sort=name',
    'sort=-updated_at',
    'parent_id=none',
    'parent_id={assistant}',
    'is_primary=true',
  ],
  listPrompts: ['type=system', 'sort=-updated_at'],
  listDocuments: ['assistant_id={assistant}', 'status=failed'],
  listJobs: ['status=queued', 'document_id={document}'],
  listConversations: ['assistant_id={assistant}', 'sort=-last_message_at', 'status=archived'],
  listMemories: [
    'sort=-importance',
    'is_bookmarked=true',
    'tags=none',
    'q=nothing',
    'assistant_id={assistant}',
  ],
  listChains: ['assistant_id={assistant}'],
  listReflections: ['type=self', 'status=failed'],
};

/** What has to be asked for; all others are asked for nothing at first. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  readGraphql: [
    `{ assistant(id: "life-1") { profile { motto } capabilities { tools } metrics { trustScore }
      children(first: 3) { nodes { parent { name } metrics { trustScore } children(first: 2) { nodes { name } } } }
      documents(first: 5, status: completed) { nodes { stages { stage } jobs(first: 2) { nodes { status } } chunks(first: 3) { nodes { text } } } }
      memories(first: 3) { nodes { event document { title } conversation { title } } } } }`,
    `{ assistants(first: 5) { nodes {
      documents(first: 3) { nodes { title } } memories(first: 3, type: fact) { nodes { event } }
      memoryChains(first: 3) { nodes { entries(first: 3) { nodes { memory { title } } } } }
      conversations(first: 3, status: active) { nodes { messages(first: 3) { nodes { content } } } }
      reflections(first: 3, type: feedback) { nodes { content job { id } } } } } prompts(first: 3) { nodes { content } } }`,
  ].map((query) => `query=${encodeURIComponent(query)}`),
};

/** Reads that this test leaves out, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  followJob: 'a stream; it reads what getJob reads',
  downloadExport: 'no export is made here; it is read by its key',
  getUsage: 'adds up what one user has, which is not a list or look-up',
};

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

suite('the use of indexes', () => {
  let app: TestApp;
  let user: TestUser;
  let big: ReadonlySet<string>;
  before(async () => {
    app = await startTestApp();
    user = await registerUser(app);
    const others = Array.from({ length: USERS - 1 }, () => uuidv7());
    await app.database.sql(
      `insert into users (id, username, email, password_hash)
       select id, 'u' || id, id || '@example.org', 'none' from unnest($1::uuid[]) id`,
      [others],
    );
    await fillQuickly([user.id, ...others]);
    await app.database.sql('analyze');
    const rows = await app.database.sql<{ name: string }>(
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples >= $1`,
      [BIG],
    );
    big = new Set(rows.map(({ name }) => name));
  });
  after(() => app[Symbol.asyncDispose]());

  /** Rows that keep to all rules by the way they are made need not be checked, where the role may leave that out. */
  const fillQuickly = async (userIds: readonly string[]): Promise<void> => {
    const client = new pg.Client({ connectionString: app.database.url });
    await client.connect();
    try {
      await client.query('set synchronous_commit = off');
      await client.query('set session_replication_role = replica').catch(() => undefined);
      const sql = async <T>(text: string, values: unknown[] = []) =>
        (await client.query(text, values)).rows as T[];
      await insertLife({ sql }, userIds, ROWS_A_USER);
    } finally {
      await client.end();
    }
  };

  const planOf = async ({ text, values }: RecordedQuery): Promise<PlanNode[]> => {
    const [row] = await app.database.sql<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
      `explain (format json) ${text}`,
      [...values],
    );
    return nodesOf(row!['QUERY PLAN'][0]!.Plan);
  };
  const fill = async (text: string): Promise<string> => {
    let filled = text;
    for (const [, kind] of text.matchAll(/\{(\w+)\}/g))
      filled = filled.replace(`{${kind}}`, await lifeId(app.database, kind as Kind, user.id));
    return filled;
  };
  const pathOf = ({ fullPath, operationId }: AnyEndpoint): Promise<string> => {
    const [, holder] = /^\/api\/v1\/([a-z/-]+)\/:id/.exec(fullPath) ?? [];
    const kind = holder === undefined ? undefined : KINDS[holder];
    assert.ok(holder === undefined || kind !== undefined, `${operationId}: this test does not know its ids`);
    return fill(fullPath.replace(':id', `{${kind ?? ''}}`));
  };

  test(
    'every list and look-up finds its rows by an index at 100,000 rows',
    { timeout: 120_000 },
    async (t) => {
      const reads = app.endpoints.filter(
        ({ method, auth, operationId, fullPath }) =>
          method === 'GET' &&
          auth === 'user' &&
          LEFT_OUT[operationId] === undefined &&
          !/credentials|exports/.test(fullPath),
      );
      const [count] = await app.database.sql<{ n: number }>('select count(*)::int as n from memories');
      assert.equal(count!.n, USERS * ROWS_A_USER);
      const faults: string[] = [];
      const used = new Set<string>();
      let plans = 0;
      for (const endpoint of reads)
        for (const variant of [
          ...(NEEDED[endpoint.operationId] ?? ['']),
          ...(VARIANTS[endpoint.operationId] ?? []),
        ]) {
          const path = `${await pathOf(endpoint)}?${await fill(variant)}`;
          let recorded: readonly RecordedQuery[];
          {
            using recorder = recordQueries();
            const { status, body } = await user.client.get(path);
            assert.equal(status, 200, `${endpoint.operationId} ${variant}: ${JSON.stringify(body)}`);
            assert.equal(body.errors, undefined, JSON.stringify(body.errors));
            recorded = [...recorder.queries];
          }
          for (const query of recorded.filter(({ text }) => /^\s*(select|with)\b/i.test(text))) {
            plans += 1;
            for (const node of await planOf(query)) {
              if (node['Index Name'] !== undefined) used.add(node['Index Name']);
              if (node['Node Type'] === 'Seq Scan' && big.has(node['Relation Name'] ?? ''))
                faults.push(`${endpoint.operationId} ${variant}: ${node['Relation Name']}: ${query.text}`);
            }
          }
        }
      assert.deepEqual(faults, []);
      assert.ok(big.size >= 12, 'there are big tables');
      t.diagnostic(
        `${reads.length} reads, ${plans} plans, ${used.size} indexes, ${big.size} tables of 100,000 rows: 0 scans`,
      );
    },
  );

  test('a question without an index would be noticed', async () => {
    const plan = await planOf({ text: 'select 1 from memories where title = $1', values: ['x'] });
    assert.ok(plan.some((node) => node['Node Type'] === 'Seq Scan' && big.has(node['Relation Name'] ?? '')));
  });

  test('every foreign key has an index that begins with it', async (t) => {
    const rows = await app.database.sql<{ name: string; indexed: boolean }>(
      `select c.conrelid::regclass || '.' || c.conname as name, exists (
         select from pg_index i where i.indrelid = c.conrelid and i.indisvalid
           -- Of a key of two columns the first is an id, from which the other follows.
           and i.indkey[0] = c.conkey[1]
           -- A partial index serves if all that it leaves out is rows without the key.
           and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~* 'is not null')) as indexed
       from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace order by 1`,
    );
    const missing = rows.filter(({ indexed }) => !indexed).map(({ name }) => name);
    assert.deepEqual(missing, []);
    assert.ok(rows.length >= 40);
    t.diagnostic(`${rows.length} foreign keys, each with its index`);
  });
});
