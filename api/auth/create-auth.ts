import type { SendCommand } from '#api/http/rate-limits.ts';
import type { Database } from '#db/database.ts';
import type { Config } from '#shared/config/config.ts';
import { createAccessTokens } from '#shared/crypto/access-tokens.ts';
import type { DeviceTokens } from '#shared/crypto/device-tokens.ts';
import type { Passwords } from '#shared/crypto/passwords.ts';
import { createRefreshTokens } from '#shared/crypto/refresh-tokens.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Mailer } from '#shared/mail/mailer.ts';
import { createAuthService } from './auth-service.ts';
import type { AuthService } from './auth-service.ts';
import { createGuessCounters } from './guess-counters.ts';
import { createLoginGuard } from './login-guard.ts';
import { createPasswordResets } from './password-resets.ts';
import { createPasswordRules } from './password-rules.ts';
import { createPasswordService } from './password-service.ts';
import type { PasswordService } from './password-service.ts';
import { createSessionService } from './session-service.ts';
import type { SessionService } from './session-service.ts';

export interface AuthParts {
  readonly config: Config;
  readonly database: Database;
  readonly logger: Logger;
  readonly passwords: Passwords;
  readonly devices: DeviceTokens;
  readonly mailer: Mailer | undefined;
  /** To the Redis of counters. */
  readonly sendCommand: SendCommand;
}

/** Accounts, sessions and passwords. Disposing waits for the mails in hand. */
export interface AuthServices extends AsyncDisposable {
  readonly auth: AuthService;
  readonly sessions: SessionService;
  readonly passwords: PasswordService;
}

export function createAuth(parts: AuthParts): AuthServices {
  const { config, database, logger } = parts;
  const { signingKeys } = config.auth;
  const rules = createPasswordRules();
  const guard = createLoginGuard(
    createGuessCounters({ prefix: config.redis.keyPrefix, sendCommand: parts.sendCommand, logger }),
  );
  const sessions = createSessionService({
    database,
    accessTokens: createAccessTokens({ signingKeys, issuer: config.api.publicUrl }),
    refreshTokens: createRefreshTokens(signingKeys),
    config: config.auth,
  });
  const resets = createPasswordResets({ database, mailer: parts.mailer, config: config.auth, logger });
  return {
    auth: createAuthService({ ...parts, rules, guard, sessions, signUp: config.auth.signUp }),
    sessions,
    passwords: createPasswordService({ ...parts, rules, guard, resets }),
    [Symbol.asyncDispose]: () => resets[Symbol.asyncDispose](),
  };
}
