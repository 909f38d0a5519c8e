import type { Knex } from 'knex';

/**
 * The order of every queue stands in the table, so that it can be made again when Redis has lost it: see
 * `shared/queue/places.ts`. Jobs of an instance of the version before get the first place of medium priority.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table jobs
      add column place integer not null default 600001 check (place between 1 and 2097152),
      -- When it was given a place among higher classes, because it had waited for too long.
      add column promoted_at timestamptz;
    create index jobs_place_idx on jobs (queue, place, run_at) where status = 'queued' and queue is not null;
    create index jobs_turn_idx on jobs (user_id, queue, place) where status = 'queued' and queue is not null;
    create index jobs_promoted_idx on jobs (queue, priority) where status = 'queued' and promoted_at is not null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index jobs_promoted_idx, jobs_turn_idx, jobs_place_idx;
    alter table jobs drop column place, drop column promoted_at;
  `);
}
