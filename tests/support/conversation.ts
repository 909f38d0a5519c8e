import assert from 'node:assert/strict';
import type { HttpClient, Json } from './http-client.ts';

/** Begins a conversation with an assistant. */
export async function beginConversation(client: HttpClient, assistantId: string): Promise<string> {
  const { status, body } = await client.post('conversations', { assistant_id: assistantId });
  assert.equal(status, 201, JSON.stringify(body));
  return body.data.id as string;
}

/** Says something and waits for the end of the reply. */
export async function ask(
  client: HttpClient,
  conversationId: string,
  content: string,
  query = '',
): Promise<{ message: Json; reply: Json; prompt: Json }> {
  const { status, body } = await client.post(`conversations/${conversationId}/messages${query}`, { content });
  assert.equal(status, 201, JSON.stringify(body));
  return body.data;
}

export interface StreamEvent {
  readonly event: string;
  readonly data: Json;
}

/** A reply that is being streamed. */
export interface ReplyStream {
  readonly events: AsyncGenerator<StreamEvent>;
  /** Goes away, as a closed browser tab does. */
  leave(): void;
}

/** Says something and reads the reply as it comes; heartbeats are events named `heartbeat`. */
export async function streamReply(
  client: HttpClient,
  conversationId: string,
  content: string,
  query = '',
): Promise<ReplyStream> {
  const abort = new AbortController();
  const response = await client.send('POST', `conversations/${conversationId}/messages${query}`, {
    json: { content },
    headers: { accept: 'text/event-stream' },
    signal: abort.signal,
  });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  return { events: readEvents(response), leave: () => abort.abort() };
}

async function* readEvents(response: Response): AsyncGenerator<StreamEvent> {
  let pending = '';
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (pending + part).split('\n\n');
    pending = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? [];
      if (event === undefined) yield { event: 'heartbeat', data: block };
      else yield { event, data: JSON.parse(data!) };
    }
  }
}
