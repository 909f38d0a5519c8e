import type { Knex } from 'knex';

/** Workers that live, with the queues they serve: a queue that nobody serves is to be noticed. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table workers (
      name text primary key check (char_length(name) <= 100),
      queues text[] not null,
      seen_at timestamptz not null default now()
    );
    create index workers_seen_at_idx on workers (seen_at);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table workers');
}
