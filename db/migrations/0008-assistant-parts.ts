import type { Knex } from 'knex';

/**
 * What makes an assistant somebody: its profile, capabilities and metrics beside the core row, its prompt, its place in a
 * family, and the record of every delegation.
 */
export async function up(knex: Knex): Promise<void> {
  await prompts(knex);
  await family(knex);
  await parts(knex);
  await delegations(knex);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index documents_assistant_id_id_idx, assistants_user_id_created_at_idx, assistants_user_id_updated_at_idx;
    drop table delegation_events;
    drop table assistant_metrics;
    drop table assistant_skills;
    drop table assistant_capabilities;
    drop table assistant_profiles;
    drop trigger assistants_depth_inserted on assistants;
    drop trigger assistants_depth_updated on assistants;
    drop function assert_assistant_depth();
    alter table assistants
      drop column parent_id, drop column depth, drop column spawn_reason, drop column system_prompt_id,
      drop column name_key;
    drop table prompts;
  `);
}

async function prompts(knex: Knex): Promise<void> {
  await knex.raw(`
    create table prompts (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(slug) <= 80),
      title text not null check (char_length(title) between 1 and 200),
      type text not null check (type in ('system', 'user', 'assistant')),
      content text not null check (char_length(content) between 1 and 20000),
      tags text[] not null default '{}' check (cardinality(tags) <= 50),
      parent_id uuid,
      title_key text collate "C" generated always as (lower(title)) stored,
      version integer not null default 1,
      state integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (id, user_id),
      check (parent_id <> id),
      foreign key (parent_id, user_id) references prompts (id, user_id) on delete set null (parent_id)
    );
    create unique index prompts_user_id_slug_key on prompts (user_id, slug);
    create index prompts_user_id_created_at_idx on prompts (user_id, created_at, id);
    create index prompts_user_id_updated_at_idx on prompts (user_id, updated_at, id);
    create index prompts_user_id_title_idx on prompts (user_id, title_key, id);
    create index prompts_parent_id_idx on prompts (parent_id, user_id) where parent_id is not null;
    create index prompts_tags_idx on prompts using gin (user_id, tags);
  `);
}

/**
 * A child stands one deeper than its parent, which is looked at when a transaction ends: with that, no circle can be stored.
 */
async function family(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table assistants
      add column parent_id uuid,
      add column depth smallint not null default 0 check (depth between 0 and 5),
      add column spawn_reason text check (char_length(spawn_reason) between 1 and 500),
      add column system_prompt_id uuid,
      add column name_key text collate "C" generated always as (lower(name)) stored,
      add constraint assistants_parent_check check (parent_id <> id and (parent_id is null) = (depth = 0)),
      add foreign key (parent_id, user_id) references assistants (id, user_id),
      add foreign key (system_prompt_id, user_id) references prompts (id, user_id);
    create index assistants_parent_id_idx on assistants (parent_id, user_id) where parent_id is not null;
    create index assistants_system_prompt_id_idx on assistants (system_prompt_id, user_id)
      where system_prompt_id is not null;
    create index assistants_user_id_name_idx on assistants (user_id, name_key, id) where deleted_at is null;
    create index assistants_user_id_created_at_idx on assistants (user_id, created_at, id) where deleted_at is null;
    create index assistants_user_id_updated_at_idx on assistants (user_id, updated_at, id) where deleted_at is null;

    -- A foreign key to (id, depth) would say the same, but make depth a part of a key, for which every change of a
    -- family would wait for all that is being stored for its members.
    create function assert_assistant_depth() returns trigger language plpgsql as $$
    begin
      if exists (
        select from assistants a join assistants p on p.id = a.parent_id
        where a.id = new.id and (a.depth <> p.depth + 1 or p.deleted_at is not null)
      ) or exists (
        select from assistants p join assistants a on a.parent_id = p.id
        where p.id = new.id and (a.depth <> p.depth + 1 or p.deleted_at is not null)
      ) then
        raise exception 'assistant % does not stand one below a living parent', new.id
          using errcode = 'check_violation', constraint = 'assistants_depth_check';
      end if;
      return null;
    end $$;
    create constraint trigger assistants_depth_inserted after insert on assistants deferrable initially deferred
      for each row when (new.parent_id is not null) execute function assert_assistant_depth();
    create constraint trigger assistants_depth_updated after update of parent_id, depth, deleted_at on assistants
      deferrable initially deferred for each row execute function assert_assistant_depth();
    -- The newest documents of each assistant.
    create index documents_assistant_id_id_idx on documents (assistant_id, user_id, id desc) where deleted_at is null;
  `);
}

