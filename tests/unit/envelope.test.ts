import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createEnvelope } from '#shared/crypto/envelope.ts';
import type { KeyEncryptionKey, Sealed, SealedPlace } from '#shared/crypto/envelope.ts';
import { AppError } from '#shared/errors/app-error.ts';

const key = (id: string): KeyEncryptionKey => ({ id, bytes: randomBytes(32) });
const place: SealedPlace = { kind: 'credential', id: 'a', owner: 'u', field: 'secret' };
const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return error.code;
  }
};

const k1 = key('k1');
const k2 = key('k2');
const envelope = createEnvelope([k1]);

test('a secret opens where it was sealed, and no two seals look alike', () => {
  const [first, second] = [envelope.seal('sk-donkey-ü', place), envelope.seal('sk-donkey-ü', place)];
  assert.equal(envelope.open(first, place), 'sk-donkey-ü');
  assert.notDeepEqual(first.ciphertext, second.ciphertext);
  assert.notDeepEqual(first.wrappedKey, second.wrappedKey);
  for (const bytes of [first.ciphertext, first.wrappedKey])
    assert.ok(!bytes.includes('donkey') && !bytes.includes(k1.bytes));
});

test('promise 30: nothing that was swapped, cut or altered opens', (t) => {
  const sealed = envelope.seal('sk-secret', place);
  const other = envelope.seal('sk-secret', place);
  let tried = 0;
  const refuses = (changed: Partial<Sealed>, where: Partial<SealedPlace> = {}): void => {
    tried += 1;
    const open = () => envelope.open({ ...sealed, ...changed }, { ...place, ...where });
    assert.equal(codeOf(open), 'credential.unreadable', JSON.stringify([changed, where]));
  };
  // Rows swapped: another kind, record, owner or field, or parts of two rows put together.
  for (const name of ['kind', 'id', 'owner', 'field'] as const) refuses({}, { [name]: 'other' });
  // Neighbouring parts that read the same when they are strung together.
  refuses({}, { id: 'au', owner: '' });
  refuses({ wrappedKey: other.wrappedKey });
  refuses({ ciphertext: other.ciphertext });
  refuses({ wrappedKey: sealed.ciphertext, ciphertext: sealed.wrappedKey });
  // Tags cut to every shorter length, and everything cut anywhere.
  for (const name of ['wrappedKey', 'ciphertext'] as const)
    for (let length = 0; length < sealed[name].length; length++)
      refuses({ [name]: sealed[name].subarray(0, length) });
  for (let tag = 0; tag < 16; tag++)
    refuses({
      ciphertext: Buffer.concat([sealed.ciphertext.subarray(0, 12 + tag), sealed.ciphertext.subarray(28)]),
    });
  // Every bit of both parts.
  for (const name of ['wrappedKey', 'ciphertext'] as const)
    for (let bit = 0; bit < sealed[name].length * 8; bit++) {
      const bytes = Buffer.from(sealed[name]);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      refuses({ [name]: bytes });
    }
  t.diagnostic(`${tried} altered envelopes, 0 accepted`);
  assert.ok(tried > 800);
});

test('another key under the same id does not open it, a missing one is named as missing', () => {
  const sealed = envelope.seal('sk-secret', place);
  assert.equal(
    codeOf(() => createEnvelope([key('k1')]).open(sealed, place)),
    'credential.unreadable',
  );
  assert.equal(
    codeOf(() => createEnvelope([k2]).open(sealed, place)),
    'credential.key_missing',
  );
  // The right key, but the row names another one: the id is authenticated too.
  const renamed = createEnvelope([{ id: 'k2', bytes: k1.bytes }]);
  assert.equal(
    codeOf(() => renamed.open({ ...sealed, keyId: 'k2' }, place)),
    'credential.unreadable',
  );
});

test('rewrapping changes the key and nothing else; the old key is not needed afterwards', () => {
  const sealed = envelope.seal('sk-secret', place);
  const both = createEnvelope([k2, k1]);
  assert.equal(both.open(sealed, place), 'sk-secret');
  const moved = both.rewrap(sealed, place);
  assert.equal(moved.keyId, 'k2');
  assert.deepEqual(moved.ciphertext, sealed.ciphertext);
  assert.equal(createEnvelope([k2]).open(moved, place), 'sk-secret');
  assert.equal(
    codeOf(() => envelope.open(moved, place)),
    'credential.key_missing',
  );
  assert.equal(
    codeOf(() => both.rewrap(sealed, { ...place, id: 'b' })),
    'credential.unreadable',
  );
});

test('keys that are no keys are refused', () => {
  assert.throws(() => createEnvelope([]), RangeError);
  assert.throws(() => createEnvelope([{ id: 'k', bytes: randomBytes(16) }]), RangeError);
});
