import { taggedHeaders } from '#api/http/conditional-get.ts';
import type { Reply } from '#api/http/endpoint.ts';
import { pageBody, readPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import type { ResourceVersionReader } from '#db/queries/resource-versions.ts';
import type { Credential } from '#shared/credentials/credential.ts';
import {
  createCredential,
  deleteCredential,
  getCredential,
  listCredentials,
  rotateCredential,
  updateCredential,
} from './credential-endpoints.ts';
import type { CredentialService } from './credential-service.ts';
import { credentialView } from './credential-view.ts';

export function mountCredentials(
  mount: Mount,
  credentials: CredentialService,
  versions: ResourceVersionReader,
): void {
  mount(listCredentials, async ({ user, query }) => {
    const list = ['credentials', user.id];
    const page = await credentials.list(user.id, readPage(query, list));
    return { status: 200, body: pageBody(page, list, credentialView) };
  });
  mount(createCredential, async ({ user, body, actor }) => {
    const { base_url: baseUrl = null, ...fields } = body;
    const made = await credentials.create(user.id, { ...fields, baseUrl }, actor);
    return one(201, made, { Location: `/api/v1/integrations/credentials/${made.id}` });
  });
  mount(
    getCredential,
    async ({ user, params }) => one(200, await credentials.get(user.id, params.id)),
    ({ user, params }) => versions.findById('integration_credentials', user.id, params.id),
  );
  mount(updateCredential, async ({ user, params, ifMatch, body, actor }) => {
    const change = { label: body.label, ifMatch };
    return one(200, await credentials.rename(user.id, params.id, change, actor));
  });
  mount(rotateCredential, async ({ user, params, body, actor }) =>
    one(200, await credentials.rotate(user.id, params.id, body.secret, actor)),
  );
  mount(deleteCredential, async ({ user, params, ifMatch, actor }) => {
    await credentials.remove(user.id, params.id, ifMatch, actor);
    return { status: 204 };
  });
}

const one = (status: number, credential: Credential, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { ...taggedHeaders(credential), ...headers },
  body: { data: credentialView(credential) },
});
