import { test } from 'node:test';
import { redisMissing } from '#tests/support/own-redis.ts';
import { deadRedis } from '#tests/support/redis-outages.ts';

test('promise 7: Redis is dead for 25 seconds', { skip: redisMissing() ?? false }, (t) =>
  deadRedis(t, 25_000),
);
