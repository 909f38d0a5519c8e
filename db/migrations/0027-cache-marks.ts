import type { Knex } from 'knex';

/**
 * What tells whether a cached value is still good: every transaction that writes to what such values are made of leaves a
 * random mark, which becomes visible with what it has written. Triggers leave them, so that no writer can forget it, and
 * each names its subject by columns of the changed row alone: to look for it in other tables would miss what another
 * transaction is about to change. See docs/adr/0031-cache.md.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Without foreign keys: marks are left of what is deleted, too, and must not make anybody wait.
    create table cache_marks (
      kind text not null check (kind in ('assistant', 'prompts', 'chain', 'memories', 'document')),
      subject_id uuid not null,
      -- The transaction: it needs one mark a subject, and no two wait for each other's.
      written_by xid8 not null default pg_current_xact_id(),
      -- Whose it is; in the keys of the cache.
      owner_id uuid not null,
      mark bigint not null default hashtextextended(gen_random_uuid()::text, 0),
      -- What has been cleared away after it.
      settled boolean not null default false,
      primary key (kind, subject_id, written_by)
    );
    create index cache_marks_unsettled_idx on cache_marks (kind, subject_id) where not settled;

    -- A subject that has never been marked is not cached, so all that there are get their first one.
    insert into cache_marks (kind, subject_id, owner_id, settled)
      select 'assistant', id, user_id, true from assistants where deleted_at is null
      union all select 'chain', id, user_id, true from memory_chains
      union all select 'document', id, user_id, true from documents where deleted_at is null;

    -- The stamps of subjects in their order; null for one that has no mark. A function, because its plan is kept.
    create function cache_stamps(kinds text[], ids uuid[], owners uuid[]) returns setof text
      language plpgsql stable parallel safe as $$
      declare
        -- Whether something is embedded is asked of the model that is searched.
        model text := (select m.id from embedding_models m where m.is_active);
        around uuid;
        own text;
      begin
        for i in 1 .. coalesce(array_length(ids, 1), 0) loop
          own := (select bit_xor(m.mark) || '.' || count(*) from cache_marks m
            where m.kind = kinds[i] and m.subject_id = ids[i]);
          if own is null or kinds[i] = 'document' then
            return next own || '/' || coalesce(model, '');
          else
            around := case kinds[i] when 'assistant' then owners[i]
              else (select c.assistant_id from memory_chains c where c.id = ids[i]) end;
            return next own || '/' || coalesce(model, '') || '/' ||
              coalesce((select bit_xor(m.mark) || '.' || count(*) from cache_marks m
                where m.kind = case kinds[i] when 'assistant' then 'prompts' else 'memories' end
                  and m.subject_id = around), '');
          end if;
        end loop;
      end $$;
  `);
  for (const column of SUBJECTS) await createMarker(knex, column);
  for (const { table, kind, subject } of MARKED) await markWrites(knex, table, [`mark_by_${subject}`, kind]);
}

export async function down(knex: Knex): Promise<void> {
  for (const { table } of MARKED)
    for (const event of EVENTS) await knex.raw('drop trigger ?? on ??', [triggerName(table, event), table]);
  for (const column of SUBJECTS) await knex.raw('drop function ??()', [`mark_by_${column}`]);
  await knex.raw('drop function cache_stamps(text[], uuid[], uuid[])');
  await knex.raw('drop table cache_marks');
}

/** The tables that cached values are made of, and which column names the subject; none of these columns is ever changed. */
const MARKED = [
  { table: 'assistants', kind: 'assistant', subject: 'id' },
  { table: 'assistant_profiles', kind: 'assistant', subject: 'assistant_id' },
  { table: 'assistant_capabilities', kind: 'assistant', subject: 'assistant_id' },
  { table: 'assistant_skills', kind: 'assistant', subject: 'assistant_id' },
  { table: 'prompts', kind: 'prompts', subject: 'user_id' },
  { table: 'memory_chains', kind: 'chain', subject: 'id' },
  { table: 'memory_chain_entries', kind: 'chain', subject: 'chain_id' },
  { table: 'memories', kind: 'memories', subject: 'assistant_id' },
  { table: 'memory_embeddings', kind: 'memories', subject: 'assistant_id' },
  { table: 'documents', kind: 'document', subject: 'id' },
  { table: 'document_chunks', kind: 'document', subject: 'document_id' },
  { table: 'chunk_embeddings', kind: 'document', subject: 'document_id' },
] as const;

const SUBJECTS = [...new Set(MARKED.map(({ subject }) => subject))];
const EVENTS = ['insert', 'update', 'delete'] as const;

const triggerName = (table: string, event: string): string => `${table}_mark_${event}`;

/** A function for triggers on tables whose rows name the subject in this column; its kind is the argument. */
async function createMarker(knex: Knex, column: string): Promise<void> {
  await knex.raw(
    `create function ??() returns trigger language plpgsql as $$
       begin
         insert into cache_marks (kind, subject_id, owner_id)
           select distinct tg_argv[0], changed.??, changed.user_id from changed
           -- Of this transaction; drawn anew, for what was read between two of its statements is not what it commits.
           on conflict (kind, subject_id, written_by) do update set mark = excluded.mark, settled = false;
         return null;
       end $$`,
    [`mark_by_${column}`, column],
  );
}

/** @param call function and argument */
async function markWrites(knex: Knex, table: string, call: readonly [string, string]): Promise<void> {
  const bindings = (event: (typeof EVENTS)[number]) => [triggerName(table, event), table, ...call];
  await knex.raw(
    `create trigger ?? after insert on ?? referencing new table as changed
     for each statement execute function ??(??)`,
    bindings('insert'),
  );
  await knex.raw(
    `create trigger ?? after update on ?? referencing new table as changed
     for each statement execute function ??(??)`,
    bindings('update'),
  );
  await knex.raw(
    `create trigger ?? after delete on ?? referencing old table as changed
     for each statement execute function ??(??)`,
    bindings('delete'),
  );
}
