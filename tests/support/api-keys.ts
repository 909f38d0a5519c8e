import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { signedHeaders } from '#scripts/sign-request.ts';
import { rawPublicKey } from '#shared/crypto/http-signature.ts';
import { SCOPES } from '#shared/domain/scopes.ts';
import type { Scope } from '#shared/domain/scopes.ts';
import { HttpClient } from './http-client.ts';
import type { Json, TestResponse, TestUser } from './http-client.ts';

/** What a user without a role may give to a key. */
export const USER_SCOPES = SCOPES.filter((scope) => !scope.startsWith('admin:'));

/** A program with an API key. */
export interface TestKey {
  readonly id: string;
  readonly prefix: string;
  /** The secret itself. */
  readonly key: string;
  readonly privateKey: KeyObject;
  /** Sends the key with every request, and nothing else. */
  readonly client: HttpClient;
  /** Sends a signed request, as scripts/sign-request.ts does. */
  signed(method: string, path: string, json?: Json): Promise<TestResponse>;
}

/** Makes a key that can sign, in the user's session. */
export async function makeApiKey(
  app: { readonly url: string },
  owner: Pick<TestUser, 'client'>,
  scopes: readonly Scope[] = USER_SCOPES,
): Promise<TestKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const wish = { label: 'A program', scopes, public_key: rawPublicKey(publicKey).toString('base64') };
  const made = await owner.client.post('auth/api-keys', wish);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { id, prefix, key } = made.body.data as { id: string; prefix: string; key: string };
  const client = new HttpClient(app.url);
  client.authorization = `Bearer ${key}`;
  return {
    id,
    prefix,
    key,
    privateKey,
    client,
    signed: (method, path, body) => {
      const url = new URL(`/api/v1/${path}`, app.url);
      const json = body === undefined ? undefined : JSON.stringify(body);
      const headers = signedHeaders({ method, url, json, keyId: prefix, privateKey });
      return client.request(method, path, { headers, ...(json === undefined ? {} : { raw: json }) });
    },
  };
}
