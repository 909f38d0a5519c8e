import { AppError } from '#shared/errors/app-error.ts';
import type { ApiKey } from '#db/stores/api-key-store.ts';
import type { Scope } from '#shared/domain/scopes.ts';
import type { User } from '#shared/domain/types.ts';
import type { Services } from '#api/services.ts';
import type { GraphLoaders } from './graph-loaders.ts';

/** What every resolver of one operation is given. */
export interface GraphContext {
  readonly user: User;
  readonly apiKey: ApiKey | undefined;
  readonly services: Services;
  readonly loaders: GraphLoaders;
  readonly method: 'GET' | 'POST';
  /** Counts a search of the caller's. @throws AppError request.rate_limited */
  readonly countSearch: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** Sessions may read what is their user's; keys what their scopes say, as over REST. @throws AppError auth.scope_missing */
export function assertScope({ apiKey }: GraphContext, scope: Scope | undefined): void {
  if (apiKey === undefined || scope === undefined || apiKey.scopes.includes(scope)) return;
  throw new AppError('auth.scope_missing', { detail: `The key lacks the scope ${scope}.` });
}
