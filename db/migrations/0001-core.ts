import type { Knex } from 'knex';

/**
 * The first schema. Conventions: ids are UUIDv7 made by the application; every owned row carries `user_id`; `version`
 * counts the edits of clients and `state` every write; deleted rows keep `deleted_at`, and unique indexes ignore them.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('create extension if not exists vector');
  await accounts(knex);
  await assistants(knex);
  await documents(knex);
  await jobs(knex);
  await embeddings(knex);
  await retrievals(knex);
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'retrievals',
    'chunk_embeddings',
    'embedding_models',
    'jobs',
    'document_chunks',
    'document_texts',
    'document_files',
    'documents',
    'assistants',
    'sessions',
    'users',
  ])
    await knex.schema.dropTableIfExists(table);
}

async function accounts(knex: Knex): Promise<void> {
  await knex.raw(`
    create table users (
      id uuid primary key,
      username text not null check (char_length(username) between 3 and 40),
      email text not null check (char_length(email) <= 254),
      password_hash text not null,
      role text not null default 'user' check (role in ('user', 'admin')),
      version integer not null default 1,
      state integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      deleted_at timestamptz
    );
    create unique index users_username_key on users (lower(username)) where deleted_at is null;
    create unique index users_email_key on users (lower(email)) where deleted_at is null;

    create table sessions (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      user_agent text,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      revoked_at timestamptz
    );
    create index sessions_user_id_idx on sessions (user_id);
    create index sessions_expires_at_idx on sessions (expires_at);
  `);
}

async function assistants(knex: Knex): Promise<void> {
  await knex.raw(`
    create table assistants (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(slug) <= 80),
      name text not null check (char_length(name) between 1 and 100),
      preferred_model text check (char_length(preferred_model) <= 200),
      memory_mode text not null default 'long_term' check (memory_mode in ('none', 'session', 'long_term')),
      thinking_style text not null default 'direct' check (thinking_style in ('cot', 'direct', 'reflective')),
      min_score real check (min_score between 0 and 1),
      is_active boolean not null default true,
      is_primary boolean not null default false,
      version integer not null default 1,
      state integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      deleted_at timestamptz,
      unique (id, user_id)
    );
    create unique index assistants_user_id_slug_key on assistants (user_id, slug) where deleted_at is null;
    create unique index assistants_primary_key on assistants (user_id) where is_primary and deleted_at is null;
    create index assistants_user_id_id_idx on assistants (user_id, id desc) where deleted_at is null;
  `);
}

async function documents(knex: Knex): Promise<void> {
  await knex.raw(`
    create table documents (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      assistant_id uuid not null,
      title text not null check (char_length(title) between 1 and 300),
      source_type text not null check (source_type in ('pdf', 'text')),
      filename text not null check (char_length(filename) <= 255),
      mime_type text not null,
      size bigint not null check (size > 0),
      sha256 bytea not null check (octet_length(sha256) = 32),
      language text not null,
      status text not null default 'queued' check (status in ('queued', 'processing', 'completed', 'partial', 'failed')),
      error jsonb,
      page_count integer,
      pages_without_text integer[] not null default '{}',
      pages_failed integer[] not null default '{}',
      chunk_count integer not null default 0,
      embedded_count integer not null default 0,
      revision integer not null default 1,
      live_revision integer,
      tags text[] not null default '{}',
      metadata jsonb not null default '{}',
      version integer not null default 1,
      state integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      deleted_at timestamptz,
      foreign key (assistant_id, user_id) references assistants (id, user_id) on delete cascade
    );
    create unique index documents_assistant_id_sha256_key on documents (assistant_id, sha256) where deleted_at is null;
    create index documents_assistant_id_idx on documents (assistant_id, user_id);
    create index documents_user_id_id_idx on documents (user_id, id desc) where deleted_at is null;
    create index documents_deleted_at_idx on documents (deleted_at) where deleted_at is not null;

    create table document_files (
      document_id uuid primary key references documents (id) on delete cascade,
      user_id uuid not null references users (id) on delete cascade,
      content bytea not null
    );
    create index document_files_user_id_idx on document_files (user_id);
    alter table document_files alter column content set storage external;

    create table document_texts (
      document_id uuid not null references documents (id) on delete cascade,
      revision integer not null,
      user_id uuid not null references users (id) on delete cascade,
      content text not null,
      pages jsonb not null default '[]',
      primary key (document_id, revision)
    );
    create index document_texts_user_id_idx on document_texts (user_id);

    create table document_chunks (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      assistant_id uuid not null references assistants (id) on delete cascade,
      document_id uuid not null references documents (id) on delete cascade,
      revision integer not null,
      position integer not null check (position >= 0),
      text text not null,
      page_from integer,
      page_to integer,
      char_start integer not null check (char_start >= 0),
      char_end integer not null check (char_end > char_start),
      token_count integer not null check (token_count > 0),
      fingerprint bytea not null check (octet_length(fingerprint) = 32),
      search_vector tsvector not null,
      created_at timestamptz not null default now(),
      unique (document_id, revision, position)
    );
    create index document_chunks_user_id_idx on document_chunks (user_id);
    create index document_chunks_assistant_id_idx on document_chunks (assistant_id);
    create index document_chunks_fingerprint_idx on document_chunks (fingerprint);
    create index document_chunks_search_vector_idx on document_chunks using gin (search_vector);
  `);
}

async function jobs(knex: Knex): Promise<void> {
  await knex.raw(`
    create table jobs (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      parent_id uuid references jobs (id) on delete cascade,
      document_id uuid references documents (id) on delete cascade,
      type text not null,
      queue text,
      priority text not null check (priority in ('high', 'medium', 'low')),
      status text not null default 'queued'
        check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'dead')),
      payload jsonb not null default '{}',
      dedupe_key text,
      correlation_id text,
      progress jsonb not null default '{}',
      attempts integer not null default 0,
      failures integer not null default 0,
      lost_workers integer not null default 0,
      fence bigint not null default 0,
      error jsonb,
      result jsonb,
      run_at timestamptz not null default now(),
      enqueued_at timestamptz,
      lease_expires_at timestamptz,
      state integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      started_at timestamptz,
      finished_at timestamptz
    );
    create index jobs_user_id_id_idx on jobs (user_id, id desc) where parent_id is null;
    create index jobs_user_id_idx on jobs (user_id);
    create index jobs_parent_id_idx on jobs (parent_id) where parent_id is not null;
    create index jobs_document_id_idx on jobs (document_id) where document_id is not null;
    create unique index jobs_dedupe_key_key on jobs (dedupe_key)
      where dedupe_key is not null and status in ('queued', 'running');
    create index jobs_outbox_idx on jobs (enqueued_at nulls first, run_at)
      where status = 'queued' and queue is not null;
    create index jobs_lease_idx on jobs (lease_expires_at) where status = 'running' and queue is not null;
  `);
}

async function embeddings(knex: Knex): Promise<void> {
  await knex.raw(`
    create table embedding_models (
      id smallint generated always as identity primary key,
      provider text not null,
      name text not null,
      dimensions integer not null check (dimensions between 1 and 4000),
      distance text not null default 'cosine' check (distance = 'cosine'),
      is_active boolean not null default false,
      created_at timestamptz not null default now(),
      unique (provider, name, dimensions)
    );
    create unique index embedding_models_active_key on embedding_models (is_active) where is_active;

    -- The column has no fixed dimension: each model has a partial index over a cast to its own (see the model store).
    create table chunk_embeddings (
      chunk_id uuid not null references document_chunks (id) on delete cascade,
      model_id smallint not null references embedding_models (id),
      user_id uuid not null references users (id) on delete cascade,
      assistant_id uuid not null references assistants (id) on delete cascade,
      document_id uuid not null references documents (id) on delete cascade,
      status text not null check (status in ('pending', 'embedded', 'skipped', 'failed')),
      embedding vector,
      updated_at timestamptz not null default now(),
      primary key (chunk_id, model_id),
      check ((status = 'embedded') = (embedding is not null))
    );
    create index chunk_embeddings_user_id_idx on chunk_embeddings (user_id, model_id);
    create index chunk_embeddings_assistant_id_idx on chunk_embeddings (assistant_id, model_id);
    create index chunk_embeddings_document_id_idx on chunk_embeddings (document_id, model_id);
    create index chunk_embeddings_model_id_idx on chunk_embeddings (model_id);
  `);
}

async function retrievals(knex: Knex): Promise<void> {
  await knex.raw(`
    create table retrievals (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      assistant_id uuid references assistants (id) on delete cascade,
      model_id smallint references embedding_models (id),
      mode text not null check (mode in ('hybrid', 'vector', 'text')),
      hit_count integer not null,
      best_score real,
      passed boolean not null,
      took_ms real not null,
      created_at timestamptz not null default now()
    );
    create index retrievals_user_id_idx on retrievals (user_id, created_at desc);
    create index retrievals_assistant_id_idx on retrievals (assistant_id, created_at desc);
    create index retrievals_model_id_idx on retrievals (model_id);
  `);
}
