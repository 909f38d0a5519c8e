import type { Knex } from 'knex';
import { createIndexOnline, dropIndexOnline } from '../online-index.ts';

/**
 * Lets what has happened end after a time: jobs, audit events and retrievals. What is still needed of the old ones is told
 * by a column, so that whoever deletes finds the others by an index and never passes by what is kept.
 */
export const config = { transaction: false };

/** Every statement stands for itself, and may have been run before by an attempt that was broken off. */
export async function up(knex: Knex): Promise<void> {
  // Whether a newer ingestion of the same document has taken its place.
  await knex.raw('alter table jobs add column if not exists superseded boolean not null default false');
  // Whether it is among the last ones of its assistant, which its metrics are made of.
  await knex.raw('alter table retrievals add column if not exists counted boolean not null default true');
  await knex.raw(`
    update jobs j set superseded = true
    where type = 'document.ingest' and not superseded and document_id is not null and exists (
      select from jobs n where n.document_id = j.document_id and n.type = j.type and n.id > j.id)
  `);
  await createIndexOnline(
    knex,
    'jobs_ended_idx',
    `on jobs (finished_at) where parent_id is null and finished_at is not null
      and (type <> 'document.ingest' or superseded)`,
  );
  await createIndexOnline(
    knex,
    'retrievals_uncounted_idx',
    'on retrievals (created_at) where not counted or assistant_id is null',
  );
  await createIndexOnline(knex, 'audit_events_created_at_idx', 'on audit_events (created_at)');
  await replaceAuditGuard(
    knex,
    `
          if old.created_at < now() - interval '90 days' then return old; end if;`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await replaceAuditGuard(knex, '');
  for (const name of ['audit_events_created_at_idx', 'retrievals_uncounted_idx', 'jobs_ended_idx'])
    await dropIndexOnline(knex, name);
  await knex.raw('alter table retrievals drop column if exists counted');
  await knex.raw('alter table jobs drop column if exists superseded');
}

/** Whatever the setting says, nothing that is younger than 90 days leaves the audit log before its account does. */
async function replaceAuditGuard(knex: Knex, exception: string): Promise<void> {
  // eslint-disable-next-line no-restricted-syntax -- one of two constants
  await knex.raw(`
    create or replace function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then${exception}
          if old.user_id is not null
            and not exists (select from users where id = old.user_id and (purge_after > now()) is not false) then
            return old;
          end if;
        end if;
        raise exception 'audit events are append-only' using errcode = 'insufficient_privilege';
      end $$;
  `);
}
