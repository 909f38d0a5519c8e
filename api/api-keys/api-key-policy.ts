import type { ApiKey } from '#db/stores/api-key-store.ts';
import type { Scope } from '#shared/domain/scopes.ts';
import type { User } from '#shared/domain/types.ts';

/** Longest life of a key, in days. */
export const MOST_DAYS = 366;

/**
 * Whether somebody may make a key with these scopes and this end: administrators alone have what is the
 * administrators', and a key makes none that can do more, or lives longer, than itself.
 */
export function mayGrant(
  maker: {
    readonly user: Pick<User, 'role'>;
    readonly apiKey: Pick<ApiKey, 'scopes' | 'expiresAt'> | undefined;
  },
  scopes: readonly Scope[],
  expiresAt: Date,
): boolean {
  const allowed = (scope: Scope): boolean =>
    (maker.user.role === 'admin' || !scope.startsWith('admin:')) &&
    (maker.apiKey === undefined || maker.apiKey.scopes.includes(scope));
  return scopes.every(allowed) && (maker.apiKey === undefined || expiresAt <= maker.apiKey.expiresAt);
}
