import { createHash } from 'node:crypto';
import type { Reply } from './endpoint.ts';

/** Answers with a text that is made at the first request and never changes while the process lives. */
export function staticReply(type: string, render: () => string, headers: Reply['headers'] = {}): () => Reply {
  const text = once(render);
  return () => ({
    status: 200,
    headers: { 'Content-Type': `${type}; charset=utf-8`, ...taggedByContent(text()), ...headers },
    body: text(),
  });
}

/** Whoever has it asks each time whether it is still the same. */
export const taggedByContent = (content: string | Buffer) => ({
  ETag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
  'Cache-Control': 'no-cache',
});

export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
