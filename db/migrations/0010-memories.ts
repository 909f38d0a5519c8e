import type { Knex } from 'knex';

/**
 * What an assistant remembers, with vectors as chunks have them; the chains that put memories in an order; and what
 * searches have lately returned, so that it is not taken in again as something new.
 */
export async function up(knex: Knex): Promise<void> {
  await memories(knex);
  await vectors(knex);
  await chains(knex);
  await hits(knex);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table delegation_events drop constraint delegation_events_memory_id_fkey;
    drop table retrieval_hits;
    drop table memory_chain_entries;
    drop table memory_chains;
    drop function chain_takes(text[], text[], boolean, text[], text);
    drop table memory_embeddings;
    drop table memories;
  `);
}

async function memories(knex: Knex): Promise<void> {
  await knex.raw(`
    create table memories (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      assistant_id uuid not null,
      conversation_id uuid references conversations (id) on delete set null,
      message_id uuid references messages (id) on delete set null,
      document_id uuid references documents (id) on delete set null,
      -- Where in the document it stands: its page, and offsets into the extracted text in UTF-16 code units.
      page integer check (page >= 1),
      char_start integer check (char_start >= 0),
      char_end integer check (char_end > char_start),
      parent_memory_id uuid,
      superseded_by_id uuid,
      type text not null default 'note'
        check (type in ('note', 'fact', 'preference', 'event', 'insight', 'task', 'summary')),
      source_role text not null default 'user'
        check (source_role in ('user', 'assistant', 'agent', 'system', 'external')),
      title text not null check (char_length(title) between 1 and 200),
      event text not null check (char_length(event) between 1 and 10000),
      summary text check (char_length(summary) <= 2000),
      -- Made from the text where the client gives none; then they follow the text when it changes.
      title_made boolean not null default false,
      importance real not null default 5 check (importance between 0 and 10),
      importance_made boolean not null default false,
      emotion text check (char_length(emotion) <= 50),
      tags text[] not null default '{}' check (cardinality(tags) <= 50),
      rating smallint check (rating between 1 and 5),
      feedback_comment text check (char_length(feedback_comment) <= 2000),
      is_bookmarked boolean not null default false,
      is_active boolean not null default true,
      language text not null,
      token_count integer not null check (token_count >= 0),
      fingerprint bytea not null check (octet_length(fingerprint) = 32),
      -- Texts that read nearly the same have one of these in common; see shared/memories/near-text.ts.
      near_keys integer[] not null default '{}',
      search_vector tsvector not null,
      version integer not null default 1,
      state integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (id, user_id),
      check ((char_start is null) = (char_end is null)),
      check (not (is_active and superseded_by_id is not null)),
      check (parent_memory_id <> id and superseded_by_id <> id),
      foreign key (assistant_id, user_id) references assistants (id, user_id) on delete cascade,
      foreign key (parent_memory_id, user_id) references memories (id, user_id) on delete set null (parent_memory_id),
      foreign key (superseded_by_id, user_id) references memories (id, user_id) on delete set null (superseded_by_id)
    );
    create index memories_user_id_created_at_idx on memories (user_id, created_at, id);
    create index memories_user_id_updated_at_idx on memories (user_id, updated_at, id);
    create index memories_user_id_importance_idx on memories (user_id, importance, id);
    create index memories_assistant_id_idx on memories (assistant_id, user_id, id desc);
    create index memories_assistant_id_created_at_idx on memories (assistant_id, user_id, created_at, id);
    -- What a search has to count, without reading the rows.
    create index memories_counts_idx on memories (user_id, assistant_id) include (token_count) where is_active;
    create index memories_bookmarked_idx on memories (user_id, created_at, id) where is_bookmarked;
    create index memories_conversation_id_idx on memories (conversation_id) where conversation_id is not null;
    create index memories_message_id_idx on memories (message_id) where message_id is not null;
    create index memories_document_id_idx on memories (document_id) where document_id is not null;
    create index memories_parent_memory_id_idx on memories (parent_memory_id, user_id)
      where parent_memory_id is not null;
    create index memories_superseded_by_id_idx on memories (superseded_by_id, user_id)
      where superseded_by_id is not null;
    create index memories_tags_idx on memories using gin (user_id, tags);
    create index memories_search_vector_idx on memories using gin (user_id, search_vector);
    -- A memory that is in force stands once an assistant, however often it is written.
    create unique index memories_fingerprint_key on memories (assistant_id, fingerprint) where is_active;
    create index memories_near_keys_idx on memories using gin (assistant_id, near_keys) where is_active;
    alter table memories alter column search_vector set storage main;

    alter table delegation_events add constraint delegation_events_memory_id_fkey
      foreign key (memory_id) references memories (id) on delete set null;
  `);
}

async function vectors(knex: Knex): Promise<void> {
  await knex.raw(`
    create table memory_embeddings (
      memory_id uuid not null references memories (id) on delete cascade,
      model_id smallint not null references embedding_models (id),
      user_id uuid not null references users (id) on delete cascade,
      assistant_id uuid not null references assistants (id) on delete cascade,
      status text not null check (status in ('pending', 'embedded', 'skipped', 'failed')),
      embedding vector,
      updated_at timestamptz not null default now(),
      primary key (memory_id, model_id),
      check ((status = 'embedded') = (embedding is not null))
    );
    create index memory_embeddings_user_id_idx on memory_embeddings (user_id, model_id);
    create index memory_embeddings_assistant_id_idx on memory_embeddings (assistant_id, model_id);
    create index memory_embeddings_model_id_idx on memory_embeddings (model_id);
    alter table memory_embeddings alter column embedding set storage main;
  `);
}

async function chains(knex: Knex): Promise<void> {
  await knex.raw(`
    -- What an automatic chain takes in: active memories with any of its tags (without tags, all) and of no excluded type.
    create function chain_takes(filter_tags text[], exclude_types text[], active boolean, tags text[], type text)
      returns boolean language sql immutable parallel safe
      return active and not (type = any(exclude_types)) and (cardinality(filter_tags) = 0 or filter_tags && tags);

    create table memory_chains (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      assistant_id uuid not null,
      title text not null check (char_length(title) between 1 and 200),
      description text check (char_length(description) <= 2000),
      mode text not null default 'manual' check (mode in ('manual', 'automatic')),
      filter_tags text[] not null default '{}' check (cardinality(filter_tags) <= 50),
      exclude_types text[] not null default '{}',
      entry_count integer not null default 0 check (entry_count >= 0),
      -- Counts changes of the entries; a summary made at another count is stale.
      entries_revision integer not null default 1,
      summary text check (char_length(summary) <= 10000),
      summary_provider text,
      summary_model text,
      summary_revision integer,
      summarised_at timestamptz,
      version integer not null default 1,
      state integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (id, user_id),
      check (num_nulls(summary, summary_provider, summary_revision, summarised_at) in (0, 4)),
      check (exclude_types <@ array['note', 'fact', 'preference', 'event', 'insight', 'task', 'summary']),
      foreign key (assistant_id, user_id) references assistants (id, user_id) on delete cascade
    );
    create index memory_chains_user_id_created_at_idx on memory_chains (user_id, created_at, id);
    create index memory_chains_user_id_updated_at_idx on memory_chains (user_id, updated_at, id);
    create index memory_chains_assistant_id_idx on memory_chains (assistant_id, user_id, created_at, id);
    create index memory_chains_automatic_idx on memory_chains (assistant_id) where mode = 'automatic';

    create table memory_chain_entries (
      chain_id uuid not null,
      memory_id uuid not null,
      user_id uuid not null,
      -- Larger is later; where entries were taken out there are gaps.
      position integer not null check (position >= 0),
      created_at timestamptz not null default now(),
      primary key (chain_id, memory_id),
      unique (chain_id, position) deferrable initially deferred,
      foreign key (chain_id, user_id) references memory_chains (id, user_id) on delete cascade,
      foreign key (memory_id, user_id) references memories (id, user_id) on delete cascade
    );
    create index memory_chain_entries_memory_id_idx on memory_chain_entries (memory_id, user_id);
    create index memory_chain_entries_user_id_idx on memory_chain_entries (user_id);
  `);
}

async function hits(knex: Knex): Promise<void> {
  await knex.raw(`
    -- No text: what a hit says is read from what was hit, and goes with it.
    create table retrieval_hits (
      user_id uuid not null references users (id) on delete cascade,
      source_id uuid not null,
      chunk_id uuid references document_chunks (id) on delete cascade,
      memory_id uuid references memories (id) on delete cascade,
      returned_at timestamptz not null default now(),
      primary key (user_id, source_id),
      check (source_id = coalesce(chunk_id, memory_id) and num_nonnulls(chunk_id, memory_id) = 1)
    ) with (fillfactor = 70);
    create index retrieval_hits_user_id_returned_at_idx on retrieval_hits (user_id, returned_at desc);
    create index retrieval_hits_returned_at_idx on retrieval_hits (returned_at);
    create index retrieval_hits_chunk_id_idx on retrieval_hits (chunk_id) where chunk_id is not null;
    create index retrieval_hits_memory_id_idx on retrieval_hits (memory_id) where memory_id is not null;
  `);
}
