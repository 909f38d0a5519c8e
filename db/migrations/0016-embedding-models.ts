import type { Knex } from 'knex';

/** Several embedding models side by side: one is searched, others are built, kept ready for a way back, or dropped. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table embedding_models
      add column base_url text check (char_length(base_url) <= 500),
      -- Which one is searched is said by is_active alone, which the version before knows too.
      add column state text not null default 'registered'
        check (state in ('registered', 'building', 'standby', 'dropping', 'dropped')),
      add column activated_at timestamptz,
      add column deactivated_at timestamptz;
    update embedding_models set activated_at = created_at where is_active;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table embedding_models drop column base_url, drop column state, drop column activated_at,
      drop column deactivated_at;
  `);
}