async function parts(knex: Knex): Promise<void> {
  await knex.raw(`
    create table assistant_profiles (
      assistant_id uuid primary key,
      user_id uuid not null,
      description text check (char_length(description) <= 2000),
      personality text check (char_length(personality) <= 300),
      avatar_url text check (char_length(avatar_url) <= 2000),
      avatar_style text check (char_length(avatar_style) <= 50),
      tone text check (char_length(tone) <= 50),
      persona text check (char_length(persona) <= 4000),
      traits text[] not null default '{}' check (cardinality(traits) <= 50),
      "values" text[] not null default '{}' check (cardinality("values") <= 50),
      motto text check (char_length(motto) <= 200),
      updated_at timestamptz not null default now(),
      foreign key (assistant_id, user_id) references assistants (id, user_id) on delete cascade
    );
    create index assistant_profiles_user_id_idx on assistant_profiles (user_id);

    create table assistant_capabilities (
      assistant_id uuid primary key,
      user_id uuid not null,
      specialties text[] not null default '{}' check (cardinality(specialties) <= 50),
      tools text[] not null default '{}' check (cardinality(tools) <= 50),
      flags jsonb not null default '{}' check (jsonb_typeof(flags) = 'object'),
      updated_at timestamptz not null default now(),
      foreign key (assistant_id, user_id) references assistants (id, user_id) on delete cascade
    );
    create index assistant_capabilities_user_id_idx on assistant_capabilities (user_id);

    create table assistant_skills (
      id uuid primary key,
      assistant_id uuid not null,
      user_id uuid not null,
      name text not null check (char_length(name) between 1 and 100),
      description text check (char_length(description) <= 1000),
      confidence real not null default 0.5 check (confidence between 0 and 1),
      related_tools text[] not null default '{}' check (cardinality(related_tools) <= 50),
      tags text[] not null default '{}' check (cardinality(tags) <= 50),
      position integer not null check (position >= 0),
      foreign key (assistant_id, user_id) references assistants (id, user_id) on delete cascade
    );
    create unique index assistant_skills_name_key on assistant_skills (assistant_id, lower(name));
    create index assistant_skills_user_id_idx on assistant_skills (user_id);

    -- Made by a job from the other tables, and by nothing else.
    create table assistant_metrics (
      assistant_id uuid primary key,
      user_id uuid not null,
      trust_score smallint not null default 0 check (trust_score between 0 and 100),
      trust_level text not null default 'needs_attention'
        check (trust_level in ('ready', 'training', 'needs_attention')),
      trust_components jsonb not null default '{}',
      growth_level smallint not null default 0 check (growth_level between 0 and 2),
      growth_points smallint not null default 0 check (growth_points between 0 and 20),
      growth_components jsonb not null default '{}',
      memory_count integer not null default 0 check (memory_count >= 0),
      document_count integer not null default 0 check (document_count >= 0),
      reflection_count integer not null default 0 check (reflection_count >= 0),
      message_count integer not null default 0 check (message_count >= 0),
      child_count integer not null default 0 check (child_count >= 0),
      avg_response_ms real check (avg_response_ms >= 0),
      success_rate real check (success_rate between 0 and 1),
      last_active_at timestamptz,
      computed_at timestamptz,
      foreign key (assistant_id, user_id) references assistants (id, user_id) on delete cascade
    );
    create index assistant_metrics_user_id_idx on assistant_metrics (user_id);

    insert into assistant_profiles (assistant_id, user_id) select id, user_id from assistants;
    insert into assistant_capabilities (assistant_id, user_id) select id, user_id from assistants;
    insert into assistant_metrics (assistant_id, user_id) select id, user_id from assistants;
  `);
}

async function delegations(knex: Knex): Promise<void> {
  await knex.raw(`
    create table delegation_events (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      parent_assistant_id uuid not null,
      child_assistant_id uuid not null,
      reason text not null check (char_length(reason) between 1 and 500),
      memory_id uuid,
      document_id uuid references documents (id) on delete set null,
      score real check (score between 0 and 1),
      notes text check (char_length(notes) <= 2000),
      created_at timestamptz not null default now(),
      foreign key (parent_assistant_id, user_id) references assistants (id, user_id) on delete cascade,
      foreign key (child_assistant_id, user_id) references assistants (id, user_id) on delete cascade
    );
    create index delegation_events_parent_idx on delegation_events (parent_assistant_id, user_id, id desc);
    create index delegation_events_child_idx on delegation_events (child_assistant_id, user_id, id desc);
    create index delegation_events_user_id_idx on delegation_events (user_id, id desc);
    create index delegation_events_memory_id_idx on delegation_events (memory_id) where memory_id is not null;
    create index delegation_events_document_id_idx on delegation_events (document_id) where document_id is not null;
  `);
}
