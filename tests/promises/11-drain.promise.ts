import { test } from 'node:test';
import { stopWithJobs } from '#tests/support/drain.ts';

test('promise 11: SIGTERM during 10 jobs that end: all are finished, exit within 30 s, 0 stalled', (t) =>
  stopWithJobs(t, { jobs: 10, end: 'in time', deadlineMs: 25_000 }));
test('promise 11: SIGTERM during 10 jobs that do not end: all are given back, exit within 30 s, 0 stalled', (t) =>
  stopWithJobs(t, { jobs: 10, end: 'never', deadlineMs: 25_000 }));
