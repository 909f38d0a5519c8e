import type { Transaction } from '#db/database.ts';
import { ensureCredentialKeys } from '#db/ensure-credential-keys.ts';
import { createEnvelope } from '#shared/crypto/envelope.ts';
import type { Envelope } from '#shared/crypto/envelope.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { OperatorContext } from './operator-context.ts';
import { KINDS } from './sealed-kinds.ts';

/** Rows of one transaction: each is held for milliseconds, and what is done stays done when the command is stopped. */
const BATCH = 100;

/**
 * Puts every credential, and every secret of a webhook, under the first key of CREDENTIAL_KEYS. The product runs on meanwhile, and a run that was
 * stopped goes on where it was.
 *
 * @throws AppError credential.unreadable after all others were done, if some could not be
 */
export async function rewrapCredentials({ config, database, say }: OperatorContext): Promise<void> {
  await ensureCredentialKeys(database, config.integrations.keys);
  const envelope = createEnvelope(config.integrations.keys);
  const bad: string[] = [];
  let done = 0;
  for (const kind of KINDS)
    for (let after: string | null = null; ;) {
      const last: string | undefined = await database.transaction(async (tx) => {
        const batch = await kind.lockForRewrap(tx, envelope.currentKeyId, after, BATCH);
        const before = done;
        for (const { id, place, sealed } of batch) {
          const rewrapped = attempt(() => envelope.rewrap(sealed, place));
          if (rewrapped === undefined) bad.push(id);
          else {
            await kind.rewrap(tx, id, rewrapped);
            done += 1;
          }
        }
        if (done > before) await note(tx, 'rewrap', envelope.currentKeyId, { count: done - before });
        return batch.at(-1)?.id;
      });
      if (last === undefined) break;
      after = last;
    }
  say(`Credentials put under the key ${envelope.currentKeyId}: ${done}.`);
  failFor(bad);
  const left = await usesOfOthers({ database }, envelope.currentKeyId);
  if (left > 0) say(`${left} were being changed meanwhile: run the command again.`);
}

/**
 * Decrypts every credential and secret of a webhook and tells which cannot be read; nothing is shown of any secret.
 *
 * @throws AppError credential.unreadable if there are such
 */
export async function verifyCredentials({ config, database, say }: OperatorContext): Promise<void> {
  const envelope: Envelope = createEnvelope(config.integrations.keys);
  const bad: string[] = [];
  let good = 0;
  for (const kind of KINDS)
    for (let after: string | null = null; ;) {
      const batch = await kind.sealedAfter(database.read, after, BATCH);
      for (const { id, place, sealed } of batch)
        if (attempt(() => envelope.open(sealed, place)) === undefined) bad.push(id);
        else good += 1;
      const last = batch.at(-1);
      if (last === undefined) break;
      after = last.id;
    }
  for (const { keyId, count } of await database.read.credentials.keyUses())
    say(`Under the key ${keyId}: ${count}.`);
  say(`Readable: ${good}.`);
  failFor(bad);
}

/**
 * Forgets a key that is not used any more, so that it can be taken out of CREDENTIAL_KEYS.
 *
 * @throws AppError credential.key_in_use while credentials need it or it is the one that encrypts
 */
export async function retireCredentialKey(
  { config, database, say }: OperatorContext,
  keyId: string,
): Promise<void> {
  if (config.integrations.keys[0]?.id === keyId)
    throw new AppError('credential.key_in_use', { detail: `${keyId} is the key that encrypts.` });
  const known = await database.transaction(async (tx) => {
    const retired = await tx.credentialKeys.retire(keyId);
    if (retired) await note(tx, 'retire', keyId);
    return retired;
  });
  say(known ? `Retired ${keyId}: take it out of CREDENTIAL_KEYS.` : `No key ${keyId} was ever used here.`);
}

/** Of nobody: such an event is about the installation's keys. */
const note = (tx: Transaction, verb: string, keyId: string, details = {}): Promise<void> => {
  const target = { targetType: 'credential_key', targetId: keyId };
  return tx.audit.record({ userId: null, actorId: null, ...target, action: `credential.${verb}`, details });
};

async function usesOfOthers({ database }: Pick<OperatorContext, 'database'>, keyId: string): Promise<number> {
  const uses = await database.read.credentials.keyUses();
  return uses.filter((use) => use.keyId !== keyId).reduce((sum, use) => sum + use.count, 0);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

function failFor(bad: readonly string[]): void {
  if (bad.length > 0)
    throw new AppError('credential.unreadable', { detail: `Cannot be decrypted: ${bad.join(', ')}.` });
}
