import type { Knex } from 'knex';

/**
 * What full-text ranking needs: one definition of a chunk's lexemes, an index that looks only at one user's chunks, and
 * the counts of BM25, kept per user by `publishRevision` so that a search need not count.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create extension if not exists btree_gin;

    -- The parser takes "and/or" for a file name; words on both sides of a slash are to be found on their own.
    create function chunk_search_vector(language regconfig, title text, body text) returns tsvector
      language sql immutable parallel safe
      return setweight(to_tsvector(language, translate(title, '/', ' ')), 'A')
        || setweight(to_tsvector(language, translate(body, '/', ' ')), 'D');

    -- For a vector and one term, ts_rank with equal weights is (6/pi^2) * sum of 1/j^2 for j = 1..tf, so tf can be had
    -- back from it; the sum's tail is close to 1/(tf + 1/2). Counting positions in SQL is some thirty times slower.
    create function term_frequency(terms tsvector, term tsquery) returns double precision
      language sql immutable parallel safe
      return round((6 / (pi() * pi())) / (1 - ts_rank('{1,1,1,1}', terms, term)) - 0.5);

    drop index document_chunks_search_vector_idx;
    create index document_chunks_search_vector_idx on document_chunks using gin (user_id, search_vector);

    create table text_statistics (
      user_id uuid not null references users (id) on delete cascade,
      assistant_id uuid not null references assistants (id) on delete cascade,
      language text not null,
      chunk_count bigint not null check (chunk_count >= 0),
      token_count bigint not null check (token_count >= 0),
      primary key (user_id, assistant_id, language)
    );
    create index text_statistics_assistant_id_idx on text_statistics (assistant_id);

    -- Rows of common words are updated with every document; room in the page keeps those updates cheap (HOT).
    create table term_statistics (
      user_id uuid not null references users (id) on delete cascade,
      term text collate "C" not null,
      chunk_count bigint not null check (chunk_count > 0),
      primary key (user_id, term)
    ) with (fillfactor = 70);

    -- What is compared stays in the row; a search reads some thousands of each and must not fetch them from TOAST.
    alter table chunk_embeddings alter column embedding set storage main;
    alter table document_chunks alter column search_vector set storage main;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table document_chunks alter column search_vector set storage extended;
    alter table chunk_embeddings alter column embedding set storage external;
    drop table term_statistics;
    drop table text_statistics;
    drop index document_chunks_search_vector_idx;
    create index document_chunks_search_vector_idx on document_chunks using gin (search_vector);
    drop function term_frequency(tsvector, tsquery);
    drop function chunk_search_vector(regconfig, text, text);
  `);
}
