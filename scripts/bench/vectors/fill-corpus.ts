import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { hashedVector } from '#shared/embedding/builtin-embedder.ts';
import { binaryVectors } from './binary-vectors.ts';

/** Passages of one assistant, in documents of so many. */
export interface Filling {
  readonly userId: string;
  readonly assistantId: string;
  /** Passages; asked for one after the other. */
  readonly count: number;
  /** Text of a passage of a document; both are counted from 0. */
  readonly text: (document: number, index: number) => string;
}

/** The model whose vectors are made: the builtin embedder's. */
export interface FilledModel {
  readonly id: number;
  readonly dimensions: number;
}

/** Passages of a document; the last one has what is left. */
export const DOCUMENT_PASSAGES = 50;

/** Passages that are stored at once. */
const STATEMENT = 500;

interface Passage {
  readonly id: string;
  readonly documentId: string;
  readonly position: number;
  readonly text: string;
}

/**
 * Puts published documents straight into the tables, as search finds them after ingestion: documents, chunks, vectors and the
 * counts of full text. Rows keep to all rules by the way they are made, so triggers and foreign keys are not asked where the role
 * may leave that out.
 */
export async function fillCorpus(
  client: pg.Client,
  model: FilledModel,
  fillings: readonly Filling[],
): Promise<void> {
  await client.query('set synchronous_commit = off');
  await client.query('set session_replication_role = replica').catch(() => undefined);
  const type = await client.query<{ oid: number }>(`select 'vector'::regtype::oid::integer as oid`);
  const oid = type.rows[0]?.oid ?? 0;
  // While PostgreSQL stores a part, the next one is embedded.
  let storing: Promise<void> = Promise.resolve();
  for (const filling of fillings)
    for (let start = 0; start < filling.count; start += STATEMENT) {
      const passages = passagesOf(filling, start, Math.min(start + STATEMENT, filling.count));
      const vectors = passages.map(({ text }) => hashedVector(text, model.dimensions));
      await storing;
      storing = store(client, { filling, passages, modelId: model.id, vectors: binaryVectors(vectors, oid) });
      // Whoever awaits it hears of its failure.
      storing.catch(() => undefined);
    }
  await storing;
  await count(client, [...new Set(fillings.map(({ userId }) => userId))]);
  await client.query('set session_replication_role = default').catch(() => undefined);
}

function passagesOf({ text }: Filling, from: number, to: number): Passage[] {
  const passages: Passage[] = [];
  let documentId = '';
  for (let at = from; at < to; at++) {
    const position = at % DOCUMENT_PASSAGES;
    if (position === 0) documentId = uuidv7();
    passages.push({
      id: uuidv7(),
      documentId,
      position,
      text: text(Math.floor(at / DOCUMENT_PASSAGES), position),
    });
  }
  return passages;
}

async function store(
  client: pg.Client,
  part: {
    readonly filling: Filling;
    readonly passages: readonly Passage[];
    readonly modelId: number;
    readonly vectors: Buffer;
  },
): Promise<void> {
  const { passages, filling } = part;
  const owner = [filling.userId, filling.assistantId];
  const documentIds = passages.map(({ documentId }) => documentId);
  const ids = passages.map(({ id }) => id);
  await client.query('begin');
  await client.query(
    `insert into documents (id, user_id, assistant_id, title, source_type, filename, mime_type, size, sha256, language, status,
       chunk_count, embedded_count, live_revision)
     select id, $1, $2, 'Made document', 'text', 'made.txt', 'text/plain', 1, sha256(id::text::bytea), 'english', 'completed',
       count(*), count(*), 1
     from unnest($3::uuid[]) id group by id`,
    [...owner, documentIds],
  );
  await client.query(
    `insert into document_chunks (id, user_id, assistant_id, document_id, revision, position, text, char_start, char_end,
       token_count, fingerprint, search_vector)
     select id, $1, $2, document_id, 1, position, text, 0, length(text), array_length(string_to_array(text, ' '), 1),
       sha256(convert_to(text, 'UTF8')), chunk_search_vector('english', 'Made document', text)
     from unnest($3::uuid[], $4::uuid[], $5::integer[], $6::text[]) as passage (id, document_id, position, text)`,
    [...owner, ids, documentIds, passages.map(({ position }) => position), passages.map(({ text }) => text)],
  );
  await client.query(
    `insert into chunk_embeddings (chunk_id, model_id, user_id, assistant_id, document_id, status, embedding)
     select id, $3, $1, $2, document_id, 'embedded', embedding
     from unnest($4::uuid[], $5::uuid[], $6::vector[]) as passage (id, document_id, embedding)`,
    [...owner, part.modelId, ids, documentIds, part.vectors],
  );
  await client.query('commit');
}

/** Sets the counts of ranking by text to what the tables hold, as `publishRevision` would have by now. */
async function count(client: pg.Client, userIds: readonly string[]): Promise<void> {
  await client.query('delete from text_statistics where user_id = any($1::uuid[])', [userIds]);
  await client.query('delete from term_statistics where user_id = any($1::uuid[])', [userIds]);
  await client.query(
    `insert into text_statistics (user_id, assistant_id, language, chunk_count, token_count)
     select d.user_id, d.assistant_id, d.language, count(*), sum(c.token_count)
     from document_chunks c join documents d on d.id = c.document_id and d.live_revision = c.revision
     where d.user_id = any($1::uuid[]) group by d.user_id, d.assistant_id, d.language`,
    [userIds],
  );
  await client.query(
    `insert into term_statistics (user_id, term, chunk_count)
     select d.user_id, term.lexeme, count(*)
     from document_chunks c join documents d on d.id = c.document_id and d.live_revision = c.revision
     cross join lateral unnest(c.search_vector) as term
     where d.user_id = any($1::uuid[]) group by d.user_id, term.lexeme`,
    [userIds],
  );
}
