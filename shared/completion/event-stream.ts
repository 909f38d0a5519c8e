/** Longest line of a stream; a provider that sends a longer one is not one. */
const LONGEST_LINE = 1024 * 1024;

/** The stream is not what a provider sends. */
export class StreamError extends Error {
  override readonly name = 'StreamError';
}

/**
 * Reads the data of server-sent events (WHATWG HTML, section 9.2.6): the lines `data:` of a block put together, comments and
 * other fields left out. A block that the end of the stream cuts off is not given.
 *
 * @throws StreamError for a line or an event that is too long; what `source` throws
 */
export async function* readEventData(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pending = '';
  let data: string[] = [];
  let size = 0;
  for await (const part of source) {
    pending += decoder.decode(part, { stream: true });
    if (pending.length > LONGEST_LINE) throw new StreamError('a line is too long');
    // A carriage return at the end may be half of a line break.
    const lines = pending.split(/\r\n|\n|\r(?!$)/);
    pending = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield data.join('\n');
        data = [];
        size = 0;
      } else if (line.startsWith('data:')) {
        const value = line.slice(line.startsWith('data: ') ? 6 : 5);
        size += value.length;
        if (size > LONGEST_LINE) throw new StreamError('an event is too long');
        data.push(value);
      }
    }
  }
}
