import { test } from 'node:test';
import { holdDrill } from '#tests/support/restore/hold-drill.ts';

test('promise 44: the same with hundreds of documents', (t) =>
  holdDrill(t, { users: 8, documentsBefore: 400, documentsAfter: 80, sample: 100 }));
