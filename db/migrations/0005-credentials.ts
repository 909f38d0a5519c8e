import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- One row a key that has ever encrypted here, with a known text under it: a key that was lost or mistyped is
    -- noticed at start, and a key in use cannot be retired.
    create table credential_keys (
      id text primary key check (id ~ '^[a-z0-9_-]{1,40}$'),
      wrapped_key bytea not null,
      ciphertext bytea not null,
      created_at timestamptz not null default now()
    );

    create table integration_credentials (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      provider text not null check (char_length(provider) between 1 and 40),
      label text not null check (char_length(label) between 1 and 100),
      base_url text check (char_length(base_url) <= 500),
      last_four text not null check (char_length(last_four) <= 4),
      key_id text not null references credential_keys (id),
      wrapped_key bytea not null,
      ciphertext bytea not null,
      version integer not null default 1,
      state integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      rotated_at timestamptz
    );
    create unique index integration_credentials_label_key
      on integration_credentials (user_id, provider, lower(label));
    create index integration_credentials_user_id_id_idx on integration_credentials (user_id, id desc);
    create index integration_credentials_key_id_idx on integration_credentials (key_id, id);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table integration_credentials, credential_keys');
}
