import type { Mount } from '#api/http/routes.ts';
import type { WebhookSecret } from '#shared/credentials/webhook-secret.ts';
import { listWebhookSecrets, replaceWebhookSecret } from './webhook-endpoints.ts';
import type { WebhookService } from './webhook-service.ts';

export function mountWebhooks(mount: Mount, webhooks: WebhookService): void {
  mount(listWebhookSecrets, async ({ user }) => ({
    status: 200,
    body: { data: (await webhooks.secrets(user.id)).map(secretView) },
  }));
  mount(replaceWebhookSecret, async ({ user, actor }) => {
    const { made, secret } = await webhooks.replaceSecret(user.id, actor);
    return { status: 201, body: { data: { ...secretView(made), secret } } };
  });
}

const secretView = ({ id, createdAt, expiresAt }: WebhookSecret) => ({
  id,
  created_at: createdAt.toISOString(),
  expires_at: expiresAt?.toISOString() ?? null,
});
