import assert from 'node:assert/strict';
import type { HttpClient, Json } from './http-client.ts';

export interface ProgressEvent {
  readonly id: string;
  /** The job. */
  readonly data: Json;
}

/**
 * Follows a job as a browser's EventSource would. Ends with the stream; leaving the loop closes the connection.
 *
 * @param lastEventId sent where a broken stream is taken up again
 */
export async function* followJob(
  client: HttpClient,
  jobId: string,
  lastEventId?: string,
): AsyncGenerator<ProgressEvent> {
  const abort = new AbortController();
  const response = await client.send('GET', `jobs/${jobId}/events`, {
    headers: {
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: abort.signal,
  });
  // Nothing is left to tell: a browser stops asking.
  if (response.status === 204) return;
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  let pending = '';
  try {
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (pending + part).split('\n\n');
      pending = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
        if (fields.get('event') === 'progress')
          yield { id: fields.get('id')!, data: JSON.parse(fields.get('data')!) };
      }
    }
  } finally {
    abort.abort();
  }
}
