import { timingSafeEqual } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#api/http/endpoint.ts';
import type { Identify } from '#api/http/authenticate.ts';
import type { UseNonce } from '#api/http/prove-presence.ts';
import type { Database } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import type { ApiKey } from '#db/stores/api-key-store.ts';
import type { Scope } from '#shared/domain/scopes.ts';
import type { User } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { mayGrant } from './api-key-policy.ts';
import { hashKey, makeKeySecret, prefixOf } from './api-key-secret.ts';

export interface KeyWish {
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date;
  /** Raw Ed25519 key; null for a key that signs nothing. */
  readonly publicKey: Buffer | null;
}

/** Who makes a key, by what, and from where. */
export interface KeyMaker {
  readonly user: User;
  readonly apiKey: ApiKey | undefined;
  readonly actor: Actor;
}

export interface ApiKeyService {
  /**
   * @returns the key itself too, which nobody can read again
   * @throws AppError auth.scope_exceeded, api_key.too_many
   */
  create(maker: KeyMaker, wish: KeyWish): Promise<{ apiKey: ApiKey; key: string }>;
  list(userId: string, page: PageRequest): Promise<Page<ApiKey>>;
  /** Ends a key at once, on every instance. */
  revoke(userId: string, id: string, actor: Actor): Promise<void>;
  readonly identify: Identify['key'];
  readonly useNonce: UseNonce;
}

/** Living keys of one account. */
const MOST_KEYS = 50;

/** Nonces outlive their signature by this much, lest clocks that differ let one in twice, in ms. */
const NONCE_MARGIN_MS = 10 * 60_000;

const INVALID = { 'WWW-Authenticate': 'Bearer error="invalid_token"' };

export function createApiKeyService(options: { database: Database; logger: Logger }): ApiKeyService {
  const { database } = options;
  const noteUse = useRecorder(options);
  return {
    create: async ({ user, apiKey: parent, actor }, wish) => {
      if (!mayGrant({ user, apiKey: parent }, wish.scopes, wish.expiresAt))
        throw new AppError('auth.scope_exceeded');
      const { key, prefix, hash } = makeKeySecret();
      const apiKey = await database.transaction(async (tx) => {
        const wanted = { ...wish, id: uuidv7(), userId: user.id, prefix, secretHash: hash };
        const made = await tx.apiKeys.insert(wanted, MOST_KEYS);
        if (made === undefined) throw new AppError('api_key.too_many');
        const details = {
          prefix,
          scopes: wish.scopes,
          expires_at: wish.expiresAt,
          signs: wish.publicKey !== null,
        };
        await tx.audit.record({ ...eventOf(user.id, made.id, actor), action: 'api_key.create', details });
        return made;
      });
      return { apiKey, key };
    },
    list: (userId, page) => database.read.apiKeys.list(userId, page),
    revoke: (userId, id, actor) =>
      database.transaction(async (tx) => {
        const revoked = await tx.apiKeys.revoke(userId, id);
        if (revoked === undefined) throw new AppError('api_key.not_found');
        const details = { prefix: revoked.prefix };
        await tx.audit.record({ ...eventOf(userId, id, actor), action: 'api_key.revoke', details });
      }),
    identify: async (key) => {
      const prefix = prefixOf(key);
      const found = prefix === undefined ? undefined : await database.read.apiKeys.findByPrefix(prefix);
      if (
        found === undefined ||
        !timingSafeEqual(found.secretHash, hashKey(key)) ||
        found.key.revokedAt !== null
      )
        throw new AppError('auth.key_invalid', { headers: INVALID });
      if (found.key.expiresAt.getTime() <= Date.now())
        throw new AppError('auth.key_expired', { headers: INVALID });
      noteUse(found.key);
      return { user: found.user, apiKey: found.key };
    },
    useNonce: ({ user, apiKey }, { nonce, expiresAt }) => {
      const kept = new Date(expiresAt.getTime() + NONCE_MARGIN_MS);
      return database.transaction((tx) =>
        tx.apiKeys.useNonce({ apiKeyId: apiKey.id, userId: user.id, nonce, expiresAt: kept }),
      );
    },
  };
}

const eventOf = (userId: string, id: string, actor: Actor) => ({
  ...actor,
  userId,
  targetType: 'api_key',
  targetId: id,
});

/** Writes down that a key is in use, at most once a minute and without the request waiting for it. */
function useRecorder({ database, logger }: { database: Database; logger: Logger }): (key: ApiKey) => void {
  const underWay = new Set<string>();
  return ({ id, lastUsedAt }) => {
    if (underWay.has(id) || Date.now() - (lastUsedAt?.getTime() ?? 0) < 60_000) return;
    underWay.add(id);
    database
      .transaction((tx) => tx.apiKeys.touch(id))
      .catch((error: unknown) => logger.warn({ err: error }, 'the use of an API key was not noted'))
      .finally(() => underWay.delete(id));
  };
}
