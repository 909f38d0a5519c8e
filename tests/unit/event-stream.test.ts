import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEventData, StreamError } from '#shared/completion/event-stream.ts';

const read = async (parts: readonly (string | Uint8Array)[]): Promise<string[]> => {
  const source = async function* () {
    for (const part of parts) {
      await Promise.resolve();
      yield typeof part === 'string' ? Buffer.from(part) : part;
    }
  };
  return Array.fromAsync(readEventData(source()));
};

test('data lines of a block belong together, whatever else there is', async () => {
  const text = ': hello\nevent: x\ndata: one\ndata:two\nid: 3\n\n\n\ndata\n\ndata: three\n\ndata: cut off';
  assert.deepEqual(await read([text]), ['one\ntwo', 'three']);
});

test('line breaks of every kind, and cuts at every byte, make no difference', async () => {
  const expected = ['naïve — 🫏', 'two\nlines'];
  for (const end of ['\n', '\r\n', '\r']) {
    const bytes = Buffer.from(
      `data: naïve — 🫏${end}${end}data: two${end}data: lines${end}${end}${end}:${end}`,
    );
    for (let size = 1; size <= bytes.length; size++) {
      const parts: Uint8Array[] = [];
      for (let start = 0; start < bytes.length; start += size)
        parts.push(bytes.subarray(start, start + size));
      assert.deepEqual(await read(parts), expected, `${JSON.stringify(end)} in parts of ${size}`);
    }
  }
});

test('a line or an event without end is not kept', async () => {
  await assert.rejects(read(Array.from({ length: 3 }, () => 'x'.repeat(500_000))), StreamError);
  await assert.rejects(read(Array.from({ length: 30 }, () => `data: ${'x'.repeat(50_000)}\n`)), StreamError);
});
