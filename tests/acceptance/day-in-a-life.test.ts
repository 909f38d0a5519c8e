import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApiProcess } from '#tests/support/api-process.ts';
import { makePdf } from '#tests/support/fixtures/pdf-files.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { Json, TestResponse } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const PLANTED = 'The donkey Hugo guards the seven geese of the mill at night.';
const PAGES = [
  'This handbook tells how donkeys are kept. It was written for people who have a barn.',
  `Donkeys and other animals get on well. ${PLANTED} Dogs are another matter.`,
  'In winter donkeys need a dry place, hay, straw and company of their own kind.',
];
const NOTES = 'Hay is ordered in July. Straw comes from the neighbour. The farrier comes every eight weeks.';
const EVENTS = [
  'The farrier said that the hooves of Hugo are soft and need dry ground.',
  'Hugo was moved to the dry barn on Sunday because of his soft hooves.',
  'The vet looked at the hooves of Hugo and was content with the dry ground.',
];

/** The data of an answer of this status. */
function data({ status, body }: TestResponse, expected: number): Json {
  assert.equal(status, expected, JSON.stringify(body));
  return body.data;
}

/** Lines of a PDF are broken where the page ends. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

async function succeed(client: HttpClient, jobId: string): Promise<void> {
  const job = await endOfJob(client, jobId);
  assert.equal(job.status, 'succeeded', JSON.stringify(job.error));
}

test('a day in a client’s life, from registration to logout', { timeout: 180_000 }, async (t) => {
  await using stage = await startStage();
  await using api = await startApiProcess(stage.env);
  await using _worker = await stage.startWorker();
  const [{ client }, stranger] = await Promise.all([registerUser(api), registerUser(api)]);
  const owned: string[] = [];
  const own = (path: string): string => (owned.push(path), path);

  // An assistant.
  const assistant = data(await client.post('assistants', { name: 'Miller', min_score: 0.1 }), 201);
  const home = own(`assistants/${assistant.id}`);
  const metricsOf = async (): Promise<Json> => data(await client.get(`${home}/metrics`), 200);
  assert.equal((await metricsOf()).trust_score, 0);

  // A text and a PDF, followed to the end.
  const text = accepted(
    await client.post('documents', { assistant_id: assistant.id, title: 'Notes', text: NOTES }),
  );
  const pdf = accepted(
    await client.upload(
      'documents',
      { assistant_id: assistant.id },
      { name: 'handbook.pdf', bytes: await makePdf({ pages: PAGES }) },
    ),
  );
  for (const { jobId } of [text, pdf]) await succeed(client, jobId);
  own(`documents/${pdf.documentId}`);
  own(`jobs/${pdf.jobId}`);

  // A planted sentence is found first, on its page.
  const [hit] = data(
    await client.post('search', { query: 'who guards the geese at night', assistant_id: assistant.id }),
    200,
  );
  assert.equal(hit.document_id, pdf.documentId);
  assert.ok(flat(hit.text).includes(PLANTED));
  assert.ok(hit.page_from <= 2 && hit.page_to >= 2);
  const content = (await client.get(`documents/${pdf.documentId}/text`)).body as string;
  assert.equal(content.slice(hit.char_start, hit.char_end), hit.text);

  // Memories, and a chain of them, page by page.
  const memories: string[] = [];
  for (const event of EVENTS) memories.push(data(await client.post(`${home}/memories`, { event }), 201).id);
  own(`memories/${memories[0]!}`);
  const made = data(
    await client.post('memory-chains', { assistant_id: assistant.id, title: 'Soft hooves' }),
    201,
  );
  const chain = own(`memory-chains/${made.id}`);
  data(await client.post(`${chain}/entries`, { memory_ids: memories }), 200);
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await client.get(`${chain}/entries?limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...data(page, 200).map((entry: Json) => entry.memory.id as string));
    cursor = page.body.meta.next_cursor;
  }
  assert.deepEqual(seen, memories, 'in the order in which they were added');

  // Its summary, by a job.
  await succeed(client, data(await client.post(`${chain}/summary`), 202).id);
  const summed = data(await client.get(chain), 200);
  assert.equal(summed.stale, false);
  assert.equal(summed.summary_provider, 'extractive');
  assert.match(summed.summary, /hooves/);

  // A reflection, by a job.
  const asked = data(await client.post(`${home}/reflections`, { type: 'recent' }), 202);
  await succeed(client, asked.job.id);
  const reflection = data(await client.get(own(`reflections/${asked.reflection.id}`)), 200);
  assert.equal(reflection.status, 'completed');
  assert.match(reflection.summary, /hooves/);
  assert.deepEqual(reflection.memory_ids, memories);

  // The metrics have moved.
  const moved = await waitFor(
    async () => {
      const metrics = await metricsOf();
      return metrics.reflection_count === 1 && metrics.document_count === 2 && metrics.memory_count === 3
        ? metrics
        : undefined;
    },
    { description: 'the metrics to move' },
  );
  assert.equal(moved.trust_components.retrievals >= 1, true);
  const points = moved.trust_components.points as Record<string, number>;
  const sum = Object.values(points).reduce((total, value) => total + value, 0);
  assert.equal(moved.trust_score, Math.round(sum));
  assert.equal(points.reflections, 4);

  // A child, made of a memory.
  const child = data(
    await client.post(`${home}/children`, { reason: 'Hooves need a specialist', memory_id: memories[0] }),
    201,
  );
  own(`assistants/${child.id}`);
  assert.equal(child.parent_id, assistant.id);
  assert.deepEqual(
    data(await client.get(`${home}/children`), 200).map(({ id }: Json) => id as string),
    [child.id],
  );

  // A conversation with cited sources.
  const conversation = data(await client.post('conversations', { assistant_id: assistant.id }), 201);
  const talk = own(`conversations/${conversation.id}`);
  const turn = data(
    await client.post(`${talk}/messages`, { content: 'Who guards the geese of the mill at night?' }),
    201,
  );
  assert.equal(turn.reply.status, 'completed', JSON.stringify(turn.reply.error));
  own(`messages/${turn.reply.id}`);
  const source = turn.reply.sources.find((one: Json) => one.document_id === pdf.documentId);
  assert.ok(source !== undefined, JSON.stringify(turn.reply.sources));
  assert.ok(turn.reply.content.includes(`[${source.n}]`), turn.reply.content);
  assert.ok(flat(turn.reply.content).includes('guards the seven geese'));
  assert.ok(source.page_from <= 2 && source.page_to >= 2);
  assert.equal(flat(content.slice(source.char_start, source.char_end)), flat(source.quote));

  // Another user sees none of it.
  for (const path of owned) {
    assert.equal((await client.get(path)).status, 200, path);
    const answer = await stranger.client.get(path);
    assert.equal(answer.status, 404, path);
    assert.match(answer.body.code, /\.not_found$/, path);
  }

  // The session is refreshed; an old token ends all that came of it.
  const stolen = new HttpClient(api.url);
  for (const [name, value] of client.cookies) stolen.cookies.set(name, value);
  stolen.csrfToken = client.csrfToken;
  for (let round = 0; round < 2; round++) data(await client.post('auth/refresh'), 200);
  data(await client.get(home), 200);
  assert.equal((await stolen.post('auth/refresh')).status, 401, 'the old token is dead');
  assert.equal((await client.get(home)).status, 401, 'and what came of it as well');

  // Logout ends a session at once.
  const { username, password } = stranger;
  const login = new HttpClient(api.url);
  await login.get('auth/csrf');
  data(await login.post('auth/login', { username, password }), 200);
  data(await login.get('auth/me'), 200);
  assert.equal((await login.post('auth/logout')).status, 204);
  assert.equal((await login.get('auth/me')).status, 401);
  t.diagnostic(`${owned.length} things of one user: 404 for another`);
});
