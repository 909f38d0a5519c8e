import type { Knex } from 'knex';

/** When the replies of an archived conversation were found wanting: trust must not rise because a conversation was put away. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `alter table conversation_archives add column corrections timestamptz[] not null default '{}'`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table conversation_archives drop column corrections');
}
