import assert from 'node:assert/strict';
import fc from 'fast-check';
import { registerAdmin } from './admin.ts';
import { HttpClient, registerUser } from './http-client.ts';
import type { Json, TestUser } from './http-client.ts';
import { createJudge, operationsOf, requestsOf, sendFuzzed, strayPaths } from './openapi-fuzzer.ts';
import type { FuzzedOperation, KnownIds } from './openapi-fuzzer.ts';
import { startTestApp } from './test-app.ts';

export interface FuzzReport {
  readonly requests: number;
  readonly operations: number;
  /** How many answers had which status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Fewest requests that an operation got. */
  readonly leastPerOperation: number;
  /** Operations that nobody was let into: their answers say nothing about what lies behind the guards. */
  readonly neverAdmitted: readonly string[];
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
  const admin = await makeCaller(app, await registerAdmin(app));
  const admitted = new Set<string>();
  const each = Math.ceil(options.requests / operations.length);
  // Most of what strangers send ends at the first guard.
  const byNobody = Math.ceil(each / 5);

  const tryOne = async (client: HttpClient, operation: FuzzedOperation, sample: Json): Promise<number> => {
    requests += 1;
    try {
      const answer = await sendFuzzed(client, operation, sample);
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (answer.status !== 401 && answer.status !== 403) admitted.add(operation.spec.operationId);
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
    const isForAdmins = operation.spec['x-access'].auth === 'admin';
    for (const sample of samples(each - byNobody, index + 1000)) {
      const status = await tryOne(isForAdmins ? admin.client : user.client, operation, sample);
      // The request may have ended the login, or closed the account.
      if (!isForAdmins && (status === 401 || status === 202 || status === 204))
        user = await stillIn(app, user);
    }
  }
  const lost = await fuzzStrayPaths(app.url, each, options.seed);
  const names = operations.map(({ spec }) => spec.operationId as string);
  return {
    requests: requests + each,
    operations: operations.length,
    statuses,
    leastPerOperation: each,
    neverAdmitted: names.filter((name) => !admitted.has(name)),
    faults: [...faults, ...lost],
  };
}

async function makeCaller(app: { readonly url: string }, account?: TestUser): Promise<Caller> {
  const { client } = account ?? (await registerUser(app));
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
  const prompt = await client.post('prompts', { title: 'Teacher', content: 'Explain.' });
  const conversation = await client.post('conversations', { assistant_id: assistantId });
  const said = await client.post(`conversations/${conversation.body.data.id}/messages`, { content: 'Hay?' });
  const note = { type: 'feedback', rating: 2, content: 'Forgetful.' };
  const reflection = await client.post(`assistants/${assistantId}/reflections`, note);
  const credential = await client.post('integrations/credentials', {
    provider: 'openai',
    label: 'Mine',
    secret: 'sk-fuzz-0123456789abcdef',
  });
  const key = await client.post('auth/api-keys', { label: 'Key', scopes: ['documents:read'] });
  const made = [memory, chain, prompt, conversation, credential, key];
  for (const { status, body } of [...made, said, reflection]) assert.equal(status, 201, JSON.stringify(body));
  const others = [said.body.data.reply.id, reflection.body.data.reflection.id, '1'];
  return {
    client,
    ids: [assistantId, document.id, job.id, ...made.map(({ body }) => body.data.id), ...others],
  };
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
