import type { TestDatabase } from './test-database.ts';

/** Ids that {@link insertLife} gives: the things that hold the others are number 1 of their kind. */
export type Kind =
  | 'assistant'
  | 'prompt'
  | 'document'
  | 'conversation'
  | 'message'
  | 'memory'
  | 'chain'
  | 'reflection'
  | 'job';

/** Statements that store rows for each user of $1, numbered 1 to $2; an id is a hash of kind and user, and the number. */
const INSERTS: readonly string[] = [
  `insert into assistants (id, user_id, slug, name, parent_id, depth)
   select (substr(md5('assistant' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, 'life-' || n, 'Life ' || n,
     case when n > 1 then (substr(md5('assistant' || u), 1, 16) || lpad(to_hex(1), 16, '0'))::uuid end, (n > 1)::int
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n order by n`,
  `insert into assistant_profiles (assistant_id, user_id) select id, user_id from assistants where user_id = any($1) and $2 > 0
   on conflict do nothing`,
  `insert into assistant_capabilities (assistant_id, user_id) select id, user_id from assistants
   where user_id = any($1) and $2 > 0 on conflict do nothing`,
  `insert into assistant_metrics (assistant_id, user_id) select id, user_id from assistants where user_id = any($1) and $2 > 0
   on conflict do nothing`,
  `insert into prompts (id, user_id, slug, title, type, content)
   select (substr(md5('prompt' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, 'prompt-' || n, 'Prompt ' || n, 'system', 'Be kind.'
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
  `insert into delegation_events (id, user_id, parent_assistant_id, child_assistant_id, reason)
   select (substr(md5('delegation' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, (substr(md5('assistant' || u), 1, 16) || lpad(to_hex(1), 16, '0'))::uuid, (substr(md5('assistant' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, 'Why not'
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
  `insert into documents (id, user_id, assistant_id, title, source_type, filename, mime_type, size, sha256, language, status,
     live_revision, chunk_count)
   select (substr(md5('document' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, (substr(md5('assistant' || u), 1, 16) || lpad(to_hex(1), 16, '0'))::uuid, 'Document ' || n, 'text', 'a.txt', 'text/plain', 1,
     sha256((u::text || n)::bytea), 'english', 'completed', 1, $2
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
  `insert into document_files (document_id, user_id, assistant_id, source_type, filename, mime_type, size, sha256, content)
   select id, user_id, assistant_id, source_type, filename, mime_type, size, sha256, 'x' from documents
   where user_id = any($1) and title = 'Document 1' and $2 > 0`,
  `insert into document_revisions (document_id, revision, user_id) select id, 1, user_id from documents
   where user_id = any($1) and $2 > 0`,
  `insert into document_texts (document_id, revision, user_id, content)
   select (substr(md5('document' || u), 1, 16) || lpad(to_hex(1), 16, '0'))::uuid, 1, u, 'x' from unnest($1::uuid[]) u where $2 > 0`,
  `insert into document_chunks (id, user_id, assistant_id, document_id, revision, position, text, char_start, char_end,
     token_count, fingerprint, search_vector)
   select (substr(md5('chunk' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, (substr(md5('assistant' || u), 1, 16) || lpad(to_hex(1), 16, '0'))::uuid, (substr(md5('document' || u), 1, 16) || lpad(to_hex(1), 16, '0'))::uuid, 1, n - 1, 'Hay ' || n,
     0, 5, 2, sha256((u::text || n)::bytea), to_tsvector('english', 'hay')
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
  `insert into jobs (id, user_id, type, queue, priority, status, finished_at)
   select (substr(md5('job' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, 'document.ingest', null, 'medium', 'succeeded', now()
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
  `insert into job_attempts (job_id, user_id, fence, attempt, outcome, ended_at)
   select (substr(md5('job' || u), 1, 16) || lpad(to_hex(1), 16, '0'))::uuid, u, n, n, 'retry', now()
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
  `insert into conversations (id, user_id, assistant_id, title, message_count)
   select (substr(md5('conversation' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, (substr(md5('assistant' || u), 1, 16) || lpad(to_hex(1), 16, '0'))::uuid, 'Talk ' || n, case when n = 1 then $2 else 0 end
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
  `insert into messages (id, user_id, conversation_id, role, content)
   select (substr(md5('message' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, (substr(md5('conversation' || u), 1, 16) || lpad(to_hex(1), 16, '0'))::uuid, 'user', 'Message ' || n
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
  `insert into memories (id, user_id, assistant_id, title, event, language, token_count, fingerprint, search_vector)
   select (substr(md5('memory' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, (substr(md5('assistant' || u), 1, 16) || lpad(to_hex(1), 16, '0'))::uuid, 'Memory ' || n, 'Event ' || n, 'english', 2,
     sha256((u::text || n)::bytea), to_tsvector('english', 'event')
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
  `insert into memory_chains (id, user_id, assistant_id, title, entry_count)
   select (substr(md5('chain' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, (substr(md5('assistant' || u), 1, 16) || lpad(to_hex(1), 16, '0'))::uuid, 'Chain ' || n, case when n = 1 then $2::int else 0 end
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
  `insert into memory_chain_entries (chain_id, memory_id, user_id, position)
   select (substr(md5('chain' || u), 1, 16) || lpad(to_hex(1), 16, '0'))::uuid, (substr(md5('memory' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, n - 1
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
  `insert into reflections (id, user_id, assistant_id, type, status, completed_at, rating, content)
   select (substr(md5('reflection' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, (substr(md5('assistant' || u), 1, 16) || lpad(to_hex(1), 16, '0'))::uuid, 'feedback', 'completed', now(), 4, 'Good ' || n
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
  `insert into api_keys (id, user_id, label, prefix, secret_hash, scopes, expires_at)
   select (substr(md5('key' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, 'Key ' || n, 'dk_' || substr(md5(u::text || n), 1, 8), sha256('x'), '{search}',
     now() + interval '1 day'
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n on conflict do nothing`,
  `insert into sessions (id, user_id, expires_at, idle_expires_at)
   select (substr(md5('session' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, now() + interval '1 day', now() + interval '1 day'
   from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
  `insert into audit_events (id, user_id, actor_id, action)
   select (substr(md5('audit' || u), 1, 16) || lpad(to_hex(n), 16, '0'))::uuid, u, u, 'life.goes_on' from unnest($1::uuid[]) u, generate_series(1, $2::int) n`,
];

/** Id of the first thing of a kind that {@link insertLife} stored for a user. */
export async function lifeId(
  { sql }: Pick<TestDatabase, 'sql'>,
  kind: Kind,
  userId: string,
): Promise<string> {
  const [row] = await sql<{ id: string }>(
    `select (substr(md5($1 || $2::uuid), 1, 16) || lpad('1', 16, '0'))::uuid as id`,
    [kind, userId],
  );
  return row!.id;
}

/**
 * Stores so many rows of everything that a user can have, as bare rows. Number 1 of a kind holds all rows of the kinds
 * below it: one assistant has all memories, one document all chunks, one chain all entries.
 */
export async function insertLife(
  { sql }: Pick<TestDatabase, 'sql'>,
  userIds: readonly string[],
  rows: number,
): Promise<void> {
  for (const insert of INSERTS) await sql(insert, [userIds, rows]);
}
