import type { Knex } from 'knex';

/**
 * Why a text has no vector of a model, and the texts that have none, so that a change of the model can be decided by somebody
 * who knows what it costs. Processes of the version before leave the reason out.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table chunk_embeddings add column error jsonb;
    alter table memory_embeddings add column error jsonb;
    create index chunk_embeddings_failed_idx on chunk_embeddings (model_id, chunk_id) where status = 'failed';
    create index memory_embeddings_failed_idx on memory_embeddings (model_id, memory_id) where status = 'failed';
    -- Documents that lack vectors because a model was put in use that refuses some of their passages.
    create index documents_refused_idx on documents (id) where error ->> 'code' = 'document.chunks_refused';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    update documents set status = 'completed', error = null where error ->> 'code' = 'document.chunks_refused';
    drop index documents_refused_idx;
    drop index memory_embeddings_failed_idx;
    drop index chunk_embeddings_failed_idx;
    alter table memory_embeddings drop column error;
    alter table chunk_embeddings drop column error;
  `);
}
