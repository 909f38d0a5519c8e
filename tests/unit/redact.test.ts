import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '#shared/errors/app-error.ts';
import type { LogFields } from '#shared/logging/log-fields.ts';
import { createLogger } from '#shared/logging/logger.ts';

const CANARY = 'Cnry0123456789abcdef';

/** What is written of these fields and this message. */
function written(fields: object, message = 'something'): string {
  let text = '';
  const logger = createLogger({ level: 'info', service: 'test' }, { write: (line) => void (text += line) });
  logger.info(fields as LogFields, message);
  assert.equal(JSON.parse(text).level, 'info');
  return text;
}

test('ASVS 16.2.5: secrets stay out of lines by their names, however deep they are', () => {
  const nest = (value: object, depth: number): object =>
    depth === 0 ? value : { inner: [nest(value, depth - 1)] };
  for (const name of ['password', 'Authorization', 'set-cookie', 'csrf_token', 'apiKey', 'refresh-token'])
    for (const depth of [0, 1, 2, 5])
      assert.ok(!written(nest({ [name]: CANARY }, depth)).includes(CANARY), `${name} ${depth}`);
  assert.ok(written({ seen: CANARY }).includes(CANARY), 'the canary would be seen');
});

test('secrets stay out of texts, messages and errors by their look', () => {
  for (const text of [
    `postgres://donkey:${CANARY}@10.0.0.1/donkey`,
    `redis://:${CANARY}@10.0.0.1`,
    `https://example.org/x?page=1&access_token=${CANARY}&y=2`,
    `sent Bearer ${CANARY}`,
    `Incorrect API key provided: sk-${CANARY}`,
    `whsec_${CANARY}`,
    `dk_k3x9p2ma_${CANARY}`,
  ]) {
    const cause = new AggregateError([new Error(text)], text);
    const error = new AppError('internal.error', { detail: text, cause });
    for (const line of [written({ path: text }), written({}, text), written({ err: error })])
      assert.ok(!line.includes(CANARY), line);
  }
  const plain = 'https://example.org/x?page=1';
  assert.ok(written({ path: plain }).includes(plain), 'the rest stays');
});

test('what goes on in circles has an end', () => {
  const circle: Record<string, unknown> = { name: 'circle' };
  circle.again = circle;
  assert.match(written({ circle }), /too deep/);
  const error = new Error('one');
  error.cause = error;
  assert.ok(written({ err: error }).length < 20_000);
});
