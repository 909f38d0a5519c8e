import type { Knex } from 'knex';

/** What models read and wrote for a user in a day, and what an operator allows one user of it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table user_quotas
      add column completion_tokens_per_day bigint check (completion_tokens_per_day >= 0);

    create table completion_usage (
      user_id uuid not null references users (id) on delete cascade,
      day date not null,
      tokens bigint not null check (tokens >= 0),
      primary key (user_id, day)
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table completion_usage;
    alter table user_quotas drop column completion_tokens_per_day;
  `);
}
