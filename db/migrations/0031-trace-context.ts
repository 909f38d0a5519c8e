import type { Knex } from 'knex';

/** The trace that a job is part of, as the headers of W3C Trace Context that its worker goes on with. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table jobs
      add column traceparent text check (char_length(traceparent) = 55),
      add column tracestate text check (char_length(tracestate) <= 512);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table jobs drop column traceparent, drop column tracestate');
}
