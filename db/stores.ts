import type { Knex } from 'knex';
import { jobProgressReader } from './queries/job-progress.ts';
import type { JobProgressReader } from './queries/job-progress.ts';
import { chunkSearchReader } from './queries/search-chunks.ts';
import type { ChunkSearchReader } from './queries/search-chunks.ts';
import { settleIngest } from './settle-ingest.ts';
import { assistantReader, assistantWriter } from './stores/assistant-store.ts';
import type { AssistantReader, AssistantWriter } from './stores/assistant-store.ts';
import { chunkReader, chunkWriter } from './stores/chunk-store.ts';
import type { ChunkReader, ChunkWriter } from './stores/chunk-store.ts';
import { documentReader, documentWriter } from './stores/document-store.ts';
import type { DocumentReader, DocumentWriter } from './stores/document-store.ts';
import { embeddingModelReader, embeddingModelWriter } from './stores/embedding-model-store.ts';
import type { EmbeddingModelReader, EmbeddingModelWriter } from './stores/embedding-model-store.ts';
import { jobReader, jobWriter } from './stores/job-store.ts';
import type { JobReader, JobWriter } from './stores/job-store.ts';
import { retrievalWriter } from './stores/retrieval-store.ts';
import type { RetrievalWriter } from './stores/retrieval-store.ts';
import { sessionReader, sessionWriter } from './stores/session-store.ts';
import type { SessionReader, SessionWriter } from './stores/session-store.ts';
import { userReader, userWriter } from './stores/user-store.ts';
import type { UserReader, UserWriter } from './stores/user-store.ts';

/** Everything that can be asked; safe on a replica. */
export interface Readers {
  readonly users: UserReader;
  readonly sessions: SessionReader;
  readonly assistants: AssistantReader;
  readonly documents: DocumentReader;
  readonly chunks: ChunkReader;
  readonly jobs: JobReader;
  readonly jobProgress: JobProgressReader;
  readonly embeddingModels: EmbeddingModelReader;
  readonly search: ChunkSearchReader;
}

/** Everything that can be changed; exists only inside a transaction. */
export interface Writers {
  readonly users: UserWriter;
  readonly sessions: SessionWriter;
  readonly assistants: AssistantWriter;
  readonly documents: DocumentWriter;
  readonly chunks: ChunkWriter;
  readonly jobs: JobWriter;
  readonly embeddingModels: EmbeddingModelWriter;
  readonly retrievals: RetrievalWriter;
  /** Brings an ingestion and its document in line with its parts; see `settleIngest`. */
  settleIngest(ingestId: string | null): Promise<void>;
}

export function createReaders(connection: Knex): Readers {
  return {
    users: userReader(connection),
    sessions: sessionReader(connection),
    assistants: assistantReader(connection),
    documents: documentReader(connection),
    chunks: chunkReader(connection),
    jobs: jobReader(connection),
    jobProgress: jobProgressReader(connection),
    embeddingModels: embeddingModelReader(connection),
    search: chunkSearchReader(connection),
  };
}

export function createWriters(trx: Knex.Transaction): Writers {
  return {
    users: userWriter(trx),
    sessions: sessionWriter(trx),
    assistants: assistantWriter(trx),
    documents: documentWriter(trx),
    chunks: chunkWriter(trx),
    jobs: jobWriter(trx),
    embeddingModels: embeddingModelWriter(trx),
    retrievals: retrievalWriter(trx),
    settleIngest: (ingestId) => settleIngest(trx, ingestId),
  };
}
