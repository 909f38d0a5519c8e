import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export interface Answer<T> {
  readonly status: number;
  readonly data: T;
  readonly code: string | undefined;
}

export interface BenchClient {
  /** Sends one request below `/api/v1`, again whenever the API asks to wait; problems are returned, not thrown. */
  send<T>(method: string, path: string, body?: unknown): Promise<Answer<T>>;
  /** Uploads a file with its fields; waits as `send` does. */
  upload<T>(path: string, fields: Readonly<Record<string, string>>, file: BenchFile): Promise<Answer<T>>;
}

export interface BenchFile {
  readonly name: string;
  readonly bytes: Buffer;
}

interface Session {
  readonly origin: string;
  readonly cookies: Map<string, string>;
  csrfToken: string;
}

/** Makes a throw-away account and returns a client that is logged in with it. */
export async function registerBenchAccount(origin: string): Promise<BenchClient> {
  const session: Session = { origin: new URL(origin).origin, cookies: new Map(), csrfToken: '' };
  const client: BenchClient = {
    send: (method, path, body) => send(session, method, path, body),
    upload: (path, fields, { name, bytes }) => {
      const form = new FormData();
      for (const [field, value] of Object.entries(fields)) form.append(field, value);
      form.append('file', new Blob([new Uint8Array(bytes)]), name);
      return send(session, 'POST', path, form);
    },
  };
  const { data: csrf } = await client.send<{ csrf_token: string }>('GET', '/auth/csrf');
  session.csrfToken = csrf.csrf_token;
  const username = `bench-${randomBytes(5).toString('hex')}`;
  const registered = await client.send<{ csrf_token: string }>('POST', '/auth/register', {
    username,
    email: `${username}@example.org`,
    password: randomBytes(18).toString('base64url'),
  });
  if (registered.status !== 201) throw new Error(`no account: ${registered.status} ${registered.code ?? ''}`);
  session.csrfToken = registered.data.csrf_token;
  return client;
}

async function send<T>(session: Session, method: string, path: string, body: unknown): Promise<Answer<T>> {
  for (;;) {
    const response = await fetch(`${session.origin}/api/v1${path}`, {
      method,
      headers: {
        // Nobody else has a hand in what it made.
        ...(method === 'DELETE' && { 'if-match': '*' }),
        origin: session.origin,
        cookie: [...session.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(method === 'GET' ? {} : { 'x-csrf-token': session.csrfToken }),
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(120_000),
    });
    keepCookies(session, response);
    const text = await response.text();
    if (response.status === 429 || response.status === 503) {
      await pause(1000 * Math.max(1, Number(response.headers.get('retry-after') ?? 1)));
      continue;
    }
    // Access tokens live for minutes, a benchmark may take longer.
    if (response.status === 401 && !path.startsWith('/auth/')) {
      const refreshed = await send(session, 'POST', '/auth/refresh', undefined);
      if (refreshed.status === 200) continue;
    }
    const answer = (text === '' ? {} : JSON.parse(text)) as { data?: T; code?: string };
    return { status: response.status, data: answer.data as T, code: answer.code };
  }
}

function keepCookies({ cookies }: Session, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) cookies.set(name, value);
  }
}
