import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import type { Json } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { runSqlmap, sqlmapMissing } from '#tests/support/sqlmap.ts';
import type { SqlmapVerdict } from '#tests/support/sqlmap.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';

interface Attack {
  readonly method: string;
  /** An asterisk marks the input where it is in the path. */
  readonly path: string;
  readonly json?: object;
  readonly tryCookies?: boolean;
}

/** Ten endpoints, with inputs in path, query, body and cookies; each example is answered with success as it stands. */
const attacksOn = (assistant: string, document: string): Attack[] => [
  { method: 'GET', path: `documents?status=completed&limit=20&assistant_id=${assistant}` },
  { method: 'GET', path: `documents/${document}*` },
  { method: 'GET', path: `documents/${document}*/chunks` },
  { method: 'GET', path: 'assistants/librarian*' },
  { method: 'GET', path: 'auth/audit?action=auth&limit=20' },
  { method: 'GET', path: 'auth/me', tryCookies: true },
  { method: 'POST', path: 'search', json: { query: 'donkeys in rain', limit: 3, assistant_id: 'librarian' } },
  { method: 'POST', path: 'assistants', json: { name: 'Porter', min_score: 0.3 } },
  // Edits need If-Match, whose `*` sqlmap takes for a mark of its own; tests/api/sql-injection.test.ts tries them.
  { method: 'POST', path: 'prompts', json: { title: 'Calm', content: 'Be calm.', tags: ['weather'] } },
  {
    method: 'POST',
    path: `assistants/${assistant}/memories`,
    json: { event: 'Donkeys dislike rain.', type: 'fact', tags: ['weather'] },
  },
];

const ending = ({ output }: SqlmapVerdict): string => output.slice(-1500);

suite('ASVS 5.0 1.2.4, promise 36: sqlmap', { skip: sqlmapMissing() ?? false }, () => {
  let stage: TestStage;
  let owner: Owner;
  let documentId: string;
  before(async () => {
    stage = await startStage({ REQUESTS_PER_MINUTE: '1000000' });
    owner = await stage.newOwner();
    await using worker = await stage.startWorker();
    const upload = accepted(await owner.uploadText('Weather', 'Donkeys dislike rain and stay inside.'));
    documentId = upload.documentId;
    assert.equal((await endOfJob(owner.client, upload.jobId)).status, 'succeeded');
    await worker.stop('SIGTERM');
  });
  after(() => stage[Symbol.asyncDispose]());

  /** Requests that the API has answered. */
  const served = async (): Promise<number> =>
    (await (await fetch(stage.app.metricsUrl)).text())
      .split('\n')
      .filter((line) => line.startsWith('donkey_http_request_duration_seconds_count'))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);

  test('promise 36: sqlmap finds nothing to inject into 10 endpoints', async (t) => {
    const attacks = attacksOn(owner.assistantId, documentId);
    const faults: string[] = [];
    let total = 0;
    for (const { method, path, json: body, tryCookies = false } of attacks) {
      const name = `${method} ${path.replace(/[\da-f-]{36}/, ':id')}`;
      const honest = async (when: string): Promise<void> => {
        const { status } = await owner.client.request(method, path.replace('*', ''), { json: body });
        assert.ok(status < 300, `${name} ${when}: ${status}`);
      };
      await honest('before');
      const start = await served();
      const verdict = await runSqlmap({
        url: `${stage.app.url}/api/v1/${path}`,
        method,
        headers: { 'x-csrf-token': owner.client.csrfToken ?? '', 'content-type': 'application/json' },
        cookies: owner.client.cookies,
        tryCookies,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const requests = (await served()) - start;
      total += requests;
      t.diagnostic(`${name}: ${requests} requests, injectable: ${verdict.injectable}`);
      if (verdict.injectable !== false) faults.push(`${name}: ${ending(verdict)}`);
      assert.ok(requests > 50, `${name}: only ${requests} requests: ${ending(verdict)}`);
      // Else it would have tried the login and nothing behind it.
      await honest('after');
    }
    t.diagnostic(`${attacks.length} endpoints, ${total} requests, ${faults.length} injectable`);
    assert.deepEqual([attacks.length, faults], [10, []]);
  });

  test('promise 36: sqlmap finds SQL that is put together, in a query and in JSON', async () => {
    const control = createServer((req, res) => {
      void (async () => {
        const input: Json = req.method === 'POST' ? await json(req) : undefined;
        const name: unknown =
          input?.name ?? new URL(req.url ?? '', 'http://control').searchParams.get('name');
        const rows = await stage.sql(`select name from assistants where slug = '${String(name)}'`);
        res.setHeader('content-type', 'application/json').end(JSON.stringify({ data: rows }));
      })().catch(() => res.writeHead(500).end('{}'));
    }).listen(0, '127.0.0.1');
    await once(control, 'listening');
    try {
      const url = `http://127.0.0.1:${(control.address() as AddressInfo).port}/`;
      const headers = { 'content-type': 'application/json' };
      for (const target of [
        { method: 'GET', url: `${url}?name=librarian`, headers },
        { method: 'POST', url, headers, body: JSON.stringify({ name: 'librarian' }) },
      ]) {
        const verdict = await runSqlmap(target);
        assert.equal(verdict.injectable, true, ending(verdict));
      }
    } finally {
      control.close();
      control.closeAllConnections();
    }
  });
});
