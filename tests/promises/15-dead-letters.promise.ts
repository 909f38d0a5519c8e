import { test } from 'node:test';
import { failAll } from '#tests/support/dead-letter-run.ts';

test('promise 15: of 100 failing jobs, with workers killed, 100 are dead letters, each once', (t) =>
  failAll(t, { jobs: 100, kills: 4 }));
