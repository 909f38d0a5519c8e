import type { Knex } from 'knex';

/** What an assistant has thought about itself and its material, and what people told it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table reflections (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      assistant_id uuid not null,
      type text not null check (type in ('recent', 'memories', 'chain', 'document', 'self', 'feedback')),
      category text check (char_length(category) <= 50),
      status text not null default 'pending' check (status in ('pending', 'completed', 'failed', 'cancelled')),
      summary text check (char_length(summary) <= 10000),
      insights text[] not null default '{}',
      memory_ids uuid[] not null default '{}',
      message_ids uuid[] not null default '{}',
      document_id uuid references documents (id) on delete set null,
      chain_id uuid references memory_chains (id) on delete set null,
      rating smallint check (rating between 1 and 5),
      content text check (char_length(content) between 1 and 10000),
      provider text,
      model text,
      prompt_tokens integer check (prompt_tokens >= 0),
      completion_tokens integer check (completion_tokens >= 0),
      error jsonb,
      job_id uuid references jobs (id) on delete set null,
      state integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      completed_at timestamptz,
      unique (id, user_id),
      check ((type = 'feedback') = (content is not null)),
      check ((status = 'completed') = (completed_at is not null)),
      foreign key (assistant_id, user_id) references assistants (id, user_id) on delete cascade
    );
    create index reflections_user_id_id_idx on reflections (user_id, id desc);
    create index reflections_assistant_id_idx on reflections (assistant_id, user_id, id desc);
    create index reflections_document_id_idx on reflections (document_id) where document_id is not null;
    create index reflections_chain_id_idx on reflections (chain_id) where chain_id is not null;
    create index reflections_job_id_idx on reflections (job_id) where job_id is not null;
    -- One reflection of a kind at a time, unless a client insists.
    create index reflections_pending_idx on reflections (assistant_id, type) where status = 'pending';

    -- Every foreign key has an index; those there were leave out what is deleted.
    create index assistants_user_id_idx on assistants (user_id);
    create index documents_user_id_idx on documents (user_id);

    -- When the metrics change though nothing happens, because something leaves the time they look back on.
    alter table assistant_metrics add column stale_at timestamptz;
    create index assistant_metrics_stale_at_idx on assistant_metrics (stale_at) where stale_at is not null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index assistants_user_id_idx;
    drop index documents_user_id_idx;
    alter table assistant_metrics drop column stale_at;
    drop table reflections;
  `);
}
