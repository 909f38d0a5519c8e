import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { Request, Response } from 'express';
import { createUploadGate } from '#api/http/upload-gate.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** A request at the gate: whether it was let in, and how it ends. */
function arrive(gate: ReturnType<typeof createUploadGate>) {
  const res = new EventEmitter();
  const state = { inside: false, error: undefined as unknown };
  const next = (error?: unknown) => {
    if (error === undefined) state.inside = true;
    else state.error = error;
  };
  try {
    void gate({} as unknown as Request, res as unknown as Response, next);
  } catch (error) {
    state.error = error;
  }
  return { state, leave: () => res.emit('close') };
}

const isBusy = (error: unknown) => error instanceof AppError && error.code === 'request.busy';

test('the next in line is let in when somebody has left, in the order of arrival', () => {
  const gate = createUploadGate(2);
  const [a, b, c, d] = [arrive(gate), arrive(gate), arrive(gate), arrive(gate)];
  assert.deepEqual(
    [a, b, c, d].map((one) => one.state.inside),
    [true, true, false, false],
  );
  b.leave();
  assert.deepEqual(
    [c, d].map((one) => one.state.inside),
    [true, false],
  );
  a.leave();
  assert.ok(d.state.inside);
});

test('who goes while waiting takes no place', () => {
  const gate = createUploadGate(1);
  const [a, b, c] = [arrive(gate), arrive(gate), arrive(gate)];
  b.leave();
  a.leave();
  assert.deepEqual([b.state.inside, c.state.inside], [false, true]);
});

test('who waits too long, or meets too long a line, is turned away', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const gate = createUploadGate(1);
  const first = arrive(gate);
  const line = Array.from({ length: 8 }, () => arrive(gate));
  assert.ok(isBusy(arrive(gate).state.error));
  t.mock.timers.tick(10_000);
  assert.ok(line.every((one) => isBusy(one.state.error)));
  first.leave();
  assert.ok(arrive(gate).state.inside);
});
