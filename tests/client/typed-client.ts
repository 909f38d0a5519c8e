import { parseSetCookie } from 'cookie';
import createClient from 'openapi-fetch';
import type { Client, Middleware } from 'openapi-fetch';
import type { paths } from './api-types.ts';

/** A client whose paths, parameters, bodies and answers are typed by the OpenAPI document. */
export type TypedClient = Client<paths>;

/** Keeps cookies and sends the CSRF token given last, as a browser application does. */
function session(): Middleware {
  const cookies = new Map<string, string>();
  let token: string | undefined;
  return {
    onRequest: ({ request }) => {
      request.headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
      if (token !== undefined && request.method !== 'GET') request.headers.set('x-csrf-token', token);
      return request;
    },
    onResponse: async ({ response }) => {
      for (const line of response.headers.getSetCookie()) {
        const { name, value = '', maxAge } = parseSetCookie(line);
        if (maxAge === 0) cookies.delete(name);
        else cookies.set(name, value);
      }
      if (response.headers.get('content-type')?.startsWith('application/json') !== true) return;
      const body = (await response.clone().json()) as { data?: { csrf_token?: string } | null };
      token = body.data?.csrf_token ?? token;
    },
  };
}

export function createTypedClient(url: string): TypedClient {
  const client = createClient<paths>({ baseUrl: url });
  client.use(session());
  return client;
}

/** Fields and file of an upload as a form; the serializer of `openapi-fetch` for multipart bodies. */
export function asForm(fields: object): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields) as [string, Blob | string | string[]][])
    for (const item of [value].flat()) form.append(name, item);
  return form;
}
