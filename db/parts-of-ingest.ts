import type { Knex } from 'knex';
import type { Part } from './judge-ingest.ts';

/**
 * One part of an ingestion for each way in which parts can stand: what it is, of which model, its status, and whether it
 * has an error. What becomes of the ingestion depends on which of these there are and not on how many, so that a document
 * of thousands of parts is judged by reading a handful of rows: each is the next in the index behind the one before.
 */
export async function partsOfIngest(connection: Knex, ingestId: string): Promise<Part[]> {
  const { rows } = await connection.raw<{ rows: Part[] }>(
    `with recursive kinds as (
       (select id, type, coalesce(payload ->> 'model_id', '') as model, status, error is null as is_clean, error, payload
        from jobs where parent_id = :ingestId
        order by type, coalesce(payload ->> 'model_id', ''), status, (error is null) limit 1)
       union all
       select following.* from kinds k cross join lateral (
         select id, type, coalesce(payload ->> 'model_id', ''), status, error is null, error, payload
         from jobs where parent_id = :ingestId
           and (type, coalesce(payload ->> 'model_id', ''), status, (error is null))
             > (k.type, k.model, k.status, k.is_clean)
         order by type, coalesce(payload ->> 'model_id', ''), status, (error is null) limit 1) following)
     select id, type, status, error, payload from kinds`,
    { ingestId },
  );
  return rows;
}
