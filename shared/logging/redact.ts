import { AppError } from '../errors/app-error.ts';

const REDACTED = '[redacted]';

/** Names of what is never written, in lower case and without dashes and underscores. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  'password',
  'newpassword',
  'currentpassword',
  'passwordhash',
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'xcsrftoken',
  'csrftoken',
  'csrfsecret',
  'token',
  'accesstoken',
  'refreshtoken',
  'secret',
  'clientsecret',
  'apikey',
  'xapikey',
  'signingkeys',
  'credentialkeys',
  'databaseurl',
  'url',
  'queueurl',
  'cacheurl',
]);

const isSecret = (name: string): boolean => SECRET_NAMES.has(name.toLowerCase().replace(/[-_]/g, ''));

/** Deeper than anything is logged; what goes on in circles ends here. */
const DEEPEST = 5;

/** A copy of what is to be logged without secrets: by the names of fields, however deep, and by their look in texts. */
export function redact(fields: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields))
    result[name] = isSecret(name) && value !== undefined ? REDACTED : redactValue(value, depth);
  return result;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return scrub(value);
  // Errors are written by their serializer.
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date)
    return value;
  if (depth === DEEPEST) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return redact(value as Record<string, unknown>, depth + 1);
}

/** Credentials before the @ of a URL, and values of query fields with the name of a secret: drivers repeat such addresses. */
const IN_URL = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi;
const IN_QUERY = /([?&](?:[a-z]+[-_])?(?:token|key|secret|password|signature|code)=)[^\s&#"']+/gi;
const SCHEMES = /\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}/gi;
/** API keys of this product and of providers. */
const KEYS = /\b(sk-|whsec_|dk_)[\w-]{8,}/g;

/** A text without what looks like a secret in it. */
export const scrub = (text: string): string =>
  text
    .replace(IN_URL, `$1${REDACTED}@`)
    .replace(IN_QUERY, `$1${REDACTED}`)
    .replace(SCHEMES, `$1 ${REDACTED}`)
    .replace(KEYS, `$1${REDACTED}`);

/** Of errors that stand for several so many are written. */
const MOST_ERRORS = 3;

/** An error with its cause, as far as somebody may read it who looks for a fault. */
export function serializeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: scrub(String(error)) };
  return {
    name: error.name,
    ...(error instanceof AppError
      ? { code: error.code, detail: scrub(error.detail) }
      : { code: textOf((error as { code?: unknown }).code) }),
    message: scrub(error.message),
    stack: error.stack === undefined ? undefined : scrub(error.stack),
    ...(error.cause === undefined || depth === DEEPEST
      ? {}
      : { cause: serializeError(error.cause, depth + 1) }),
    ...(error instanceof AggregateError && depth < DEEPEST
      ? { errors: error.errors.slice(0, MOST_ERRORS).map((one) => serializeError(one, depth + 1)) }
      : {}),
  };
}

/** Codes are texts or numbers; anything else that an error calls its code is nobody's to index. */
const textOf = (code: unknown): string | undefined =>
  typeof code === 'string' || typeof code === 'number' ? scrub(String(code)) : undefined;
