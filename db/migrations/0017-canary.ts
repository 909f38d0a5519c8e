import type { Knex } from 'knex';

/** The account of the product itself, which owns its own jobs and the canary's documents, and the canary's record. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table users add column is_system boolean not null default false;
    create unique index users_system_key on users (is_system) where is_system;

    create table canary_runs (
      id uuid primary key,
      document_id uuid references documents (id) on delete set null,
      started_at timestamptz not null default now(),
      finished_at timestamptz,
      error text,
      check (error is null or finished_at is not null)
    );
    create index canary_runs_document_id_idx on canary_runs (document_id);
    create index canary_runs_started_at_idx on canary_runs (started_at);
    create unique index canary_runs_open_key on canary_runs ((finished_at is null)) where finished_at is null;

    -- What has waited longest is read from the index, and so is how much waits.
    create index jobs_open_ingest_idx on jobs (created_at)
      where type = 'document.ingest' and status in ('queued', 'running');
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index jobs_open_ingest_idx;
    drop table canary_runs;
    delete from users where is_system;
    alter table users drop column is_system;
  `);
}
