import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newWebhookSecret, webhookHeaders } from '#shared/crypto/webhook-signature.ts';

test('a message is signed as in the example of the Standard Webhooks libraries', () => {
  const headers = webhookHeaders(
    {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      sentAt: new Date(1_614_265_330_000),
      body: '{"test": 2432232314}',
    },
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  );
  assert.deepEqual(headers, {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('secrets are of 32 random bytes, and several sign side by side', () => {
  const [one, two] = [newWebhookSecret(), newWebhookSecret()];
  assert.match(one, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.notEqual(one, two);
  const signatures = webhookHeaders({ id: 'msg_1', sentAt: new Date(), body: '{}' }, [one, two])[
    'webhook-signature'
  ]!.split(' ');
  assert.equal(new Set(signatures).size, 2);
});
