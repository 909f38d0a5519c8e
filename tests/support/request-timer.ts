import assert from 'node:assert/strict';
import { HttpClient } from './http-client.ts';
import type { TestResponse } from './http-client.ts';

/** Who asks, and how often. */
export interface TimingOrder {
  readonly url: string;
  readonly cookies: readonly (readonly [name: string, value: string])[];
  readonly csrfToken: string;
  readonly assistantId: string;
  readonly count: number;
  /** Uploads are numbered from here on, so that each is another text. */
  readonly from: number;
}

/**
 * A list, a search and an upload in turn, one after the other, as somebody does who is at work. In a process of its own,
 * so that nothing else is timed.
 *
 * @returns milliseconds of each
 */
async function timeRequests(order: TimingOrder): Promise<number[]> {
  const { url, cookies, csrfToken, assistantId, count, from } = order;
  const client = new HttpClient(url);
  for (const [name, value] of cookies) client.cookies.set(name, value);
  client.csrfToken = csrfToken;
  const turns: ((turn: number) => Promise<TestResponse>)[] = [
    () => client.get('assistants'),
    () => client.post('search', { query: 'donkeys' }),
    (turn) => {
      const bytes = `Donkeys of the field, number ${turn}.`;
      return client.upload('documents', { assistant_id: assistantId }, { name: 'a.txt', bytes });
    },
  ];
  const times: number[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const started = performance.now();
    const { status, body } = await turns[turn % turns.length]!(from + turn);
    times.push(performance.now() - started);
    assert.ok(status < 300, `${status} ${JSON.stringify(body)}`);
  }
  return times;
}

process.on('message', (order: TimingOrder) => {
  void timeRequests(order).then((times) => process.send?.(times));
});
