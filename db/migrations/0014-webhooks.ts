import type { Knex } from 'knex';

/** Where the end of a job is told, the job that tells it, and the secrets that such messages are signed with. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table jobs
      add column webhook_url text check (char_length(webhook_url) <= 500),
      add column webhook_job_id uuid references jobs (id) on delete set null;
    create index jobs_webhook_job_id_idx on jobs (webhook_job_id) where webhook_job_id is not null;
    create index jobs_unannounced_idx on jobs (finished_at)
      where webhook_url is not null and webhook_job_id is null and finished_at is not null;

    -- The one without an end signs; the one before it signs as well until its end, so that receivers can change over.
    create table webhook_secrets (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      key_id text not null references credential_keys (id),
      wrapped_key bytea not null,
      ciphertext bytea not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz
    );
    create unique index webhook_secrets_current_key on webhook_secrets (user_id) where expires_at is null;
    create index webhook_secrets_user_id_idx on webhook_secrets (user_id, id desc);
    create index webhook_secrets_key_id_idx on webhook_secrets (key_id, id);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table webhook_secrets;
    drop index jobs_unannounced_idx, jobs_webhook_job_id_idx;
    alter table jobs drop column webhook_url, drop column webhook_job_id;
  `);
}
