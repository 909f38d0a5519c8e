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
  if (document.live_revision !== null) await subtract(trx, document, documentId, document.live_revision);
  if (revision !== null) await add(trx, document, documentId, revision);
  await trx('documents').where('id', documentId).update({ live_revision: revision });
}

/**
 * Changes the lexemes of some chunks of a document, whose row is locked: the counts of the words that are live follow.
 *
 * @param change writes `search_vector` of the chunks at positions `from` to `to` (exclusive) and nothing else
 */
export async function recount(
  trx: Knex.Transaction,
  document: { readonly id: string; readonly userId: string; readonly liveRevision: number | null },
  { from, to }: { readonly from: number; readonly to: number },
  change: () => Promise<void>,
): Promise<void> {
  if (document.liveRevision === null) return change();
  await lockStatistics(trx, document.userId);
  const { id: documentId, userId, liveRevision: revision } = document;
  const values = { documentId, userId, revision, from, to };
  await subtractTerms(trx, values);
  await change();
  await addTerms(trx, values);
}

const lockStatistics = async (trx: Knex.Transaction, userId: string): Promise<void> => {
  await trx.raw(`select pg_advisory_xact_lock(hashtextextended('text_statistics ' || ?::text, 0))`, [userId]);
};

const TERMS_OF_REVISION = `
  select term.lexeme as term, count(*) as chunk_count
  from document_chunks c cross join lateral unnest(c.search_vector) as term
  where c.document_id = :documentId and c.revision = :revision and c.position >= :from and c.position < :to
  group by term.lexeme`;

type TermBindings = Readonly<Record<string, Knex.RawBinding>>;

async function addTerms(trx: Knex.Transaction, values: TermBindings): Promise<void> {
  await trx.raw(
    // eslint-disable-next-line no-restricted-syntax -- a constant of this file, used twice
    `insert into term_statistics as s (user_id, term, chunk_count)
     select :userId, n.term, n.chunk_count from (${TERMS_OF_REVISION}) n
     on conflict (user_id, term) do update set chunk_count = s.chunk_count + excluded.chunk_count`,
    values,
  );
}

async function subtractTerms(trx: Knex.Transaction, values: TermBindings): Promise<void> {
  await trx.raw(
    // eslint-disable-next-line no-restricted-syntax -- a constant of this file, used twice
    `with gone as materialized (${TERMS_OF_REVISION}),
     last as (
       delete from term_statistics s using gone
       where s.user_id = :userId and s.term = gone.term and s.chunk_count <= gone.chunk_count)
     update term_statistics s set chunk_count = s.chunk_count - gone.chunk_count
     from gone where s.user_id = :userId and s.term = gone.term and s.chunk_count > gone.chunk_count`,
    values,
  );
}

/** Beyond every position of a chunk. */
const NO_POSITION = 2 ** 31 - 1;

async function add(
  trx: Knex.Transaction,
  document: PublishedDocument,
  documentId: string,
  revision: number,
): Promise<void> {
  const values = bindings(document, documentId, revision);
  await addTerms(trx, values);
  await trx.raw(
    `insert into text_statistics as s (user_id, assistant_id, language, chunk_count, token_count)
     select :userId, :assistantId, :language, count(*), coalesce(sum(c.token_count), 0)
     from document_chunks c where c.document_id = :documentId and c.revision = :revision
     on conflict (user_id, assistant_id, language) do update
     set chunk_count = s.chunk_count + excluded.chunk_count, token_count = s.token_count + excluded.token_count`,
    values,
  );
}

async function subtract(
  trx: Knex.Transaction,
  document: PublishedDocument,
  documentId: string,
  revision: number,
): Promise<void> {
  const values = bindings(document, documentId, revision);
  await subtractTerms(trx, values);
  await trx.raw(
    `update text_statistics s
     set chunk_count = s.chunk_count - gone.chunk_count, token_count = s.token_count - gone.token_count
     from (select count(*) as chunk_count, coalesce(sum(c.token_count), 0) as token_count
       from document_chunks c where c.document_id = :documentId and c.revision = :revision) gone
     where s.user_id = :userId and s.assistant_id = :assistantId and s.language = :language`,
    values,
  );
}

const bindings = (document: PublishedDocument, documentId: string, revision: number) => ({
  userId: document.user_id,
  assistantId: document.assistant_id,
  language: document.language,
  documentId,
  revision,
  from: 0,
  to: NO_POSITION,
});
