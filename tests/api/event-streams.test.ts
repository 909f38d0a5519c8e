import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeApiKey } from '#tests/support/api-keys.ts';
import { followJob } from '#tests/support/event-stream.ts';
import type { HttpClient } from '#tests/support/http-client.ts';
import { registerUser } from '#tests/support/http-client.ts';
import { accepted } from '#tests/support/ingestion.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import { waitFor } from '#tests/support/wait-for.ts';

test(
  'a stream ends with the session or the key by which it was opened, and with no other',
  { timeout: 30_000 },
  async () => {
    await using app = await startTestApp({}, { overrides: { eventHeartbeatMs: 50 } });
    const user = await registerUser(app);
    const assistant = await user.client.post('assistants', { name: 'Librarian' });
    // No worker runs, so that the job goes on for as long as it takes.
    const { jobId } = accepted(
      await user.client.upload(
        'documents',
        { assistant_id: assistant.body.data.id as string },
        { name: 'a.txt', bytes: 'donkeys', type: 'text/plain' },
      ),
    );
    const open = async (client: HttpClient) => {
      const stream = followJob(client, jobId);
      assert.equal((await stream.next()).done, false);
      let over = false;
      return { isOver: () => over, end: stream.next().finally(() => (over = true)) };
    };
    const key = await makeApiKey(app, user);
    const [bySession, byKey] = [await open(user.client), await open(key.client)];
    assert.equal((await user.client.delete(`auth/api-keys/${key.id}`)).status, 204);
    assert.equal((await byKey.end).done, true);
    assert.equal(bySession.isOver(), false);
    assert.equal((await user.client.post('auth/logout')).status, 204);
    assert.equal((await bySession.end).done, true);
  },
);

test('a user follows a limited number of jobs at a time, and a stream that is closed makes room', async () => {
  await using app = await startTestApp({ EVENT_STREAMS_PER_USER: '3' });
  const user = await registerUser(app);
  const other = await registerUser(app);
  const newJob = async (client: HttpClient): Promise<string> => {
    const assistant = await client.post('assistants', { name: 'Librarian' });
    const fields = { assistant_id: assistant.body.data.id as string, title: 'Notes', text: 'donkeys' };
    return accepted(await client.post('documents', fields)).jobId;
  };
  const jobId = await newJob(user.client);
  const open = async (client: HttpClient, id: string) => {
    const abort = new AbortController();
    const headers = { accept: 'text/event-stream' };
    const response = await client.send('GET', `jobs/${id}/events`, { headers, signal: abort.signal });
    if (response.status !== 200) await response.body?.cancel();
    return { status: response.status, close: () => abort.abort() };
  };
  const streams = await Promise.all(Array.from({ length: 10 }, () => open(user.client, jobId)));
  assert.deepEqual(streams.map(({ status }) => status).sort(), [
    ...[200, 200, 200],
    ...Array<number>(7).fill(503),
  ]);
  const refused = await user.client.get(`jobs/${jobId}/events`);
  assert.deepEqual([refused.status, refused.body.code], [503, 'request.busy']);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  const ofOther = await open(other.client, await newJob(other.client));
  assert.equal(ofOther.status, 200);
  ofOther.close();
  streams.find(({ status }) => status === 200)!.close();
  const again = await waitFor(
    async () => {
      const stream = await open(user.client, jobId);
      return stream.status === 200 && stream;
    },
    { description: 'room for another stream' },
  );
  for (const { close } of [...streams, again]) close();
});
