import type { Knex } from 'knex';

/**
 * The history of every job: one row an attempt. A trigger writes it, so that no writer of jobs, of this version or of
 * another that runs beside it, can end an attempt without a trace. Also the mark of dead jobs that were put aside.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table jobs
      -- The process that claimed it last.
      add column worker text check (char_length(worker) <= 100),
      -- When an administrator took a dead job off the list of dead letters.
      add column discarded_at timestamptz,
      add constraint jobs_id_user_id_key unique (id, user_id);
    create index jobs_dead_idx on jobs (id desc) where status = 'dead' and queue is not null and discarded_at is null;

    create table job_attempts (
      id bigint generated always as identity primary key,
      job_id uuid not null,
      user_id uuid not null references users (id) on delete cascade,
      fence bigint not null,
      attempt integer not null,
      worker text,
      started_at timestamptz not null default now(),
      ended_at timestamptz,
      outcome text not null default 'running'
        check (outcome in ('running', 'succeeded', 'retry', 'failed', 'dead', 'cancelled', 'released', 'lost')),
      stage text,
      error jsonb,
      unique (job_id, fence),
      check ((outcome = 'running') = (ended_at is null)),
      foreign key (job_id, user_id) references jobs (id, user_id) on delete cascade
    );
    create index job_attempts_user_id_idx on job_attempts (user_id);
  `);
  await noteAttempts(knex);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop trigger jobs_note_attempt on jobs;
    drop function note_job_attempt();
    drop table job_attempts;
    drop index jobs_dead_idx;
    alter table jobs drop constraint jobs_id_user_id_key, drop column worker, drop column discarded_at;
  `);
}

/** Of a job that is tried again and again, the last 50 attempts are kept. */
async function noteAttempts(knex: Knex): Promise<void> {
  await knex.raw(`
    create function note_job_attempt() returns trigger language plpgsql as $$
      declare
        how text;
      begin
        if old.status = 'running' and (new.status <> 'running' or new.fence > old.fence) then
          how := case
            when new.fence > old.fence or new.lost_workers > old.lost_workers then 'lost'
            when new.status <> 'queued' then new.status
            -- Given back unharmed; one that waits for a quota or a breaker says why it was given back.
            when new.attempts < old.attempts and new.error is not distinct from old.error then 'released'
            else 'retry' end;
          update job_attempts set ended_at = now(), outcome = how,
              error = case when how in ('retry', 'failed', 'dead') then new.error end,
              stage = coalesce(case when how in ('retry', 'failed', 'dead') then new.error ->> 'stage' end,
                old.progress ->> 'stage')
            where job_id = old.id and fence = old.fence and ended_at is null;
        end if;
        if new.fence > old.fence then
          insert into job_attempts (job_id, user_id, fence, attempt, worker)
            values (new.id, new.user_id, new.fence, new.attempts, new.worker);
          delete from job_attempts where job_id = new.id and fence <= new.fence - 50;
        end if;
        return null;
      end $$;
    create trigger jobs_note_attempt after update of status, fence on jobs
      for each row when (old.status is distinct from new.status or old.fence <> new.fence)
      execute function note_job_attempt();
  `);
}
