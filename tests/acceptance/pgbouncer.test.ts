import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asUnavailable } from '#db/database-errors.ts';
import { startApiProcess } from '#tests/support/api-process.ts';
import { askGraphql } from '#tests/support/graphql.ts';
import { holdLock } from '#tests/support/held-lock.ts';
import { registerUser } from '#tests/support/http-client.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { BOUNCER_POOL, findPgbouncer, startPgbouncer } from '#tests/support/pgbouncer.ts';
import { createTestDatabase, openDatabase } from '#tests/support/test-database.ts';
import { startStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const program = findPgbouncer();
const skip = program === undefined && 'pgbouncer is no program of this host';

test(
  'API and worker do all they do through a pooler that lends a connection for one transaction',
  { skip },
  async (t) => {
    await using stage = await startStage();
    const direct = stage.app.database.url;
    await using bouncer = await startPgbouncer(program!, direct);
    const env = {
      DATABASE_URL: bouncer.url,
      DATABASE_DIRECT_URL: direct,
      DATABASE_POOLER: 'transaction',
      DATABASE_POOL_MAX: '20',
    };
    await using api = await startApiProcess({ ...stage.env, ...env });
    await using worker = await stage.startWorker(env);
    await waitFor(async () => (await fetch(`${worker.url}/health/ready`)).status === 200, {
      description: 'a worker that is ready',
    });
    const before = await bouncer.transactions();
    const { client } = await registerUser(api);
    const made = await client.post('assistants', { name: 'Librarian' });
    const assistantId = made.body.data.id as string;

    const uploads = await Promise.all(
      Array.from({ length: 30 }, (_, number) =>
        client.post('documents', {
          assistant_id: assistantId,
          title: `Letter ${number}`,
          text: `The lighthouse keeper number ${number} writes about the storm of the year ${1800 + number}.`,
        }),
      ),
    );
    assert.deepEqual(
      uploads.map(({ status }) => status),
      uploads.map(() => 202),
    );
    await waitFor(
      async () =>
        (await client.get('documents?status=completed&limit=100')).body.data.length === uploads.length,
      { description: 'all documents to be completed', timeoutMs: 120_000 },
    );
    const found = await Promise.all(
      [3, 17, 29].map((number) =>
        client.post('search', { query: `keeper storm ${1800 + number}`, limit: 1 }),
      ),
    );
    assert.deepEqual(
      found.map(({ body }) => body.data[0]?.document_title),
      ['Letter 3', 'Letter 17', 'Letter 29'],
    );
    const graph = await askGraphql(
      client,
      '{ assistants { nodes { documents(first: 3) { nodes { title } } } } }',
    );
    assert.equal(graph.body.data.assistants.nodes[0].documents.nodes.length, 3);

    const [{ id }] = uploads.map(({ body }) => body.data.document as { id: string }) as [{ id: string }];
    assert.equal((await client.delete(`documents/${id}`)).status, 204);
    assert.equal((await client.get(`documents/${id}`)).status, 404);
    const gone = await client.post('search', { query: 'keeper storm 1800', limit: 30 });
    assert.ok(gone.body.data.every((hit: { document_id: string }) => hit.document_id !== id));

    const connections = await bouncer.connections();
    assert.ok(connections <= BOUNCER_POOL, `${connections} connections for both processes`);
    const passed = (await bouncer.transactions()) - before;
    t.diagnostic(`${passed} transactions over ${connections} connections of PostgreSQL`);
    assert.ok(passed > 300);
  },
);

test(
  'what has run out of time is cancelled in PostgreSQL, past the pooler’s own names',
  { skip },
  async () => {
    await using it = await createTestDatabase();
    const { userId, document } = await makeIngest(it);
    await using bouncer = await startPgbouncer(program!, it.url);
    await using database = openDatabase(bouncer.url, {
      DATABASE_DIRECT_URL: it.url,
      DATABASE_POOLER: 'transaction',
    });
    const read = () => database.read.documents.find(userId, document.id);
    await using lock = await holdLock(it.url, 'lock table documents in access exclusive mode');
    await assert.rejects(database.within(200, read), (error) => asUnavailable(error) !== undefined);
    await waitFor(
      async () =>
        (await it.sql(`select from pg_locks where relation = 'documents'::regclass and not granted`))
          .length === 0,
      { description: 'the statement to be cancelled' },
    );
    await lock.release();
    assert.equal((await read())?.id, document.id);
  },
);
