import { test } from 'node:test';
import { uploadWithoutWaiting } from '#tests/support/upload-without-waiting.ts';

test('promise 55: 20 uploads of 10 MiB while the embedder is silent: 202 within 1 s; the event stream resumes', (t) =>
  uploadWithoutWaiting(t, { uploads: 20, bytes: 10 * 1024 * 1024 }));
