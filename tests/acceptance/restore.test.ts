import { test } from 'node:test';
import { holdDrill } from '#tests/support/restore/hold-drill.ts';

test('promise 44: backed up under load, destroyed with Redis, restored: nothing of that moment is missing', (t) =>
  holdDrill(t, { users: 3, documentsBefore: 25, documentsAfter: 6, sample: 20 }));
