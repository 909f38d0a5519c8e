import { createHash } from 'node:crypto';
import { toSql } from 'pgvector';
import { v7 as uuidv7 } from 'uuid';
import knex from 'knex';
import type { Knex } from 'knex';
import { publishRevision } from '#db/publish-revision.ts';
import { embeddingModelWriter } from '#db/stores/embedding-model-store.ts';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import { hashedVector } from '#shared/embedding/builtin-embedder.ts';

export interface NewText {
  readonly userId: string;
  readonly assistantId: string;
  readonly title?: string;
  readonly chunks: readonly string[];
  readonly language?: string;
  /** Chunks without vectors, as after `skipped`. */
  readonly withoutVectors?: boolean;
}

/** Documents put straight into the tables, as search finds them after ingestion. */
export interface SearchableCorpus extends AsyncDisposable {
  readonly connection: Knex;
  readonly model: EmbeddingModel;
  addUser(): Promise<{ userId: string; assistantId: string }>;
  addAssistant(userId: string): Promise<string>;
  /** Adds a published document; the ids of its chunks have their order. */
  addDocument(text: NewText): Promise<{ id: string; chunkIds: string[] }>;
  /** Adds chunks of another revision, not published. */
  addRevision(documentId: string, revision: number, text: NewText): Promise<string[]>;
}

export async function createSearchableCorpus(url: string, dimensions = 256): Promise<SearchableCorpus> {
  const connection = knex({ client: 'pg', connection: url, pool: { min: 0, max: 8 } });
  const model = await connection.transaction((trx) =>
    embeddingModelWriter(trx).register({ provider: 'test', name: `hashed-${dimensions}`, dimensions }),
  );
  const addAssistant = async (userId: string): Promise<string> => {
    const id = uuidv7();
    await connection('assistants').insert({ id, user_id: userId, slug: `a-${id}`, name: 'Assistant' });
    return id;
  };
  const addRevision = async (documentId: string, revision: number, text: NewText): Promise<string[]> => {
    const ids = text.chunks.map(() => uuidv7());
    const owner = { user_id: text.userId, assistant_id: text.assistantId, document_id: documentId };
    await connection('document_chunks').insert(
      text.chunks.map((chunk, position) => ({
        ...owner,
        id: ids[position],
        revision,
        position,
        text: chunk,
        char_start: 0,
        char_end: chunk.length,
        token_count: Math.max(1, chunk.split(/\s+/).length),
        fingerprint: createHash('sha256').update(chunk).digest(),
        search_vector: connection.raw('chunk_search_vector(?::regconfig, ?, ?)', [
          text.language ?? 'english',
          text.title ?? 'Untitled',
          chunk,
        ]),
      })),
    );
    if (text.withoutVectors !== true)
      await connection('chunk_embeddings').insert(
        text.chunks.map((chunk, position) => ({
          ...owner,
          chunk_id: ids[position],
          model_id: model.id,
          status: 'embedded',
          embedding: toSql(Array.from(hashedVector(chunk, dimensions))) as string,
        })),
      );
    return ids;
  };
  return {
    connection,
    model,
    addAssistant,
    addRevision,
    addUser: async () => {
      const userId = uuidv7();
      await connection('users').insert({
        id: userId,
        username: `u${userId.replaceAll('-', '').slice(8)}`,
        email: `${userId}@example.org`,
        password_hash: 'none',
      });
      return { userId, assistantId: await addAssistant(userId) };
    },
    addDocument: async (text) => {
      const id = uuidv7();
      await connection('documents').insert({
        id,
        user_id: text.userId,
        assistant_id: text.assistantId,
        title: text.title ?? 'Untitled',
        source_type: 'text',
        filename: 'text.txt',
        mime_type: 'text/plain',
        size: 1,
        sha256: createHash('sha256').update(id).digest(),
        language: text.language ?? 'english',
        status: 'completed',
        chunk_count: text.chunks.length,
      });
      const chunkIds = await addRevision(id, 1, text);
      await connection.transaction((trx) => publishRevision(trx, id, 1));
      return { id, chunkIds };
    },
    [Symbol.asyncDispose]: () => connection.destroy(),
  };
}
