/**
 * Answers of these features show secrets: CSRF tokens, keys, codes. Beside text that somebody else may have chosen, the
 * length of the packed answer would tell them letter by letter (BREACH; Gluck, Harris and Prado, 2013).
 */
const SECRET_TAGS: ReadonlySet<string> = new Set(['auth', 'api-keys', 'integrations']);

/** Whether the answers of an endpoint may hold a secret; they are neither packed nor kept by anybody. */
export const showsSecrets = (endpoint: { readonly tag: string } | undefined): boolean =>
  endpoint === undefined || SECRET_TAGS.has(endpoint.tag);
