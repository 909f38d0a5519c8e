import { test } from 'node:test';
import { measureRetries } from '#tests/support/retry-delays.ts';

test('promise 14: a provider that fails 3 times is asked again after [0.5, 1] x 2^n s', (t) =>
  measureRetries(t, 3));
