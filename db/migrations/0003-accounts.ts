import type { Knex } from 'knex';

/**
 * Sessions become families of refresh tokens; passwords can be reset and people invited. Everything new has a default,
 * so that instances of the version before can go on logging people in while this one is rolled out.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table sessions
      -- With the server's key, sid and generation it makes the token; alone it makes nothing.
      add column salt bytea not null default uuid_send(gen_random_uuid()) check (octet_length(salt) >= 16),
      add column generation integer not null default 0 check (generation >= 0),
      add column rotated_at timestamptz,
      add column idle_expires_at timestamptz not null default now() + interval '7 days',
      add column reauthenticated_at timestamptz not null default now(),
      add column network text,
      add column revoked_reason text;
    update sessions set reauthenticated_at = created_at;
    drop index sessions_user_id_idx;
    create index sessions_user_id_id_idx on sessions (user_id, id desc);

    create table password_resets (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      token_hash bytea not null unique check (octet_length(token_hash) = 32),
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      used_at timestamptz
    );
    create index password_resets_user_id_idx on password_resets (user_id);

    -- user_id is the account that was made with the invitation.
    create table invitations (
      id uuid primary key,
      code_hash bytea not null unique check (octet_length(code_hash) = 32),
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      used_at timestamptz,
      user_id uuid references users (id) on delete cascade
    );
    create index invitations_user_id_idx on invitations (user_id);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table invitations;
    drop table password_resets;
    drop index sessions_user_id_id_idx;
    create index sessions_user_id_idx on sessions (user_id);
    alter table sessions
      drop column salt,
      drop column generation,
      drop column rotated_at,
      drop column idle_expires_at,
      drop column reauthenticated_at,
      drop column network,
      drop column revoked_reason;
  `);
}
