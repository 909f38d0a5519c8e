import type { Knex } from 'knex';

/** Quotas, exports and deletions of accounts, and the record of when leftovers were last cleared away. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- What an operator allows one user in place of the settings; null follows the setting, 0 is without limit.
    create table user_quotas (
      user_id uuid primary key references users (id) on delete cascade,
      documents bigint check (documents >= 0),
      bytes bigint check (bytes >= 0),
      embedding_tokens_per_day bigint check (embedding_tokens_per_day >= 0),
      updated_at timestamptz not null default now()
    );

    create table embedding_usage (
      user_id uuid not null references users (id) on delete cascade,
      day date not null,
      tokens bigint not null check (tokens >= 0),
      primary key (user_id, day)
    );

    -- Counts and bytes of a user's documents are read from the index alone.
    create index documents_user_id_size_idx on documents (user_id) include (size) where deleted_at is null;

    create table account_exports (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      job_id uuid references jobs (id) on delete set null,
      fence bigint,
      size bigint check (size >= 0),
      created_at timestamptz not null default now(),
      completed_at timestamptz,
      expires_at timestamptz,
      check ((completed_at is null) = (size is null))
    );
    create index account_exports_user_id_idx on account_exports (user_id, id desc);
    create index account_exports_job_id_idx on account_exports (job_id);
    create index account_exports_expires_at_idx on account_exports (expires_at);

    -- The fence tells the parts of an attempt from those of one that was given up.
    create table account_export_parts (
      export_id uuid not null references account_exports (id) on delete cascade,
      user_id uuid not null references users (id) on delete cascade,
      fence bigint not null,
      position integer not null check (position >= 0),
      content bytea not null,
      primary key (export_id, fence, position)
    );
    create index account_export_parts_user_id_idx on account_export_parts (user_id);
    alter table account_export_parts alter column content set storage external;

    alter table users add column purge_after timestamptz;
    create index users_purge_after_idx on users (purge_after) where purge_after is not null;

    create table maintenance_runs (
      name text primary key,
      ran_at timestamptz not null
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table maintenance_runs;
    drop index users_purge_after_idx;
    alter table users drop column purge_after;
    drop table account_export_parts;
    drop table account_exports;
    drop index documents_user_id_size_idx;
    drop table embedding_usage;
    drop table user_quotas;
  `);
}
