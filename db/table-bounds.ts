/** What keeps a table from growing for ever. */
export type Bound =
  /** The owner makes, sees and deletes its rows; they go with the account. */
  | 'owner'
  /** Rows hang on a row of another table, a limited number on each, or sums of it. */
  | 'hangs on'
  /** Each row has an end, after which a round of maintenance removes it (`expiringTables`). */
  | 'expires'
  /** It is kept for the days of a setting (`clearHistory`). */
  | 'history'
  /** The cache's sweep puts one row in the place of many. */
  | 'swept'
  /** It has as many rows as the product or its operator makes. */
  | 'fixed';

/** Every table of the schema; a test holds this list against it, so that no new one grows unnoticed. */
export const tableBounds: Readonly<Record<string, Bound>> = {
  users: 'owner',
  api_keys: 'owner',
  integration_credentials: 'owner',
  assistants: 'owner',
  prompts: 'owner',
  conversations: 'owner',
  messages: 'owner',
  memories: 'owner',
  memory_chains: 'owner',
  memory_chain_entries: 'owner',
  reflections: 'owner',
  delegation_events: 'owner',
  assistant_skills: 'owner',

  assistant_profiles: 'hangs on',
  assistant_capabilities: 'hangs on',
  assistant_metrics: 'hangs on',
  conversation_archives: 'hangs on',
  memory_embeddings: 'hangs on',
  document_files: 'hangs on',
  document_revisions: 'hangs on',
  document_texts: 'hangs on',
  document_chunks: 'hangs on',
  chunk_embeddings: 'hangs on',
  text_statistics: 'hangs on',
  term_statistics: 'hangs on',
  job_attempts: 'hangs on',
  user_quotas: 'hangs on',
  webhook_secrets: 'hangs on',

  // Those that were deleted; the others are their owner's.
  documents: 'expires',
  sessions: 'expires',
  password_resets: 'expires',
  invitations: 'expires',
  signature_nonces: 'expires',
  idempotency_keys: 'expires',
  canary_runs: 'expires',
  workers: 'expires',
  retrieval_hits: 'expires',
  embedding_usage: 'expires',
  completion_usage: 'expires',
  account_exports: 'expires',
  account_export_parts: 'expires',

  jobs: 'history',
  audit_events: 'history',
  retrievals: 'history',

  cache_marks: 'swept',

  embedding_models: 'fixed',
  credential_keys: 'fixed',
  maintenance_runs: 'fixed',
  schema_migrations: 'fixed',
  schema_migrations_lock: 'fixed',
};
