import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { Request, Response } from 'express';
import { createUploadGate } from '#api/http/upload-gate.ts';
import { AppError } from '#shared/errors/app-error.ts';

type Gate = ReturnType<typeof createUploadGate>;

/** A request of a user, at an address of their own, at the gate: whether it was let in, and how it ends. */
function arrive(gate: Gate, user: string, { closed = false, letIn = () => {}, ip = user } = {}) {
  const locals = { state: { identity: { user: { id: user } } } };
  const res = Object.assign(new EventEmitter(), { locals, closed });
  const state = { inside: false, error: undefined as unknown };
  const next = (error?: unknown) => {
    if (error === undefined) {
      state.inside = true;
      letIn();
    } else state.error = error;
  };
  try {
    void gate({ ip } as unknown as Request, res as unknown as Response, next);
  } catch (error) {
    state.error = error;
  }
  return { state, leave: () => res.emit('close') };
}

const arriveAll = (gate: Gate, users: string) => Array.from(users, (user) => arrive(gate, user));
const inside = (requests: readonly { readonly state: { readonly inside: boolean } }[]) =>
  requests.map((one) => one.state.inside);
const isBusy = (error: unknown) => error instanceof AppError && error.code === 'request.busy';

test('the next in line is let in when somebody has left, in the order of arrival', () => {
  const gate = createUploadGate(2);
  const [a, b, c, d] = [arrive(gate, 'a'), arrive(gate, 'b'), arrive(gate, 'c'), arrive(gate, 'd')];
  assert.deepEqual(inside([a, b, c, d]), [true, true, false, false]);
  b.leave();
  assert.deepEqual(inside([c, d]), [true, false]);
  a.leave();
  assert.ok(d.state.inside);
});

test('who goes while waiting takes no place', () => {
  const gate = createUploadGate(1);
  const [a, b, c] = [arrive(gate, 'a'), arrive(gate, 'b'), arrive(gate, 'c')];
  b.leave();
  a.leave();
  assert.deepEqual([b.state.inside, c.state.inside], [false, true]);
});

test('who has gone before they reach the gate takes no place', () => {
  const gate = createUploadGate(1);
  assert.equal(arrive(gate, 'a', { closed: true }).state.inside, false);
  assert.ok(arrive(gate, 'a').state.inside);
});

test('who waits too long, or meets too long a line, is turned away', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const gate = createUploadGate(1);
  const first = arrive(gate, 'a');
  const line = arriveAll(gate, 'bbbbcccc');
  assert.ok(isBusy(arrive(gate, 'd').state.error));
  t.mock.timers.tick(10_000);
  assert.ok(line.every((one) => isBusy(one.state.error)));
  first.leave();
  assert.ok(arrive(gate, 'a').state.inside);
});

test('one user takes half of the places and half of the line; others pass those who have their share', () => {
  const gate = createUploadGate(4);
  const greedy = arriveAll(gate, 'a'.repeat(2 + 16));
  assert.deepEqual(inside(greedy.slice(0, 3)), [true, true, false]);
  assert.ok(isBusy(arrive(gate, 'a').state.error));
  const [b, c, d, e] = [arrive(gate, 'b'), arrive(gate, 'c'), arrive(gate, 'd'), arrive(gate, 'e')];
  assert.deepEqual(inside([b, c, d, e]), [true, true, false, false]);
  b.leave();
  assert.deepEqual(inside([greedy[2]!, d, e]), [false, true, false]);
  greedy[0]!.leave();
  assert.deepEqual(inside([greedy[2]!, greedy[3]!, e]), [true, false, false]);
});

test('one address takes three quarters, however many users there are behind it', () => {
  const gate = createUploadGate(4);
  const many = Array.from('abcd', (user) => arrive(gate, user, { ip: '192.0.2.1' }));
  assert.deepEqual(inside(many), [true, true, true, false]);
  const other = arrive(gate, 'e', { ip: '192.0.2.2' });
  assert.ok(other.state.inside);
  other.leave();
  assert.equal(many[3]!.state.inside, false);
  many[0]!.leave();
  assert.ok(many[3]!.state.inside);
});

test('one end lets in whoever the user stood in the way of, and whoever the address did', () => {
  const gate = createUploadGate(8);
  const user = Array.from({ length: 4 }, (_, n) =>
    arrive(gate, 'a', { ip: n < 3 ? '192.0.2.1' : '192.0.2.2' }),
  );
  const address = Array.from('bbb', (name) => arrive(gate, name, { ip: '192.0.2.1' }));
  assert.deepEqual(inside([...user, ...address]), Array(7).fill(true));
  const [sameUser, sameAddress] = [
    arrive(gate, 'a', { ip: '192.0.2.3' }),
    arrive(gate, 'c', { ip: '192.0.2.1' }),
  ];
  assert.deepEqual(inside([sameUser, sameAddress]), [false, false]);
  const last = arrive(gate, 'd', { ip: '192.0.2.4' });
  assert.ok(last.state.inside);
  last.leave();
  user[0]!.leave();
  assert.deepEqual(inside([sameUser, sameAddress]), [true, true]);
});

test('a place is given to whoever asks while only one user waits for more than their share', () => {
  const gate = createUploadGate(2);
  const [, waiting] = arriveAll(gate, 'aa');
  const other = arrive(gate, 'b');
  other.leave();
  assert.deepEqual(inside([waiting!, other]), [false, true]);
  assert.ok(arrive(gate, 'b').state.inside);
});

test('who is let in by the end of another request keeps their own context', () => {
  const storage = new AsyncLocalStorage<string>();
  const gate = createUploadGate(1);
  const seen: (string | undefined)[] = [];
  const letIn = () => void seen.push(storage.getStore());
  const first = storage.run('first', () => arrive(gate, 'a', { letIn }));
  storage.run('second', () => arrive(gate, 'b', { letIn }));
  storage.run('first', () => first.leave());
  assert.deepEqual(seen, ['first', 'second']);
});
