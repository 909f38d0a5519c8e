import { randomBytes } from 'node:crypto';
import assert from 'node:assert/strict';
import { parseSetCookie } from 'cookie';
import { errorCatalog } from '#shared/errors/error-catalog.ts';
import { problemSchema } from '#api/http/error-handler.ts';

// Bodies are looked into by assertions, which say themselves what they expect.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface TestResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else the text. */
  readonly body: Json;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array | FormData;
}

export interface TestFile {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  readonly type?: string;
}

/** Promise 38, held by every request of every test: what is refused is a problem that names the request. */
export function assertProblem(response: Pick<Response, 'status' | 'headers'>, body: Json): void {
  const shown = `${response.status} ${JSON.stringify(body)}`;
  if (isGraphqlRefusal(body)) {
    for (const { extensions } of body.errors) {
      assert.ok(Object.hasOwn(errorCatalog, extensions.code), shown);
      assert.equal(extensions.correlation_id, response.headers.get('x-request-id'), shown);
    }
    return;
  }
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/, shown);
  assert.equal(problemSchema.validate(body).error, undefined, shown);
  assert.equal(body.status, response.status, shown);
  assert.equal(body.correlation_id, response.headers.get('x-request-id'), shown);
}

/** GraphQL has a shape of its own for what is wrong with an operation; code and correlation id are in its extensions. */
const isGraphqlRefusal = (body: Json): boolean =>
  body?.code === undefined && Array.isArray(body?.errors) && body.errors.length > 0;

/** A browser in miniature: it keeps cookies and sends the CSRF token it was given last. */
export class HttpClient {
  readonly cookies = new Map<string, string>();
  readonly #url: string;
  csrfToken: string | undefined;
  /** Sent with every request where it is set: `Bearer` and an API key. */
  authorization: string | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<TestResponse> {
    return this.request('GET', path, { headers });
  }
  post(path: string, json?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<TestResponse> {
    return this.request('POST', path, { headers, ...(json === undefined ? {} : { json }) });
  }
  patch(path: string, json: unknown, headers: Readonly<Record<string, string>> = {}): Promise<TestResponse> {
    return this.request('PATCH', path, { headers, json });
  }
  put(path: string, json: unknown, headers: Readonly<Record<string, string>> = {}): Promise<TestResponse> {
    return this.request('PUT', path, { headers, json });
  }
  delete(path: string, headers: Readonly<Record<string, string>> = {}): Promise<TestResponse> {
    return this.request('DELETE', path, { headers });
  }

  /** Sends a form with a file in the field "file". */
  upload(
    path: string,
    fields: Readonly<Record<string, string>>,
    file?: TestFile,
    method: 'POST' | 'PUT' = 'POST',
  ): Promise<TestResponse> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    if (file !== undefined) {
      const bytes = typeof file.bytes === 'string' ? file.bytes : new Uint8Array(file.bytes);
      const type = file.type ?? 'application/octet-stream';
      form.append('file', new Blob([bytes], { type }), file.name);
    }
    return this.request(method, path, { raw: form });
  }

  /** Sends any request; headers given here win over the client's own, and an empty one is left out. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<TestResponse> {
    const response = await this.send(method, path, options);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const body: Json = isJson && text !== '' ? JSON.parse(text) : text;
    if (response.status >= 400 && method !== 'HEAD') assertProblem(response, body);
    const token: unknown = body?.data?.csrf_token;
    if (typeof token === 'string') this.csrfToken = token;
    return { status: response.status, headers: response.headers, body };
  }

  /** As {@link request}, with the answer unread: for bytes and event streams. */
  async send(
    method: string,
    path: string,
    options: RequestOptions & { readonly signal?: AbortSignal } = {},
  ): Promise<Response> {
    const own: Record<string, string> = {
      ...(this.cookies.size === 0 ? {} : { cookie: this.cookieHeader() }),
      ...(this.csrfToken === undefined ? {} : { 'x-csrf-token': this.csrfToken }),
      ...(this.authorization === undefined ? {} : { authorization: this.authorization }),
      // Tests of something else mean whatever version there is; those of conditions say so themselves.
      ...(['PATCH', 'PUT', 'DELETE'].includes(method) ? { 'if-match': '*' } : {}),
      ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    };
    const headers = Object.entries(own).filter(([, value]) => value !== '');
    const body = options.json === undefined ? options.raw : JSON.stringify(options.json);
    const response = await fetch(`${this.#url}${path.startsWith('/') ? path : `/api/v1/${path}`}`, {
      method,
      headers,
      body: (body ?? null) as NonNullable<RequestInit['body']> | null,
      redirect: 'manual',
      signal: options.signal ?? null,
    });
    this.#keepCookies(response);
    return response;
  }

  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keepCookies(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const { name, value = '', maxAge } = parseSetCookie(line);
      if (maxAge === 0) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

export interface TestUser {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  /** Logged in. */
  readonly client: HttpClient;
}

/** Registers a user of a random name, as a client would: token first, then the account. */
export async function registerUser(app: { readonly url: string }): Promise<TestUser> {
  const client = new HttpClient(app.url);
  await client.get('auth/csrf');
  const username = `u${randomBytes(6).toString('hex')}`;
  const account = {
    username,
    email: `${username}@example.org`,
    password: `pass phrase ${randomBytes(9).toString('hex')}`,
  };
  const response = await client.post('auth/register', account);
  if (response.status !== 201)
    throw new Error(`register: ${response.status} ${JSON.stringify(response.body)}`);
  return { ...account, id: response.body.data.user.id as string, client };
}
