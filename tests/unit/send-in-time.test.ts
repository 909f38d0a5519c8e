import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RedisClient } from '#shared/redis/client.ts';
import { sendInTime } from '#shared/redis/send-in-time.ts';

test('once Redis is silent, others are refused at once until it is heard again', async () => {
  const sent: PromiseWithResolvers<string>[] = [];
  const client = {
    sendCommand: () => {
      const answer = Promise.withResolvers<string>();
      sent.push(answer);
      return answer.promise;
    },
  } as unknown as RedisClient;
  const send = sendInTime(client, 20);
  const first = send<string>(['GET', 'a']);
  sent[0]!.resolve('one');
  assert.equal(await first, 'one');
  await assert.rejects(send(['GET', 'b']), /has not answered in 20 ms/);
  await assert.rejects(send(['GET', 'c']), /does not answer/);
  assert.equal(sent.length, 2, 'the third was not sent');
  sent[1]!.reject(new Error('the connection was closed'));
  await assert.rejects(sent[1]!.promise);
  const again = send<string>(['GET', 'd']);
  sent[2]!.resolve('two');
  assert.equal(await again, 'two');
});
