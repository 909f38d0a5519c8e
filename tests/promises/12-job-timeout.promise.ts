import { test } from 'node:test';
import { stopAtTimeout } from '#tests/support/job-timeout.ts';

test('promise 12: work of 60 s with a limit of 1.5 s is stopped within 2 s, and tried again', (t) =>
  stopAtTimeout(t, 1_500));
