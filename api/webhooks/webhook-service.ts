import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#api/http/endpoint.ts';
import type { Database } from '#db/database.ts';
import { webhookSecretPlace } from '#shared/credentials/webhook-secret.ts';
import type { WebhookSecret } from '#shared/credentials/webhook-secret.ts';
import type { Envelope } from '#shared/crypto/envelope.ts';
import { newWebhookSecret } from '#shared/crypto/webhook-signature.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ProviderGuard } from '#shared/net/provider-guard.ts';

/** The use cases around webhooks; a worker delivers to them. */
export interface WebhookService {
  /**
   * Whether jobs of this user may tell this address how they ended.
   *
   * @throws AppError webhook.url_forbidden, webhook.secret_missing
   */
  admit(userId: string, url: string): Promise<void>;
  /** The secrets that sign now, the current one first, without the secrets themselves. */
  secrets(userId: string): Promise<readonly WebhookSecret[]>;
  /** Makes a new current secret, which is given out here and never again. */
  replaceSecret(
    userId: string,
    actor: Actor,
  ): Promise<{ readonly made: WebhookSecret; readonly secret: string }>;
}

export interface WebhookServiceOptions {
  readonly database: Database;
  readonly envelope: Envelope;
  readonly guard: ProviderGuard;
}

export function createWebhookService({ database, envelope, guard }: WebhookServiceOptions): WebhookService {
  return {
    admit: async (userId, url) => {
      await guard.check(url).catch(rethrowAsWebhook);
      if ((await database.read.webhookSecrets.active(userId)).length === 0)
        throw new AppError('webhook.secret_missing');
    },
    secrets: (userId) => database.read.webhookSecrets.active(userId),
    replaceSecret: async (userId, actor) => {
      const id = uuidv7();
      const secret = newWebhookSecret();
      const sealed = envelope.seal(secret, webhookSecretPlace({ id, userId }));
      const made = await database.transaction(async (tx) => {
        const stored = await tx.webhookSecrets.replace({ id, userId, ...sealed });
        const target = { targetType: 'webhook_secret', targetId: id };
        await tx.audit.record({ ...actor, ...target, userId, action: 'webhook_secret.replace' });
        return stored;
      });
      return { made, secret };
    },
  };
}

function rethrowAsWebhook(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== 'credential.base_url_forbidden') throw error;
  const detail = error.detail.replace('The base URL', 'The address of the webhook');
  const fault = { pointer: '/body/webhook_url', code: 'webhook.url_forbidden', message: detail };
  throw new AppError('webhook.url_forbidden', { detail, errors: [fault], cause: error });
}
