import type { Knex } from 'knex';

/** Keys of programs, the nonces of their signed requests, and the log of what was done with an account. */
export async function up(knex: Knex): Promise<void> {
  await apiKeys(knex);
  await auditEvents(knex);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table signature_nonces;
    drop table api_keys;
    drop table audit_events;
    drop function refuse_audit_change();
  `);
}

async function apiKeys(knex: Knex): Promise<void> {
  await knex.raw(`
    create table api_keys (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      label text not null check (char_length(label) between 1 and 100),
      prefix text not null unique check (prefix ~ '^dk_[a-z0-9]{8}$'),
      secret_hash bytea not null check (octet_length(secret_hash) = 32),
      scopes text[] not null check (cardinality(scopes) > 0),
      public_key bytea check (octet_length(public_key) = 32),
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      last_used_at timestamptz,
      revoked_at timestamptz
    );
    create index api_keys_user_id_idx on api_keys (user_id, id desc);

    create table signature_nonces (
      api_key_id uuid not null references api_keys (id) on delete cascade,
      nonce text not null check (char_length(nonce) <= 100),
      user_id uuid not null references users (id) on delete cascade,
      expires_at timestamptz not null,
      primary key (api_key_id, nonce)
    );
    create index signature_nonces_user_id_idx on signature_nonces (user_id);
    create index signature_nonces_expires_at_idx on signature_nonces (expires_at);
  `);
}

/**
 * `user_id` is whose event it is (null: of no known account), `actor_id` who did it; the actor is no foreign key, for
 * what was done stays true when the one who did it has left.
 */
async function auditEvents(knex: Knex): Promise<void> {
  await knex.raw(`
    create table audit_events (
      id uuid primary key,
      user_id uuid references users (id) on delete cascade,
      actor_id uuid,
      api_key_id uuid,
      action text not null check (action ~ '^[a-z_]+\\.[a-z_]+$'),
      target_type text,
      target_id text,
      address text check (char_length(address) <= 64),
      user_agent text check (char_length(user_agent) <= 300),
      correlation_id text,
      details jsonb not null default '{}',
      created_at timestamptz not null default now()
    );
    create index audit_events_user_id_idx on audit_events (user_id, id desc);
    create index audit_events_action_idx on audit_events (action, id desc);

    -- An account that is purged takes its events along by the cascade, which finds the user's row already gone.
    create function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          if old.user_id is not null and not exists (select from users where id = old.user_id) then
            return old;
          end if;
        end if;
        raise exception 'audit events are append-only' using errcode = 'insufficient_privilege';
      end $$;
    create trigger audit_events_append_only before update or delete on audit_events
      for each row execute function refuse_audit_change();
    create trigger audit_events_no_truncate before truncate on audit_events
      for each statement execute function refuse_audit_change();
  `);
}
