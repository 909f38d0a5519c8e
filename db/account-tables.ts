/** How a table takes part in the export of an account. */
export interface ExportedTable {
  /** Columns that stay behind: hashes and secrets, and what is kept elsewhere in the export or made from other columns. */
  readonly without?: readonly string[];
  /** Rows read at a time; fewer where one row may be large. */
  readonly batch?: number;
}

/**
 * Every table with a `user_id` is here or in {@link notExported}; a test walks the schema. `users` itself is exported by
 * its id.
 */
export const exportedTables: Readonly<Record<string, ExportedTable>> = {
  users: { without: ['password_hash'] },
  sessions: { without: ['salt', 'generation'] },
  password_resets: { without: ['token_hash'] },
  invitations: { without: ['code_hash'] },
  api_keys: { without: ['secret_hash'] },
  audit_events: {},
  integration_credentials: { without: ['key_id', 'wrapped_key', 'ciphertext'] },
  prompts: { without: ['title_key'] },
  assistants: { without: ['name_key'] },
  assistant_profiles: {},
  assistant_capabilities: {},
  assistant_skills: {},
  assistant_metrics: {},
  delegation_events: {},
  conversations: {},
  // Those of archives follow the others in the same file.
  messages: {},
  conversation_archives: { without: ['content'] },
  memories: { without: ['search_vector', 'near_keys'] },
  memory_embeddings: {},
  memory_chains: {},
  memory_chain_entries: {},
  reflections: {},
  documents: {},
  document_files: { without: ['content'] },
  document_revisions: {},
  document_texts: { batch: 1 },
  document_chunks: { without: ['search_vector'] },
  chunk_embeddings: {},
  jobs: { without: ['fence', 'lease_expires_at', 'dedupe_key', 'worker', 'place', 'superseded'] },
  job_attempts: { without: ['fence', 'worker'] },
  webhook_secrets: { without: ['key_id', 'wrapped_key', 'ciphertext'] },
  retrievals: { without: ['counted'] },
  user_quotas: {},
  embedding_usage: {},
  completion_usage: {},
  account_exports: { without: ['fence'] },
};

/** Tables that hold rows of users and are left out, with the reason. */
export const notExported: Readonly<Record<string, string>> = {
  text_statistics: 'sums over the document chunks, which are exported',
  term_statistics: 'counts of the words of the document chunks, which are exported',
  retrieval_hits: 'which chunks and memories searches returned a moment ago',
  signature_nonces: 'random numbers of signed requests, kept for minutes',
  idempotency_keys: 'encrypted copies of answers, kept for a day',
  account_export_parts: 'the bytes of earlier exports',
};

/** Tables that may hold so many rows of one user that a purge takes them in steps; children stand before parents. */
export const purgedInSteps: readonly { readonly table: string; readonly rows: number }[] = [
  { table: 'chunk_embeddings', rows: 2_000 },
  { table: 'memory_embeddings', rows: 2_000 },
  { table: 'retrieval_hits', rows: 10_000 },
  { table: 'memory_chain_entries', rows: 5_000 },
  { table: 'reflections', rows: 2_000 },
  { table: 'delegation_events', rows: 5_000 },
  { table: 'memories', rows: 2_000 },
  { table: 'messages', rows: 2_000 },
  { table: 'conversation_archives', rows: 100 },
  { table: 'document_chunks', rows: 2_000 },
  { table: 'document_texts', rows: 50 },
  { table: 'document_files', rows: 20 },
  { table: 'document_revisions', rows: 2_000 },
  { table: 'account_export_parts', rows: 100 },
  { table: 'idempotency_keys', rows: 2_000 },
  { table: 'term_statistics', rows: 10_000 },
  { table: 'retrievals', rows: 10_000 },
  { table: 'job_attempts', rows: 5_000 },
  { table: 'jobs', rows: 2_000 },
  { table: 'documents', rows: 500 },
  { table: 'audit_events', rows: 5_000 },
];
