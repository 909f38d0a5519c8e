import assert from 'node:assert/strict';
import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startApiProcess } from '#tests/support/api-process.ts';
import { createHarmfulUploads } from '#tests/support/harmful-uploads.ts';
import type { HarmfulUploads } from '#tests/support/harmful-uploads.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { HttpClient } from '#tests/support/http-client.ts';
import { startStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const ABORTS = 500;
/** Half of the places that one user may hold: half of the 16 of UPLOADS_IN_FLIGHT. */
const DRIPPING = 4;
const FORMS = 50;
/** What five users together can keep up under the default REQUESTS_PER_MINUTE of 1,200. */
const UPLOADS_PER_SECOND = 100;

/** Milliseconds of one request after the other, lists and searches in turn, until it is told to end. */
async function timeOthers(client: HttpClient, enough: (count: number) => boolean): Promise<number[]> {
  const times: number[] = [];
  while (!enough(times.length)) {
    const started = performance.now();
    const search = times.length % 2 === 1;
    const { status } = await (search
      ? client.post('search', { query: 'donkeys' })
      : client.get('assistants'));
    times.push(performance.now() - started);
    assert.equal(status, 200);
  }
  return times;
}

const p95 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;

/** Sends everything, evenly mixed, without waiting for answers; gives how many answers had which status. */
async function abuse(uploads: HarmfulUploads): Promise<Record<string, number>> {
  const dripping = Array.from({ length: DRIPPING }, () => uploads.drip(50));
  const kinds = [
    ...Array.from({ length: ABORTS / FORMS }, () => uploads.breakOff),
    uploads.thousandParts,
    uploads.deepName,
    uploads.deeperName,
  ];
  const sent: Promise<number | undefined>[] = [];
  const started = performance.now();
  while (sent.length < kinds.length * FORMS) {
    sent.push(kinds[sent.length % kinds.length]!());
    await delay(Math.max(0, started + (sent.length * 1000) / UPLOADS_PER_SECOND - performance.now()));
  }
  const answers: Record<string, number> = {};
  for (const status of await Promise.all(sent))
    if (status !== undefined) answers[status] = (answers[status] ?? 0) + 1;
  for (const end of dripping) end();
  return answers;
}

test('ASVS 5.0 15.2.2, promise 35: uploads that mean harm do not slow others down and leave nothing behind', async (t) => {
  await using stage = await startStage();
  await using folder = await mkdtempDisposable(join(tmpdir(), 'uploads-'));
  const env = { ...stage.env, TMPDIR: folder.path };
  await using api = await startApiProcess(env);
  const other = (await registerUser(api)).client;
  const uploads = createHarmfulUploads(api.url, (await registerUser(api)).client);
  const descriptors = async (): Promise<number> => (await readdir(`/proc/${api.pid}/fd`)).length;
  // Pools of connections are as large as they get, and code is compiled, before anything is counted.
  await Promise.all(Array.from({ length: 24 }, () => timeOthers(other, (count) => count >= 20)));
  const open = await descriptors();
  const quiet = await timeOthers(other, (count) => count >= 1500);
  let ended = false;
  const started = performance.now();
  const [meanwhile, answers] = await Promise.all([
    timeOthers(other, () => ended),
    abuse(uploads).finally(() => (ended = true)),
  ]);
  const seconds = (performance.now() - started) / 1000;
  const brokenOff = () => api.logs.filter(({ msg }) => msg === 'the client went away').length;
  await waitFor(async () => brokenOff() === ABORTS + DRIPPING && (await descriptors()) <= open, {
    description: 'the end of all connections',
  });
  const [stored] = await stage.sql<{ count: number }>('select count(*)::int as count from documents');
  const files = await readdir(folder.path, { recursive: true });
  const ratio = p95(meanwhile) / p95(quiet);
  t.diagnostic(
    `p95 of ${quiet.length} requests before ${p95(quiet).toFixed(1)} ms, of ${meanwhile.length} meanwhile ${p95(meanwhile).toFixed(1)} ms: ${ratio.toFixed(2)} x; ` +
      `${ABORTS} aborts, ${DRIPPING} dripping bodies, ${3 * FORMS} forms (${JSON.stringify(answers)}) in ${seconds.toFixed(1)} s; ` +
      `${Math.max(0, (await descriptors()) - open)} of ${open} descriptors, ${files.length} files, ${stored?.count} documents left`,
  );
  assert.deepEqual([files, stored?.count, answers], [[], 0, { 413: 3 * FORMS }]);
  assert.ok(meanwhile.length >= 300, `only ${meanwhile.length} requests were timed`);
  assert.ok(ratio <= 2, `${ratio.toFixed(2)} x`);
});
