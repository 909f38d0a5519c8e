import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HttpClient, registerUser } from './http-client.ts';
import type { Json } from './http-client.ts';
import { createJudge, operationsOf, requestsOf, sendFuzzed, strayPaths } from './openapi-fuzzer.ts';
import type { FuzzedOperation, KnownIds } from './openapi-fuzzer.ts';
import { startTestApp } from './test-app.ts';

export interface FuzzReport {
  readonly requests: number;
  readonly operations: number;
  /** How many answers had which status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Requests whose answer broke the contract, with what was wrong; repeatable by the seed. */
  readonly faults: readonly string[];
}

interface Caller {
  readonly client: HttpClient;
  readonly ids: KnownIds;
}

/**
 * Sends requests made from the OpenAPI document to every operation, as nobody and as a user, and holds every answer
 * against the document.
 *
 * @param options.requests at least so many
 * @param options.seed the same one makes the same requests
 */
export async function runFuzz(options: { requests: number; seed: number }): Promise<FuzzReport> {
  await using app = await startTestApp({
    AUTH_ATTEMPTS_PER_15_MIN: '1000000',
    REQUESTS_PER_MINUTE: '1000000',
  });
  const api: Json = (await new HttpClient(app.url).get('/openapi.json')).body;
  const operations = operationsOf(api);
  const judge = createJudge(api);
  const statuses: Record<number, number> = {};
  const faults: string[] = [];
  let requests = 0;
  let user = await makeCaller(app);
  const each = Math.ceil(options.requests / operations.length);
  // Most of what strangers send ends at the first guard.
  const byNobody = Math.ceil(each / 5);

  const tryOne = async (client: HttpClient, operation: FuzzedOperation, sample: Json): Promise<number> => {
    requests += 1;
    try {
      const answer = await sendFuzzed(client, operation, sample);
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      judge(operation, answer);
      return answer.status;
    } catch (error) {
      const body = typeof sample.body === 'string' ? sample.body.slice(0, 300) : typeof sample.body;
      faults.push(
        `${operation.method} ${sample.path} ${JSON.stringify(sample.headers)} ${body}: ${(error as Error).message.slice(0, 500)}`,
      );
      return 0;
    }
  };
  for (const [index, operation] of operations.entries()) {
    const samples = (numRuns: number, seed: number) =>
      fc.sample(requestsOf(operation, user.ids), { numRuns, seed: options.seed + seed });
    let nobody = await makeNobody(app);
    for (const sample of samples(byNobody, index)) {
      const status = await tryOne(nobody, operation, sample);
      if (status < 300) nobody = await makeNobody(app);
    }
    for (const sample of samples(each - byNobody, index + 1000)) {
      const status = await tryOne(user.client, operation, sample);
      // The request may have ended the login, or closed the account.
      if (status === 401 || status === 202 || status === 204) user = await stillIn(app, user);
    }
  }
  const lost = await fuzzStrayPaths(app.url, each, options.seed);
  return { requests: requests + each, operations: operations.length, statuses, faults: [...faults, ...lost] };
}

async function makeCaller(app: { readonly url: string }): Promise<Caller> {
  const { client } = await registerUser(app);
  const assistant = await client.post('assistants', { name: 'Librarian' });
  assert.equal(assistant.status, 201);
  const assistantId: string = assistant.body.data.id;
  const upload = await client.post('documents', {
    assistant_id: assistantId,
    title: 'Notes',
    text: 'Donkeys dislike rain.',
  });
  assert.equal(upload.status, 202);
  const { document, job } = upload.body.data;
  const memory = await client.post(`assistants/${assistantId}/memories`, { event: 'Goats climb.' });
  const chain = await client.post('memory-chains', { assistant_id: assistantId, title: 'Goats' });
  assert.deepEqual([memory.status, chain.status], [201, 201]);
  const ids = [assistantId, document.id, job.id, memory.body.data.id, chain.body.data.id];
  return { client, ids };
}

async function makeNobody(app: { readonly url: string }): Promise<HttpClient> {
  const client = new HttpClient(app.url);
  await client.get('auth/csrf');
  return client;
}

async function stillIn(app: { readonly url: string }, caller: Caller): Promise<Caller> {
  const { status } = await caller.client.get('auth/me');
  return status === 200 ? caller : makeCaller(app);
}

/** What no operation answers must be a problem as well. */
async function fuzzStrayPaths(url: string, count: number, seed: number): Promise<string[]> {
  const faults: string[] = [];
  for (const path of fc.sample(strayPaths, { numRuns: count, seed })) {
    const response = await fetch(`${url}${path}`);
    const type = response.headers.get('content-type') ?? '';
    const body = await response.text();
    if (
      response.status >= 500 ||
      (response.status >= 400 && (!type.includes('problem+json') || !body.includes('correlation_id')))
    )
      faults.push(`GET ${path}: ${response.status} ${body.slice(0, 200)}`);
  }
  return faults;
}
