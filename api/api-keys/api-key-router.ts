import { pageBody, readPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import { createApiKey, listApiKeys, revokeApiKey } from './api-key-endpoints.ts';
import type { ApiKeyBody } from './api-key-endpoints.ts';
import type { ApiKeyService, KeyWish } from './api-key-service.ts';
import { apiKeyView } from './api-key-view.ts';

export function mountApiKeys(mount: Mount, apiKeys: ApiKeyService): void {
  mount(listApiKeys, async ({ user, query }) => {
    const list = ['api-keys', user.id];
    const page = await apiKeys.list(user.id, readPage(query, list));
    return { status: 200, body: pageBody(page, list, apiKeyView) };
  });
  mount(createApiKey, async ({ user, apiKey: parent, actor, body }) => {
    const { apiKey, key } = await apiKeys.create({ user, apiKey: parent, actor }, wishOf(body));
    return { status: 201, body: { data: { ...apiKeyView(apiKey), key } } };
  });
  mount(revokeApiKey, async ({ user, params, actor }) => {
    await apiKeys.revoke(user.id, params.id, actor);
    return { status: 204 };
  });
}

const DAY_MS = 86_400_000;

const wishOf = ({ label, scopes, expires_in_days: days, public_key: publicKey }: ApiKeyBody): KeyWish => ({
  label,
  scopes,
  expiresAt: new Date(Date.now() + days * DAY_MS),
  publicKey: typeof publicKey === 'string' ? Buffer.from(publicKey, 'base64') : null,
});
