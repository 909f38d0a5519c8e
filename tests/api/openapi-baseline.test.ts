import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { baselineDocument } from '#scripts/lib/api-baseline.ts';
import { HttpClient } from '#tests/support/http-client.ts';
import type { Json } from '#tests/support/http-client.ts';
import { breaksBetween } from '#tests/support/openapi-breaks.ts';
import { startTestApp } from '#tests/support/test-app.ts';

test('API v1 does what it promised: nothing of docs/openapi-v1.json is broken', async (t) => {
  await using app = await startTestApp();
  const api: Json = (await new HttpClient(app.url).get('/openapi.json')).body;
  const text = readFileSync(new URL('../../docs/openapi-v1.json', import.meta.url), 'utf8');
  const baseline: Json = JSON.parse(text);
  assert.deepEqual(breaksBetween(baseline, api), [], 'see docs/api-versioning.md');
  const count = (document: Json): number =>
    Object.values<Json>(document.paths).flatMap((path) => Object.keys(path)).length;
  assert.ok(count(baseline) > 100);
  t.diagnostic(`${count(baseline)} operations promised, ${count(api)} there`);
});

test('the baseline would be made of the operations that are served', async () => {
  await using app = await startTestApp();
  const names = Object.values((await baselineDocument()).paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );
  assert.deepEqual(names.sort(), app.endpoints.map(({ operationId }) => operationId).sort());
});
