import type { Knex } from 'knex';

/** Answers to requests that came with an Idempotency-Key, so that the same request again has no second effect. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table idempotency_keys (
      user_id uuid not null references users (id) on delete cascade,
      key text collate "C" not null check (char_length(key) between 1 and 255),
      id uuid not null,
      operation text not null,
      fingerprint bytea not null check (octet_length(fingerprint) = 32),
      status smallint not null check (status between 200 and 299),
      encryption_key_id text not null,
      wrapped_key bytea not null,
      ciphertext bytea not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      primary key (user_id, key)
    );
    create index idempotency_keys_expires_at_idx on idempotency_keys (expires_at);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table idempotency_keys`);
}
