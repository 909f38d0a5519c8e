import type { Knex } from 'knex';

/** Lets a purge take the audit events of an account in steps, before the account itself: from the end of its grace on. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create or replace function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          if old.user_id is not null
            and not exists (select from users where id = old.user_id and (purge_after > now()) is not false) then
            return old;
          end if;
        end if;
        raise exception 'audit events are append-only' using errcode = 'insufficient_privilege';
      end $$;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    create or replace function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          if old.user_id is not null and not exists (select from users where id = old.user_id) then
            return old;
          end if;
        end if;
        raise exception 'audit events are append-only' using errcode = 'insufficient_privilege';
      end $$;
  `);
}
