import { test } from 'node:test';
import { redisMissing } from '#tests/support/own-redis.ts';
import { emptiedRedis } from '#tests/support/redis-outages.ts';

test('promise 8: Redis is emptied while 200 documents are taken in', { skip: redisMissing() ?? false }, (t) =>
  emptiedRedis(t, 200),
);
