import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeApiKey } from '#tests/support/api-keys.ts';
import { followJob } from '#tests/support/event-stream.ts';
import type { HttpClient } from '#tests/support/http-client.ts';
import { registerUser } from '#tests/support/http-client.ts';
import { accepted } from '#tests/support/ingestion.ts';
import { startTestApp } from '#tests/support/test-app.ts';

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
