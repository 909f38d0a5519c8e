import type { Knex } from 'knex';

/** Conversations with their messages, and the archive that keeps the messages of idle ones in compressed form. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table conversations (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      assistant_id uuid not null,
      title text not null check (char_length(title) between 1 and 200),
      -- Until its owner gives it one, a conversation has the title that its first message makes.
      has_own_title boolean not null default false,
      status text not null default 'active' check (status in ('active', 'archived')),
      message_count integer not null default 0 check (message_count >= 0),
      last_message_at timestamptz not null default now(),
      archived_at timestamptz,
      version integer not null default 1,
      state integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (id, user_id),
      check ((status = 'archived') = (archived_at is not null)),
      foreign key (assistant_id, user_id) references assistants (id, user_id) on delete cascade
    );
    create index conversations_user_id_created_at_idx on conversations (user_id, created_at, id);
    create index conversations_user_id_last_message_idx on conversations (user_id, last_message_at, id);
    create index conversations_assistant_id_idx on conversations (assistant_id, user_id, last_message_at, id);
    create index conversations_idle_idx on conversations (last_message_at) where status = 'active';

    create table messages (
      id uuid primary key,
      user_id uuid not null,
      conversation_id uuid not null,
      reply_to_id uuid references messages (id) on delete set null,
      role text not null check (role in ('user', 'assistant', 'system')),
      status text not null default 'completed' check (status in ('pending', 'completed', 'failed', 'cancelled')),
      content text not null check (char_length(content) <= 100000),
      sources jsonb not null default '[]' check (jsonb_typeof(sources) = 'array'),
      provider text,
      model text,
      prompt jsonb,
      prompt_tokens integer check (prompt_tokens >= 0),
      completion_tokens integer check (completion_tokens >= 0),
      -- Counted here, because the provider did not say.
      tokens_estimated boolean not null default false,
      took_ms real check (took_ms >= 0),
      error jsonb,
      feedback text check (feedback in ('positive', 'negative')),
      feedback_comment text check (char_length(feedback_comment) <= 2000),
      feedback_at timestamptz,
      state integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (id, user_id),
      check (status = 'completed' or role = 'assistant'),
      foreign key (conversation_id, user_id) references conversations (id, user_id) on delete cascade
    );
    -- One reply at a time.
    create unique index messages_pending_key on messages (conversation_id) where status = 'pending';
    create index messages_conversation_id_idx on messages (conversation_id, user_id, id desc);
    create index messages_user_id_idx on messages (user_id);
    create index messages_reply_to_id_idx on messages (reply_to_id) where reply_to_id is not null;
    create index messages_pending_idx on messages (updated_at) where status = 'pending';

    create table conversation_archives (
      conversation_id uuid primary key,
      user_id uuid not null,
      encoding text not null check (encoding = 'gzip'),
      content bytea not null,
      message_count integer not null check (message_count >= 0),
      size bigint not null check (size >= 0),
      created_at timestamptz not null default now(),
      foreign key (conversation_id, user_id) references conversations (id, user_id) on delete cascade
    );
    create index conversation_archives_user_id_idx on conversation_archives (user_id);
    alter table conversation_archives alter column content set storage external;

    alter table retrievals add column conversation_id uuid references conversations (id) on delete set null;
    create index retrievals_conversation_id_idx on retrievals (conversation_id) where conversation_id is not null;

    -- What a job is about, so that deleting an assistant ends all that is being done for it.
    alter table jobs add column assistant_id uuid references assistants (id) on delete cascade;
    create index jobs_assistant_id_idx on jobs (assistant_id) where assistant_id is not null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table jobs drop column assistant_id;
    alter table retrievals drop column conversation_id;
    drop table conversation_archives;
    drop table messages;
    drop table conversations;
  `);
}
