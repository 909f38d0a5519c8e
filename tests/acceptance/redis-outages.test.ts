import { suite, test } from 'node:test';
import { redisMissing } from '#tests/support/own-redis.ts';
import { deadRedis, emptiedRedis, frozenRedis } from '#tests/support/redis-outages.ts';

suite('Redis fails', { skip: redisMissing() ?? false }, () => {
  test('promise 6: frozen, in short', (t) => frozenRedis(t, 4_000, 0.9));
  test('promise 7: dead, in short', (t) => deadRedis(t, 4_000));
  test('promise 8: emptied, in short', (t) => emptiedRedis(t, 20));
});
