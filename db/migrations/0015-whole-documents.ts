import type { Knex } from 'knex';

/**
 * What a document is made of, revision by revision: its file, what was read of it, and when each stage began and ended.
 * The row in `documents` describes the live revision, or the first one until there is any.
 */
export async function up(knex: Knex): Promise<void> {
  await revisions(knex);
  await files(knex);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop trigger document_files_describe on document_files;
    drop function describe_document_file();
    delete from document_files f using documents d where d.id = f.document_id and exists
      (select from document_files o where o.document_id = f.document_id
         and o.revision <= coalesce(d.live_revision, o.revision) and o.revision <> f.revision)
      and f.revision > coalesce(d.live_revision, 0);
    alter table document_files drop constraint document_files_pkey;
    alter table document_files add primary key (document_id);
    drop index document_files_user_id_size_idx;
    alter table document_files drop column revision, drop column assistant_id, drop column source_type,
      drop column filename, drop column mime_type, drop column size, drop column sha256;
    create index document_files_user_id_idx on document_files (user_id);
    drop table document_revisions;
    alter table documents drop constraint documents_id_user_id_key;
  `);
}

async function revisions(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table documents add constraint documents_id_user_id_key unique (id, user_id);

    create table document_revisions (
      document_id uuid not null,
      revision integer not null check (revision > 0),
      user_id uuid not null references users (id) on delete cascade,
      page_count integer check (page_count >= 0),
      pages_without_text integer[] not null default '{}',
      pages_failed integer[] not null default '{}',
      chunk_count integer not null default 0 check (chunk_count >= 0),
      embedded_count integer not null default 0 check (embedded_count >= 0),
      extract_started_at timestamptz,
      extract_finished_at timestamptz,
      chunk_started_at timestamptz,
      chunk_finished_at timestamptz,
      embed_started_at timestamptz,
      embed_finished_at timestamptz,
      verify_started_at timestamptz,
      verify_finished_at timestamptz,
      primary key (document_id, revision),
      foreign key (document_id, user_id) references documents (id, user_id) on delete cascade
    );
    create index document_revisions_user_id_idx on document_revisions (user_id);

    insert into document_revisions (document_id, revision, user_id, page_count, pages_without_text, pages_failed,
      chunk_count, embedded_count)
    select id, revision, user_id, page_count, pages_without_text, pages_failed, chunk_count, embedded_count
    from documents where deleted_at is null;
  `);
}

async function files(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table document_files
      add column revision integer not null default 1 check (revision > 0),
      add column assistant_id uuid references assistants (id) on delete cascade,
      add column source_type text check (source_type in ('pdf', 'text')),
      add column filename text check (char_length(filename) <= 255),
      add column mime_type text,
      add column size bigint check (size > 0),
      add column sha256 bytea check (octet_length(sha256) = 32);

    update document_files f set assistant_id = d.assistant_id, source_type = d.source_type, filename = d.filename,
      mime_type = d.mime_type, size = d.size, sha256 = d.sha256
    from documents d where d.id = f.document_id;

    -- Processes of the version before store bytes alone while an upgrade is under way.
    create function describe_document_file() returns trigger language plpgsql as $$
      begin
        select assistant_id, source_type, filename, mime_type, size, sha256
          into new.assistant_id, new.source_type, new.filename, new.mime_type, new.size, new.sha256
          from documents where id = new.document_id;
        return new;
      end $$;
    create trigger document_files_describe before insert on document_files
      for each row when (new.sha256 is null) execute function describe_document_file();

    alter table document_files
      alter column assistant_id set not null, alter column source_type set not null,
      alter column filename set not null, alter column mime_type set not null,
      alter column size set not null, alter column sha256 set not null;
    alter table document_files drop constraint document_files_pkey;
    alter table document_files add primary key (document_id, revision);
    -- The bytes of a version that is being taken in belong to its document as much as those of the live one.
    create unique index document_files_assistant_id_sha256_key on document_files (assistant_id, sha256);
    -- The bytes of a user are summed from the index alone.
    create index document_files_user_id_size_idx on document_files (user_id) include (size);
    drop index document_files_user_id_idx;
  `);
}
