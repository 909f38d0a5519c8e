import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryCounters, MAX_WAIT_MS } from '#api/auth/guess-counters.ts';
import { createLoginGuard } from '#api/auth/login-guard.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** A guard whose clock the test moves. */
function guardAt() {
  const clock = { now: 1_800_000_000_000 };
  return { clock, guard: createLoginGuard(createMemoryCounters(() => clock.now)) };
}

/** Guesses as fast as the guard allows; returns how many got through within the time. */
async function attack(addresses: readonly string[], logins: readonly string[], ms: number): Promise<number> {
  const { clock, guard } = guardAt();
  const start = clock.now;
  let through = 0;
  while (clock.now - start <= ms) {
    let soonest = Infinity;
    for (const address of addresses)
      for (const login of logins)
        try {
          await guard.enter({ login, address, device: undefined });
          through += 1;
          soonest = 0;
        } catch (error) {
          assert.ok(error instanceof AppError && error.code === 'request.rate_limited');
          soonest = Math.min(soonest, error.retryAfterSeconds ?? 0);
        }
    // Somebody who knows the rules comes back at the very second.
    clock.now += soonest * 1000;
  }
  return through;
}

const many = Array.from({ length: 100 }, (_, index) => `198.51.100.${index}`);
const cases: [string, readonly string[], readonly string[]][] = [
  ['one address, one name', ['192.0.2.1'], ['ada']],
  ['one address, both names', ['192.0.2.1'], ['ada', 'ada@example.org']],
  ['100 addresses, one name', many, ['ada']],
  ['100 addresses, both names', many, ['ada', 'ada@example.org']],
  ['one address, many accounts', ['192.0.2.1'], Array.from({ length: 50 }, (_, index) => `user-${index}`)],
];

for (const [name, addresses, logins] of cases)
  test(`promise 27: in any quarter of an hour at most 25 guesses get through: ${name}`, async (t) => {
    const through = await attack(addresses, logins, MAX_WAIT_MS);
    t.diagnostic(`${through} guesses`);
    assert.ok(through >= 10 && through <= 25, String(through));
  });

test('a day of guessing gets a few hundred guesses through at the most', async (t) => {
  const through = await attack(many, ['ada', 'ada@example.org'], 96 * MAX_WAIT_MS);
  t.diagnostic(`${through} guesses`);
  assert.ok(through <= 250, String(through));
});

test('IPv6 addresses of one /64 are one address', async () => {
  const block = Array.from({ length: 50 }, (_, index) => `2001:db8:1:2::${(index + 1).toString(16)}`);
  const logins = Array.from({ length: 50 }, (_, index) => `user-${index}`);
  assert.ok((await attack(block, logins, 0)) <= 10);
});

test('who gets in has no wait before the next mistake, and a device is forgiven its failures', async () => {
  const { guard } = guardAt();
  const device = { id: 'd', userId: 'u' };
  for (const guess of [
    { login: 'ada', address: '192.0.2.1', device: undefined },
    { login: 'ada', address: '192.0.2.1', device },
  ])
    for (let turn = 0; turn < 50; turn += 1) await (await guard.enter(guess)).succeeded();
});

test('names that PostgreSQL may take for the same are one', async () => {
  const { guard } = guardAt();
  const spellings = ['Trivial', 'TRİVİAL', 'trıvıal', 'trivi\u0301al', ' trivial'];
  let through = 0;
  for (const [index, login] of spellings.entries())
    await guard.enter({ login, address: `192.0.2.${index}`, device: undefined }).then(
      () => (through += 1),
      () => undefined,
    );
  assert.equal(through, 3);
});
