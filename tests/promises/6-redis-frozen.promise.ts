import { test } from 'node:test';
import { redisMissing } from '#tests/support/own-redis.ts';
import { frozenRedis } from '#tests/support/redis-outages.ts';

test('promise 6: Redis answers nothing for 9 seconds', { skip: redisMissing() ?? false }, (t) =>
  frozenRedis(t, 9_000),
);
