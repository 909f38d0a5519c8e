/** What the product knows about one error: the HTTP status it is answered with and what a client should do. */
export interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  /** What the client or owner should do about it. */
  readonly remedy: string;
  /** Whether the same request or job may succeed later without being changed. */
  readonly retryable?: boolean;
  /** Failed attempts with this code after which a job is dead, where its kind would allow more. */
  readonly maxFailures?: number;
  /** Nobody's fault and over in time: a job waits for it as often as need be, and no attempt counts as failed. */
  readonly waits?: boolean;
  /** Faults of ours: logged as errors and counted. */
  readonly reportable?: boolean;
}

const entry = (
  status: number,
  title: string,
  remedy: string,
  more: Partial<ErrorEntry> = {},
): ErrorEntry => ({
  status,
  title,
  remedy,
  ...more,
});

/** Every error code there is. `docs/errors.md`, OpenAPI and the problem answers are made from this table. */
export const errorCatalog = {
  // requests
  'request.invalid': entry(
    400,
    'The request is not valid',
    'Correct the fields named in errors[] and send it again.',
  ),
  'request.malformed': entry(400, 'The request cannot be read', 'Send well-formed JSON or multipart data.'),
  'request.too_large': entry(413, 'The request body is too large', 'Send a smaller body.'),
  'request.timeout': entry(
    408,
    'The request took too long to arrive',
    'Send it again on a faster connection.',
  ),
  'request.headers_too_large': entry(
    431,
    'The request headers are too many or too large',
    'Send at most 100 headers of 16 kB together.',
  ),
  'request.media_type': entry(
    415,
    'The content type is not supported here',
    'Use a content type listed for this operation.',
  ),
  'request.not_acceptable': entry(
    406,
    'The answer comes in none of the accepted types',
    'Accept a content type listed for this operation.',
  ),
  'request.rate_limited': entry(429, 'Too many requests', 'Wait for the time given in Retry-After.', {
    retryable: true,
  }),
  'request.busy': entry(
    503,
    'Too many requests of this kind are in progress',
    'Try again after the time given in Retry-After.',
    { retryable: true },
  ),
  'route.not_found': entry(404, 'There is nothing at this address', 'Look the path up in /docs.'),
  'route.method_not_allowed': entry(
    405,
    'This method is not allowed here',
    'Use a method named in the Allow header.',
  ),
  'page.cursor_invalid': entry(
    400,
    'The cursor does not belong to this query',
    'Start again without a cursor.',
  ),
  'precondition.failed': entry(
    412,
    'The resource has changed since it was read',
    'Read it again and repeat the change.',
  ),
  'precondition.required': entry(
    428,
    'The change does not say which version it is made of',
    'Read the resource and send its ETag in If-Match, or its version with an operation of many.',
  ),
  'idempotency.key_reused': entry(
    422,
    'The Idempotency-Key belongs to another request',
    'Use a fresh key for every new request, and the same key only to repeat one.',
  ),
  'idempotency.in_progress': entry(
    409,
    'A request with this Idempotency-Key is still at work',
    'Send it again after the time given in Retry-After.',
    { retryable: true },
  ),
  'idempotency.answer_lost': entry(
    409,
    'The request was carried out before, but its answer can no longer be read',
    'Look for what it made in the lists; do not send it again under another key.',
  ),
  // GraphQL
  'graphql.syntax': entry(
    400,
    'The GraphQL document cannot be read',
    'Correct it at the line and column that are named.',
  ),
  'graphql.invalid': entry(
    400,
    'The GraphQL operation does not fit the schema',
    'Hold it against docs/schema.graphql; locations and path say where it is at fault.',
  ),
  'graphql.too_complex': entry(
    400,
    'The GraphQL operation asks for too much at once',
    'Ask for smaller pages or fewer levels, or send several operations.',
  ),
  'graphql.not_persisted': entry(
    400,
    'Only known GraphQL operations are carried out here',
    'Send an operation of the list that the operator has made, in the same letters.',
  ),
  'graphql.post_required': entry(
    400,
    'This cannot be asked for with GET',
    'Send the operation as JSON with POST.',
  ),
  'graphql.timeout': entry(
    503,
    'The GraphQL operation took too long',
    'Ask for smaller pages or fewer levels, or try again later.',
    { retryable: true },
  ),
  'batch.unsupported': entry(
    400,
    'This operation cannot be part of a batch',
    'Send it as a request of its own; see its description.',
  ),
  'batch.sensitive': entry(
    400,
    'An operation that asks for proof cannot be part of a batch',
    'Send it as a request of its own, with a fresh password or signed.',
  ),
  'batch.rolled_back': entry(
    424,
    'Another operation of the batch failed, and nothing has happened',
    'Correct the operation that has an error of its own, and send the batch again.',
  ),
  'batch.timed_out': entry(
    503,
    'The time of the batch was over before this operation began',
    'Send the operation again, in a smaller batch or alone.',
    { retryable: true },
  ),
  // accounts
  'auth.required': entry(401, 'Authentication is required', 'Log in and send the session cookie.'),
  'auth.invalid_credentials': entry(401, 'User name or password is wrong', 'Check both and try again.'),
  'auth.session_expired': entry(401, 'The session has ended', 'Log in again.'),
  'auth.csrf_invalid': entry(
    403,
    'The CSRF token is missing or not valid',
    'Get a token from /api/v1/auth/csrf and send it as x-csrf-token.',
  ),
  'auth.origin_forbidden': entry(
    403,
    'Requests from this origin are not allowed',
    'Add the origin to ALLOWED_ORIGINS or call from an allowed one.',
  ),
  'auth.session_required': entry(
    403,
    'This operation is not for API keys',
    'Log in with a browser session instead of sending a key.',
  ),
  'auth.ambiguous': entry(
    400,
    'The request carries both a session cookie and a bearer key',
    'Send one of the two.',
  ),
  'auth.key_invalid': entry(401, 'The API key is not valid', 'Check the key; it may have been revoked.'),
  'auth.key_expired': entry(401, 'The API key has expired', 'Make a new key.'),
  'auth.scope_missing': entry(
    403,
    'The API key lacks the scope of this operation',
    'Make a key with the scope named in the docs of the operation.',
  ),
  'auth.scope_exceeded': entry(
    403,
    'A key cannot be given more than its maker has',
    'Ask for fewer scopes, or for an earlier expiry.',
  ),
  'auth.reauthentication_required': entry(
    403,
    'The password must have been given within the last five minutes',
    'Send it to /api/v1/auth/reauthenticate, then repeat the request.',
  ),
  'auth.signature_required': entry(
    401,
    'This operation takes only signed requests from API keys',
    'Sign the request as docs/request-signing.md describes, with a key that has a public key.',
  ),
  'auth.signature_invalid': entry(
    401,
    'The signature of the request is not valid',
    'Compare with docs/request-signing.md; the detail says which rule was broken.',
  ),
  'auth.signature_expired': entry(
    401,
    'The signature is too old, too long-lived or from the future',
    'Set the clock, and sign for at most 300 seconds.',
  ),
  'auth.signature_replayed': entry(
    401,
    'This signature has been used before',
    'Sign every request anew, with a fresh nonce.',
  ),
  'auth.password_weak': entry(
    400,
    'The password is too easy to guess',
    'Choose a longer phrase that is not in lists of common passwords and not made of your name.',
  ),
  'auth.sign_up_closed': entry(403, 'Nobody can register here', 'Ask the operator for an account.'),
  'auth.invitation_invalid': entry(
    403,
    'The invitation code is missing, used or not valid',
    'Ask the operator for a new code.',
  ),
  'auth.reset_invalid': entry(
    400,
    'The token for a new password is not valid',
    'It may be used or have expired: ask for a new one.',
  ),
  'session.not_found': entry(
    404,
    'There is no such session',
    'It may have ended; only your own sessions are visible.',
  ),
  'auth.forbidden': entry(403, 'This account may not do that', 'Ask an administrator.'),
  'api_key.not_found': entry(
    404,
    'There is no such API key',
    'Check the id; only your own keys are visible.',
  ),
  'api_key.too_many': entry(
    409,
    'The account has as many keys as it may have',
    'Revoke one that is not used.',
  ),
  'user.not_found': entry(404, 'There is no such user', 'Check the user name or e-mail address.'),
  'user.deletion_pending': entry(
    403,
    'This account is about to be deleted',
    'Send the same name and password to POST /api/v1/auth/restore to keep it.',
  ),
  'export.not_found': entry(404, 'There is no such export', 'Ask for a new one; exports expire.'),
  'export.not_ready': entry(409, 'The export is not complete', 'Wait until its job has finished.'),
  'user.username_taken': entry(409, 'The user name is taken', 'Choose another user name.'),
  'user.email_taken': entry(409, 'The e-mail address is taken', 'Log in, or use another address.'),
  // assistants
  'assistant.not_found': entry(
    404,
    'There is no such assistant',
    'Check the id; only your own assistants are visible.',
  ),
  'assistant.slug_taken': entry(
    409,
    'Another assistant already has this slug',
    'Choose another name or slug.',
  ),
  'assistant.in_use': entry(
    409,
    'The assistant still has something',
    'Delete what the detail counts first, or delete with force=true (its children stay) or cascade=true.',
  ),
  'assistant.cycle': entry(
    409,
    'The assistant would be its own ancestor',
    'Choose a parent outside of its family, or null.',
  ),
  'assistant.too_deep': entry(409, 'The family would be too deep', 'Choose a parent nearer to the root.'),
  'assistant.too_many_children': entry(
    409,
    'The parent has as many children as it may have',
    'Choose another parent, or delete a child that is not used.',
  ),
  // prompts
  'prompt.not_found': entry(
    404,
    'There is no such prompt',
    'Check the id; only your own prompts are visible.',
  ),
  'prompt.slug_taken': entry(409, 'Another prompt already has this slug', 'Choose another title or slug.'),
  'prompt.in_use': entry(
    409,
    'The prompt is the system prompt of assistants',
    'Give those assistants another system prompt first.',
  ),
  'prompt.not_system': entry(
    409,
    'Only prompts of type system can be the system prompt of an assistant',
    'Choose another prompt, or change the type of this one.',
  ),
  // memories
  'memory.not_found': entry(
    404,
    'There is no such memory',
    'Check the id; only your own memories are visible.',
  ),
  'memory.duplicate': entry(
    409,
    'The assistant already remembers this text',
    'Change that memory instead, or delete it first.',
  ),
  'memory_chain.not_found': entry(
    404,
    'There is no such chain of memories',
    'Check the id; only your own chains are visible.',
  ),
  'memory_chain.automatic': entry(
    409,
    'An automatic chain chooses its memories itself',
    'Change its filters, or make it a manual one.',
  ),
  'memory_chain.order_mismatch': entry(
    409,
    'The order does not name exactly the memories of the chain',
    'Read the entries again and send each of them once.',
  ),
  'memory_chain.other_assistant': entry(
    422,
    'A chain takes memories of its own assistant only',
    'Leave out the memories named in errors[].',
  ),
  'memory_chain.empty': entry(409, 'The chain has no memories to sum up', 'Add memories first.'),
  // documents
  'document.not_found': entry(
    404,
    'There is no such document',
    'Check the id; only your own documents are visible.',
  ),
  'document.file_missing': entry(
    400,
    'The request carries no file',
    'Send the file as the multipart field "file".',
  ),
  'document.too_large': entry(413, 'The file is too large', 'Split it, or raise UPLOAD_MAX_BYTES.'),
  'document.empty': entry(422, 'The file holds no content', 'Upload a file that has text in it.'),
  'document.type_unsupported': entry(
    415,
    'Only PDF and plain text are taken in',
    'Convert the file to PDF or UTF-8 text.',
  ),
  'document.type_mismatch': entry(
    415,
    'The content is not what the file name says',
    'Give the file the extension of its real type.',
  ),
  'document.encoding_invalid': entry(
    415,
    'The text is neither valid UTF-8 nor UTF-16 with a byte order mark',
    'Save the file as UTF-8.',
  ),
  'document.truncated': entry(422, 'The PDF ends before its end', 'Upload the complete file again.'),
  'document.damaged': entry(
    422,
    'The PDF cannot be opened',
    'Open and re-save it with a PDF program, then upload that.',
  ),
  'document.encrypted': entry(
    422,
    'The PDF is protected by a password',
    'Remove the password and upload it again.',
  ),
  'document.no_text': entry(
    422,
    'The document has no text in it',
    'Run text recognition (OCR) over it and upload the result.',
  ),
  'document.too_many_pages': entry(422, 'The PDF has too many pages', 'Split it into smaller files.'),
  'document.too_much_text': entry(422, 'The document has too much text', 'Split it into smaller files.'),
  'document.extraction_timeout': entry(
    422,
    'Reading the PDF took too long',
    'Re-save or split the file, then upload it again.',
  ),
  'document.extraction_memory': entry(
    422,
    'Reading the PDF needed too much memory',
    'Re-save or split the file, then upload it again.',
  ),
  'document.extraction_crashed': entry(
    422,
    'Reading the PDF failed twice',
    'Re-save the file with a PDF program, then upload that.',
    { retryable: true, maxFailures: 2 },
  ),
  'document.cancelled': entry(
    409,
    'The ingestion was cancelled',
    'Retry the document to take it in after all.',
  ),
  'document.not_ready': entry(
    409,
    'The document is still being processed',
    'Wait until its job has finished.',
  ),
  'document.not_retryable': entry(
    409,
    'Only failed and partial documents can be retried',
    'Nothing needs doing.',
  ),
  'document.pages_failed': entry(
    422,
    'Some pages could not be read',
    'Re-save the file with a PDF program, then upload that.',
  ),
  'document.chunks_failed': entry(422, 'Some of the document could not be embedded', 'Retry the document.', {
    retryable: true,
  }),
  'document.chunks_refused': entry(
    422,
    'The embedding model in use refuses some of the document',
    'It is searched without these passages by meaning, and with them by words. Tell the operator, or upload another version.',
  ),
  'document.not_findable': entry(
    422,
    'Search does not find the document by its own text',
    'It is tried again; retry the document, and report it if it stays.',
    { retryable: true, reportable: true },
  ),
  'document.bytes_taken': entry(
    409,
    'Another document of this assistant has these bytes',
    'Use that document, or delete it first.',
  ),
  // quotas
  'quota.exceeded': entry(
    409,
    'The quota of this account is used up',
    'Delete documents, or ask an administrator for a larger quota; GET /api/v1/auth/usage shows both.',
  ),
  'quota.daily_exceeded': entry(
    429,
    'The quota of this day is used up',
    'Wait for the next day (UTC), or ask an administrator for a larger quota.',
    { retryable: true, waits: true },
  ),
  // jobs
  'job.not_found': entry(404, 'There is no such job', 'Check the id; only your own jobs are visible.'),
  'job.finished': entry(409, 'The job has already ended', 'Nothing needs doing.'),
  'job.timeout': entry(
    504,
    'The job took too long',
    'It is tried again; retry the document if it ends as dead.',
    { retryable: true },
  ),
  'job.worker_lost': entry(
    500,
    'The workers running the job kept dying',
    'Retry it; look at the worker logs if it happens again.',
    { reportable: true },
  ),
  'job.payload_invalid': entry(500, 'The job cannot be read', 'Report this with the correlation id.', {
    reportable: true,
  }),
  'job.payload_unknown': entry(
    503,
    'The job was written in a form that this worker does not know',
    'It waits for a worker of another version; finish the upgrade.',
    { retryable: true, waits: true },
  ),
  'job.not_replayable': entry(
    409,
    'The dead job cannot be run again',
    'Its document was deleted or taken in anew, or the same work is under way: discard it.',
  ),
  'job.priority_limit': entry(
    409,
    'You have too many documents of high priority under way',
    'Wait until some of them are done, or send it with a lower priority.',
  ),
  // webhooks
  'webhook.secret_missing': entry(
    409,
    'There is no secret to sign webhooks with',
    'Make one with POST /api/v1/webhooks/secret first.',
  ),
  'webhook.url_forbidden': entry(
    422,
    'The address of the webhook cannot be used',
    'Use a public https address; for others, ask the operator to add the host to PROVIDER_ALLOWED_HOSTS.',
  ),
  'webhook.unreachable': entry(
    502,
    'The receiver of the webhook cannot be reached',
    'It is tried again; check the address and the receiver.',
    { retryable: true },
  ),
  'webhook.throttled': entry(503, 'The receiver of the webhook asks us to slow down', 'It is tried again.', {
    retryable: true,
  }),
  'webhook.refused': entry(
    502,
    'The receiver of the webhook did not accept the message',
    'It is tried again; answer with a status of 200 to 299.',
    { retryable: true },
  ),
  'webhook.gone': entry(
    410,
    'The receiver of the webhook wants no messages any more',
    'Leave webhook_url out, or give another one.',
  ),
  // mail
  'mail.unavailable': entry(503, 'The mail server cannot be reached', 'Ask for the mail again in a while.', {
    retryable: true,
    reportable: true,
  }),
  // embedding and search
  'embedding.unavailable': entry(503, 'The embedding provider cannot be reached', 'It is tried again.', {
    retryable: true,
    reportable: true,
  }),
  'embedding.throttled': entry(503, 'The embedding provider asks us to slow down', 'It is tried again.', {
    retryable: true,
  }),
  'embedding.rejected': entry(
    502,
    'The embedding provider refused the request',
    'Check the model, the key and the base URL.',
    { reportable: true },
  ),
  'embedding.dimension_mismatch': entry(
    502,
    'The embedding has the wrong number of dimensions',
    'Set EMBEDDING_DIMENSIONS to what the model returns.',
    { reportable: true },
  ),
  'embedding.model_unavailable': entry(
    409,
    'There is no embedder of this model here',
    'Operators: correct provider, name and dimensions, or set EMBEDDING_BASE_URL or EMBEDDING_NEXT_BASE_URL to where the model is.',
  ),
  'embedding_model.not_found': entry(
    404,
    'There is no such embedding model',
    'GET /api/v1/admin/embedding-models lists them.',
  ),
  'embedding_model.incomplete': entry(
    409,
    'The vectors of this model are not complete',
    'Build it, and wait until it is complete. What it refuses is listed; accept_refused=true puts it in use without that.',
  ),
  'embedding_model.in_use': entry(
    409,
    'Searches use this model',
    'Activate another one first, or leave it as it is.',
  ),
  'embedding_model.dropping': entry(
    409,
    'The vectors of this model are being removed',
    'Wait until its state is "dropped", then register it again.',
  ),
  'embedding_model.no_previous': entry(
    409,
    'There is no model to go back to',
    'The one used before was dropped, or there never was another.',
  ),
  // conversations and completion
  'conversation.not_found': entry(
    404,
    'There is no such conversation',
    'Check the id; only your own conversations are visible.',
  ),
  'conversation.archived': entry(
    409,
    'The conversation is archived',
    'Restore it with POST /api/v1/conversations/{id}/restore, or post a message to it.',
  ),
  'conversation.busy': entry(
    409,
    'A reply is being made in this conversation',
    'Wait until it has ended, or cancel it.',
    { retryable: true },
  ),
  'conversation.full': entry(
    409,
    'The conversation has as many messages as it may have',
    'Go on in a new conversation.',
  ),
  'message.not_found': entry(
    404,
    'There is no such message',
    'Check the id; only your own messages are visible, and those of an archived conversation not one by one.',
  ),
  'message.not_pending': entry(409, 'The reply has already ended', 'Nothing needs doing.'),
  'message.not_a_reply': entry(
    409,
    'Only a completed reply can be given feedback',
    'Name a message of the assistant that is completed.',
  ),
  'message.interrupted': entry(
    500,
    'The reply was broken off by a stop of the service',
    'Send the message again.',
    { retryable: true },
  ),
  'completion.unavailable': entry(503, 'The completion provider cannot be reached', 'Try again.', {
    retryable: true,
    reportable: true,
  }),
  'completion.throttled': entry(
    503,
    'The completion provider asks us to slow down',
    'Try again after the time given in Retry-After.',
    { retryable: true },
  ),
  'completion.rejected': entry(
    502,
    'The completion provider refused the request',
    'Check the model, the key, the base URL and the size of the prompt.',
    { reportable: true },
  ),
  'completion.context_exceeded': entry(
    422,
    'The message does not fit into the context',
    'Shorten the message or the system prompt, or raise COMPLETION_CONTEXT_TOKENS.',
  ),
  'assistant.inactive': entry(
    409,
    'The assistant is switched off',
    'Set is_active to true before you talk to it.',
  ),
  // reflections
  'reflection.not_found': entry(
    404,
    'There is no such reflection',
    'Check the id; only your own reflections are visible.',
  ),
  'reflection.pending': entry(
    409,
    'A reflection of this kind is being written',
    'Wait until it has ended, or send "force": true.',
    { retryable: true },
  ),
  'reflection.idle': entry(
    409,
    'There is nothing new to reflect on',
    'Come back when something has happened, or send "force": true.',
  ),
  'reflection.no_material': entry(
    422,
    'There is nothing that the reflection could draw on',
    'Add memories, messages or documents first, then ask again.',
  ),
  // integrations
  'credential.not_found': entry(
    404,
    'There is no such credential',
    'Check the id; only your own credentials are visible.',
  ),
  'credential.label_taken': entry(
    409,
    'Another credential of this provider has this label',
    'Choose another label, or rotate that credential.',
  ),
  'credential.limit_reached': entry(409, 'There are too many credentials', 'Delete those you do not use.'),
  'credential.base_url_forbidden': entry(
    422,
    'The base URL cannot be used',
    'Use a public https address; for others, ask the operator to add the host to PROVIDER_ALLOWED_HOSTS.',
  ),
  'credential.rejected': entry(
    422,
    'The provider refused your stored credential',
    'Rotate the credential or delete it, then retry.',
  ),
  'credential.key_missing': entry(
    500,
    'The key of a stored credential is missing',
    'Operators: put the key back into CREDENTIAL_KEYS.',
    { reportable: true },
  ),
  'credential.key_in_use': entry(
    409,
    'The key still encrypts credentials',
    'Operators: run "npm run manage -- credentials rewrap" first.',
  ),
  'credential.unreadable': entry(
    500,
    'A stored credential cannot be decrypted',
    'Rotate the credential; operators: run "npm run manage -- credentials verify".',
    { reportable: true },
  ),
  // the service
  'service.unavailable': entry(
    503,
    'The service is not available right now',
    'Try again after the time given in Retry-After.',
    { retryable: true, reportable: true },
  ),
  'internal.error': entry(
    500,
    'Something went wrong on our side',
    'Try again; report it with the correlation id if it stays.',
    { retryable: true, reportable: true },
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalog;

/** Looks an error code up. */
export function errorEntry(code: ErrorCode): ErrorEntry {
  return errorCatalog[code];
}
