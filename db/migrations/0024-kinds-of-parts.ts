import type { Knex } from 'knex';

/**
 * Parts of a group by what they are and how they stand, so that one of each is found without reading all of them; see
 * `db/parts-of-ingest.ts`. The index takes the place of the one that had the group alone.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index jobs_parts_idx on jobs
      (parent_id, type, coalesce(payload ->> 'model_id', ''), status, (error is null)) where parent_id is not null;
    drop index jobs_parent_id_idx;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    create index jobs_parent_id_idx on jobs (parent_id) where parent_id is not null;
    drop index jobs_parts_idx;
  `);
}
