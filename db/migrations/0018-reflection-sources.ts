import type { Knex } from 'knex';

/** Reflections name the passages and the earlier reflections that they drew on, as they name memories and messages. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table reflections
      add column chunk_ids uuid[] not null default '{}',
      add column reflection_ids uuid[] not null default '{}';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table reflections drop column chunk_ids, drop column reflection_ids;
  `);
}
