import type { Knex } from 'knex';

/**
 * The parser reads "boundary-layer" as three lexemes, the whole and its parts: the words of compounds counted twice, and
 * the whole, which is rare, outweighed them. Chunks from before keep their wholes, which no query names any more.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create or replace function chunk_search_vector(language regconfig, title text, body text) returns tsvector
      language sql immutable parallel safe
      return setweight(to_tsvector(language, translate(title, '/-', '  ')), 'A')
        || setweight(to_tsvector(language, translate(body, '/-', '  ')), 'D')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    create or replace function chunk_search_vector(language regconfig, title text, body text) returns tsvector
      language sql immutable parallel safe
      return setweight(to_tsvector(language, translate(title, '/', ' ')), 'A')
        || setweight(to_tsvector(language, translate(body, '/', ' ')), 'D')`);
}
