/** An answer of the API that was not a success; the message is the problem's own words. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A client with a cookie jar and the CSRF token of its session: what a browser keeps, and nothing else. */
export class ApiClient {
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();
  #csrfToken: string | undefined;

  constructor(origin: string) {
    this.#origin = origin;
  }

  get<T>(path: string): Promise<T> {
    return this.#send<T>('GET', path);
  }

  /** @throws ApiProblem when the answer is not a success */
  async post<T>(path: string, body: FormData | Record<string, unknown>): Promise<T> {
    this.#csrfToken ??= (await this.get<{ csrf_token: string }>('/auth/csrf')).csrf_token;
    return this.#send<T>('POST', path, body);
  }

  /** Access tokens live for minutes; the refresh token gets a new one, once, and the request is repeated. */
  async #send<T>(method: string, path: string, body?: FormData | Record<string, unknown>): Promise<T> {
    try {
      return await this.#sendOnce<T>(method, path, body);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401 || path.startsWith('/auth/')) throw error;
      await this.#sendOnce('POST', '/auth/refresh');
      return this.#sendOnce<T>(method, path, body);
    }
  }

  async #sendOnce<T>(method: string, path: string, body?: FormData | Record<string, unknown>): Promise<T> {
    const headers = new Headers({ accept: 'application/json', origin: this.#origin });
    if (this.#cookies.size > 0)
      headers.set('cookie', [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    if (method !== 'GET' && this.#csrfToken !== undefined) headers.set('x-csrf-token', this.#csrfToken);
    if (body !== undefined && !(body instanceof FormData)) headers.set('content-type', 'application/json');
    const response = await fetch(`${this.#origin}/api/v1${path}`, {
      method,
      headers,
      body: body === undefined || body instanceof FormData ? (body ?? null) : JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    this.#keepCookies(response.headers.getSetCookie());
    const answer = (await response.json()) as {
      data: T & { csrf_token?: string };
      code?: string;
      detail?: string;
    };
    if (!response.ok)
      throw new ApiProblem(
        response.status,
        `${method} ${path}: ${response.status} ${answer.code ?? ''} ${answer.detail ?? ''}`.trim(),
      );
    // A login makes a new session, and a session has a token of its own.
    this.#csrfToken = answer.data.csrf_token ?? this.#csrfToken;
    return answer.data;
  }

  #keepCookies(lines: readonly string[]): void {
    for (const line of lines) {
      const pair = line.split(';', 1)[0] ?? '';
      const at = pair.indexOf('=');
      if (at > 0) this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
}
