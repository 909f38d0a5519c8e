import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';

const LOGINS = 200;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

test('promise 28: 200 failed logins of users there are and 200 of users there are not take the same time', async (t) => {
  // Every guess has an address and a name of its own: what is timed is the answer and not the back-off.
  await using app = await startTestApp({ TRUST_PROXY: '127.0.0.1', AUTH_ATTEMPTS_PER_15_MIN: '100000' });
  const users: string[] = [];
  for (let count = 0; count < 70; count += 1) users.push((await registerUser(app)).username);
  const client = new HttpClient(app.url);
  await client.get('auth/csrf');
  const timed = async (username: string, number: number) => {
    const from = { 'x-forwarded-for': `10.0.${number >> 8}.${number & 255}` };
    const started = performance.now();
    const { status, body } = await client.post('auth/login', { username, password: 'a wrong guess' }, from);
    const ms = performance.now() - started;
    return { ms, answer: JSON.stringify({ status, ...body, correlation_id: '' }) };
  };
  const known: number[] = [];
  const unknown: number[] = [];
  const answers = new Set<string>();
  // In turn, so that whatever else the machine does falls on both alike; the first ones warm up.
  for (let round = -10; round < LOGINS; round += 1) {
    const number = round + 10;
    const real = await timed(users[number % users.length]!, 2 * number);
    const made = await timed(`nobody-${number % users.length}`, 2 * number + 1);
    answers.add(real.answer).add(made.answer);
    if (round >= 0) {
      known.push(real.ms);
      unknown.push(made.ms);
    }
  }
  const apart = Math.abs(median(known) / median(unknown) - 1);
  t.diagnostic(
    `medians ${median(known).toFixed(2)} and ${median(unknown).toFixed(2)} ms, ${(apart * 100).toFixed(1)} % apart; ${answers.size} distinct answer`,
  );
  assert.equal(answers.size, 1);
  assert.ok(apart <= 0.05, `${(apart * 100).toFixed(1)} %`);
});
