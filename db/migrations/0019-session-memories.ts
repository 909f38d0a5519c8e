import type { Knex } from 'knex';

/**
 * Memories of one conversation only (memory_mode `session`): used in it and nowhere else, and gone with it. What stands
 * once an assistant stands once a session besides.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table memories add column session_id uuid references conversations (id) on delete cascade;
    create index memories_session_id_idx on memories (session_id) where session_id is not null;

    drop index memories_fingerprint_key;
    create unique index memories_fingerprint_key on memories (assistant_id, fingerprint)
      where is_active and superseded_by_id is null and session_id is null;
    create unique index memories_session_fingerprint_key on memories (session_id, fingerprint)
      where is_active and superseded_by_id is null and session_id is not null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    delete from memories where session_id is not null;
    drop index memories_session_fingerprint_key;
    drop index memories_fingerprint_key;
    create unique index memories_fingerprint_key on memories (assistant_id, fingerprint)
      where is_active;
    alter table memories drop column session_id;
  `);
}
