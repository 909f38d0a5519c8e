import type { Transaction } from '#db/database.ts';
import type { Readers } from '#db/stores.ts';
import { placeOf } from '#shared/credentials/credential.ts';
import { webhookSecretPlace } from '#shared/credentials/webhook-secret.ts';
import type { Sealed, SealedPlace } from '#shared/crypto/envelope.ts';

/** An encrypted secret with the place it belongs to. */
export interface SealedRecord {
  readonly id: string;
  readonly place: SealedPlace;
  readonly sealed: Sealed;
}

/** One kind of encrypted secret, as the operator's commands go through all of them. */
export interface SealedKind {
  sealedAfter(read: Readers, after: string | null, limit: number): Promise<SealedRecord[]>;
  lockForRewrap(tx: Transaction, keyId: string, after: string | null, limit: number): Promise<SealedRecord[]>;
  rewrap(tx: Transaction, id: string, sealed: Sealed): Promise<void>;
}

const record = <T extends Sealed & { readonly id: string }>(
  rows: readonly T[],
  place: (row: T) => SealedPlace,
): SealedRecord[] => rows.map((row) => ({ id: row.id, place: place(row), sealed: row }));

export const KINDS: readonly SealedKind[] = [
  {
    sealedAfter: async (read, after, limit) =>
      record(await read.credentials.sealedAfter(after, limit), placeOf),
    lockForRewrap: async (tx, ...args) => record(await tx.credentials.lockForRewrap(...args), placeOf),
    rewrap: (tx, id, sealed) => tx.credentials.rewrap(id, sealed),
  },
  {
    sealedAfter: async (read, after, limit) =>
      record(await read.webhookSecrets.sealedAfter(after, limit), webhookSecretPlace),
    lockForRewrap: async (tx, ...args) =>
      record(await tx.webhookSecrets.lockForRewrap(...args), webhookSecretPlace),
    rewrap: (tx, id, sealed) => tx.webhookSecrets.rewrap(id, sealed),
  },
];
