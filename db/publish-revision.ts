import type { Knex } from 'knex';

interface PublishedDocument {
  readonly user_id: string;
  readonly assistant_id: string;
  readonly language: string;
  readonly live_revision: number | null;
}

/**
 * Makes a revision of a document the one that search reads, or takes the document out of search: the only place that
 * writes `live_revision`, so that the counts of full-text ranking equal what is live. Does nothing when the revision is
 * live already.
 *
 * The chunks of a live revision must not change; to replace or delete them, publish null first, in the same transaction.
 * It locks the document and then the user's statistics until the end of the transaction: transactions that lock other
 * rows (jobs, documents) do so before this call, or two of them may wait for each other.
 *
 * @param revision the revision whose chunks and vectors are complete; null for none
 */
export async function publishRevision(
  trx: Knex.Transaction,
  documentId: string,
  revision: number | null,
): Promise<void> {
  const document = await trx('documents')
    .where('id', documentId)
    .forUpdate()
    .first<PublishedDocument | undefined>('user_id', 'assistant_id', 'language', 'live_revision');
  if (document === undefined || document.live_revision === revision) return;
  await lockStatistics(trx, document.user_id);
  if (document.live_revision !== null) await subtract(trx, document.user_id, [documentId]);
  if (revision !== null) await add(trx, document, documentId, revision);
  await trx('documents').where('id', documentId).update({ live_revision: revision });
}

/**
 * Takes many documents of one user out of search in one go; the same as publishing null of each, and with the same locks.
 */
export async function withdrawDocuments(
  trx: Knex.Transaction,
  documentIds: readonly string[],
): Promise<void> {
  const documents = await trx('documents')
    .whereRaw('id = any(?)', [[...documentIds]])
    .orderBy('id')
    .forUpdate()
    .select<{ id: string; user_id: string; live_revision: number | null }[]>(
      'id',
      'user_id',
      'live_revision',
    );
  const live = documents.filter(({ live_revision: revision }) => revision !== null);
  const [first] = live;
  if (first === undefined) return;
  const ids = live.map(({ id }) => id);
  await lockStatistics(trx, first.user_id);
  await subtract(trx, first.user_id, ids);
  await trx('documents').whereRaw('id = any(?)', [ids]).update({ live_revision: null });
}

/** Positions of chunks, `to` exclusive. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const WHOLE: Span = { from: 0, to: 2 ** 31 - 1 };

/**
 * Changes the lexemes of some chunks of a document, whose row is locked: the counts of the words that are live follow.
 *
 * @param change writes `search_vector` of the chunks of the span and nothing else
 */
export async function recount(
  trx: Knex.Transaction,
  document: { readonly id: string; readonly userId: string; readonly liveRevision: number | null },
  span: Span,
  change: () => Promise<void>,
): Promise<void> {
  const { id, userId, liveRevision } = document;
  if (liveRevision === null) return change();
  await lockStatistics(trx, userId);
  await subtractTerms(trx, userId, [id], span);
  await change();
  await addTerms(trx, { userId, documentId: id, revision: liveRevision, ...span });
}

async function lockStatistics(trx: Knex.Transaction, userId: string): Promise<void> {
  await trx.raw(`select pg_advisory_xact_lock(hashtextextended('text_statistics ' || ?::text, 0))`, [userId]);
}

async function addTerms(
  trx: Knex.Transaction,
  values: Span & { readonly userId: string; readonly documentId: string; readonly revision: number },
): Promise<void> {
  await trx.raw(
    `insert into term_statistics as s (user_id, term, chunk_count)
     select :userId, n.term, n.chunk_count
     from (select term.lexeme as term, count(*) as chunk_count
       from document_chunks c cross join lateral unnest(c.search_vector) as term
       where c.document_id = :documentId and c.revision = :revision
         and c.position >= :from and c.position < :to
       group by term.lexeme) n
     on conflict (user_id, term) do update set chunk_count = s.chunk_count + excluded.chunk_count`,
    { ...values },
  );
}

/** Takes the words of what search reads of these documents out of the counts. */
async function subtractTerms(
  trx: Knex.Transaction,
  userId: string,
  documentIds: readonly string[],
  span: Span,
): Promise<void> {
  await trx.raw(
    `with gone as materialized (
       select term.lexeme as term, count(*) as chunk_count
       from documents d
       join document_chunks c on c.document_id = d.id and c.revision = d.live_revision
         and c.position >= :from and c.position < :to
       cross join lateral unnest(c.search_vector) as term
       where d.id = any(:documentIds)
       group by term.lexeme),
     last as (
       delete from term_statistics s using gone
       where s.user_id = :userId and s.term = gone.term and s.chunk_count <= gone.chunk_count)
     update term_statistics s set chunk_count = s.chunk_count - gone.chunk_count
     from gone where s.user_id = :userId and s.term = gone.term and s.chunk_count > gone.chunk_count`,
    { userId, documentIds: [...documentIds], ...span },
  );
}

async function add(
  trx: Knex.Transaction,
  document: PublishedDocument,
  documentId: string,
  revision: number,
): Promise<void> {
  const { user_id: userId, assistant_id: assistantId, language } = document;
  await addTerms(trx, { userId, documentId, revision, ...WHOLE });
  await trx.raw(
    `insert into text_statistics as s (user_id, assistant_id, language, chunk_count, token_count)
     select :userId, :assistantId, :language, count(*), coalesce(sum(c.token_count), 0)
     from document_chunks c where c.document_id = :documentId and c.revision = :revision
     on conflict (user_id, assistant_id, language) do update
     set chunk_count = s.chunk_count + excluded.chunk_count, token_count = s.token_count + excluded.token_count`,
    { userId, assistantId, language, documentId, revision },
  );
}

/** Takes what search reads of these documents out of the counts. */
async function subtract(
  trx: Knex.Transaction,
  userId: string,
  documentIds: readonly string[],
): Promise<void> {
  await subtractTerms(trx, userId, documentIds, WHOLE);
  await trx.raw(
    `update text_statistics s
     set chunk_count = s.chunk_count - gone.chunk_count, token_count = s.token_count - gone.token_count
     from (select d.assistant_id, d.language, count(*) as chunk_count, sum(c.token_count) as token_count
       from documents d join document_chunks c on c.document_id = d.id and c.revision = d.live_revision
       where d.id = any(:documentIds)
       group by d.assistant_id, d.language) gone
     where s.user_id = :userId and s.assistant_id = gone.assistant_id and s.language = gone.language`,
    { userId, documentIds: [...documentIds] },
  );
}
