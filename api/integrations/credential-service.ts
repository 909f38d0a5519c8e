import { v7 as uuidv7 } from 'uuid';
import { expectedVersion } from '#api/http/conditional-get.ts';
import type { Actor } from '#api/http/endpoint.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import { lastFourOf, placeOf } from '#shared/credentials/credential.ts';
import type { Credential, Provider } from '#shared/credentials/credential.ts';
import type { Envelope } from '#shared/crypto/envelope.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ProviderGuard } from '#shared/net/provider-guard.ts';

/** Nobody needs more, and each is a row that every change of keys has to touch. */
const MOST_CREDENTIALS = 50;

export interface NewSecret {
  readonly provider: Provider;
  readonly label: string;
  readonly secret: string;
  readonly baseUrl: string | null;
}

/** The use cases of credentials. Other users' credentials do not exist here: credential.not_found. */
export interface CredentialService {
  list(userId: string, page: PageRequest): Promise<Page<Credential>>;
  /** @throws AppError credential.not_found */
  get(userId: string, id: string): Promise<Credential>;
  /** @throws AppError credential.base_url_forbidden, credential.label_taken, credential.limit_reached */
  create(userId: string, fields: NewSecret, actor: Actor): Promise<Credential>;
  /** @throws AppError credential.not_found, credential.label_taken, precondition.failed */
  rename(
    userId: string,
    id: string,
    change: { readonly label: string; readonly ifMatch: string | undefined },
    actor: Actor,
  ): Promise<Credential>;
  /** @throws AppError credential.not_found */
  rotate(userId: string, id: string, secret: string, actor: Actor): Promise<Credential>;
  /** @throws AppError credential.not_found, precondition.failed */
  remove(userId: string, id: string, ifMatch: string | undefined, actor: Actor): Promise<void>;
}

export interface CredentialServiceOptions {
  readonly database: Database;
  readonly envelope: Envelope;
  readonly guard: ProviderGuard;
}

export function createCredentialService(options: CredentialServiceOptions): CredentialService {
  const { database, envelope } = options;
  const get = async (read: Database['read'], userId: string, id: string): Promise<Credential> => {
    const credential = await read.credentials.find(userId, id);
    if (credential === undefined) throw new AppError('credential.not_found');
    return credential;
  };
  return {
    list: (userId, page) => database.read.credentials.list(userId, page),
    get: (userId, id) => get(database.read, userId, id),
    create: async (userId, { secret, ...fields }, actor) => {
      const baseUrl = fields.baseUrl?.replace(/\/+$/, '') ?? null;
      if (baseUrl !== null) await options.guard.check(baseUrl);
      const record = { ...fields, baseUrl, id: uuidv7(), userId };
      const sealed = envelope.seal(secret, placeOf(record));
      return database.transaction(async (tx) => {
        if ((await tx.credentials.lockAndCount(userId)) >= MOST_CREDENTIALS)
          throw new AppError('credential.limit_reached');
        const made = await tx.credentials.insert({ ...record, ...sealed, lastFour: lastFourOf(secret) });
        await note(tx, made, 'create', actor);
        return made;
      });
    },
    rename: (userId, id, { label, ifMatch }, actor) =>
      database.transaction(async (tx) => {
        const version = expectedVersion(ifMatch, await get(tx.read, userId, id));
        const changed = await tx.credentials.rename(userId, id, label, version);
        await note(tx, changed, 'update', actor);
        return changed;
      }),
    rotate: (userId, id, secret, actor) =>
      database.transaction(async (tx) => {
        const sealed = envelope.seal(secret, placeOf(await get(tx.read, userId, id)));
        const rotated = await tx.credentials.rotate(userId, id, { ...sealed, lastFour: lastFourOf(secret) });
        await note(tx, rotated, 'rotate', actor);
        return rotated;
      }),
    remove: (userId, id, ifMatch, actor) =>
      database.transaction(async (tx) => {
        const current = await get(tx.read, userId, id);
        await tx.credentials.remove(userId, id, expectedVersion(ifMatch, current));
        await note(tx, current, 'delete', actor);
      }),
  };
}

const note = (tx: Transaction, credential: Credential, verb: string, actor: Actor): Promise<void> =>
  tx.audit.record({
    ...actor,
    userId: credential.userId,
    action: `credential.${verb}`,
    targetType: 'credential',
    targetId: credential.id,
    details: { provider: credential.provider },
  });
