import type { Knex } from 'knex';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { StaleModelError } from './kept-model.ts';
import type { ChunkCounts, QueryTerm } from './text-ranking.ts';

export interface ScopeQuestion {
  readonly userId: string;
  readonly assistantId?: string | undefined;
  readonly documentIds?: readonly string[] | undefined;
  readonly query: string;
  /** Model whose vectors are to be compared. */
  readonly modelId?: number | undefined;
}

/** What has to be known before a search over chunks can be planned. */
export interface SearchScope {
  /** As `publishRevision` keeps them, for each assistant and language. */
  readonly counts: ChunkCounts;
  /** The lexemes of the query in each language that the user's documents have. */
  readonly terms: readonly QueryTerm[];
  /** About how many vectors there are, of all users. */
  readonly vectors: number;
}

/**
 * Reads all of it in one statement, for each further one costs a search another way to the database and back; and configures the
 * transaction, likewise.
 *
 * @throws StaleModelError when the vectors of the model are being dropped
 */
export async function readScope(trx: Knex, question: ScopeQuestion): Promise<SearchScope> {
  const { documentIds } = question;
  // Compiling a query of some milliseconds takes longer than running it.
  const { rows } = await trx.raw<{ rows: Row[] }>(
    `select coalesce(sum(chunk_count), 0)::bigint as chunk_count, coalesce(sum(token_count), 0)::bigint as token_count,
      coalesce(sum(chunk_count) filter (where :assistantId::uuid is null or assistant_id = :assistantId::uuid), 0)::bigint
        as scope_chunk_count,
      (select greatest(reltuples, 0)::bigint from pg_class where oid = 'chunk_embeddings'::regclass) as vectors,
      exists (select from embedding_models
        where id = :modelId::integer and not is_active and state in ('dropping', 'dropped')) as dropped,
      (select json_agg(json_build_object('term', q.term, 'count', q.count, 'chunkCount', coalesce(s.chunk_count, 0)))
        from (
          select lexeme.lexeme as term, max(cardinality(lexeme.positions)) as count
          from (select distinct language from text_statistics where user_id = :userId and chunk_count > 0) l
          cross join lateral unnest(to_tsvector(l.language::regconfig, translate(:query::text, '/-', '  '))) as lexeme
          group by lexeme.lexeme
        ) q
        left join term_statistics s on s.user_id = :userId and s.term = q.term) as terms,
      set_config('jit', 'off', true)
    from text_statistics where user_id = :userId`,
    {
      userId: question.userId,
      assistantId: question.assistantId ?? null,
      query: question.query.replaceAll('\0', ' '),
      modelId: question.modelId ?? null,
    },
  );
  const { terms, vectors, dropped, ...counts } = fromRow<
    ChunkCounts & { terms: QueryTerm[] | null; vectors: number; dropped: boolean }
  >(rows[0] ?? {});
  if (dropped) throw new StaleModelError(`the vectors of model ${question.modelId} are being dropped`);
  const inDocuments =
    documentIds === undefined ? Infinity : await countDocumentChunks(trx, question.userId, documentIds);
  return {
    counts: { ...counts, scopeChunkCount: Math.min(counts.scopeChunkCount, inDocuments) },
    terms: terms ?? [],
    vectors,
  };
}

async function countDocumentChunks(trx: Knex, userId: string, ids: readonly string[]): Promise<number> {
  const row = await trx('documents')
    .where('user_id', userId)
    .whereIn('id', [...ids])
    .whereNotNull('live_revision')
    .sum<{ sum: number | string | null }[]>({ sum: 'chunk_count' })
    .first();
  return Number(row?.sum ?? 0);
}
