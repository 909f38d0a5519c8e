import type { Knex } from 'knex';
import type { Job } from '#shared/domain/types.ts';
import { jobProgressReader } from './queries/job-progress.ts';
import type { JobProgressReader } from './queries/job-progress.ts';
import { chunkSearchReader } from './queries/search-chunks.ts';
import type { ChunkSearchReader } from './queries/search-chunks.ts';
import { settleIngest } from './settle-ingest.ts';
import { accountDeletionWriter } from './stores/account-deletion-store.ts';
import type { AccountDeletionWriter } from './stores/account-deletion-store.ts';
import { accountExportReader, accountExportWriter } from './stores/account-export-store.ts';
import type { AccountExportReader, AccountExportWriter } from './stores/account-export-store.ts';
import { apiKeyReader, apiKeyWriter } from './stores/api-key-store.ts';
import type { ApiKeyReader, ApiKeyWriter } from './stores/api-key-store.ts';
import { assistantReader, assistantWriter } from './stores/assistant-store.ts';
import type { AssistantReader, AssistantWriter } from './stores/assistant-store.ts';
import { auditReader, auditWriter } from './stores/audit-store.ts';
import type { AuditReader, AuditWriter } from './stores/audit-store.ts';
import { chunkReader, chunkWriter } from './stores/chunk-store.ts';
import type { ChunkReader, ChunkWriter } from './stores/chunk-store.ts';
import { credentialKeyReader, credentialKeyWriter } from './stores/credential-key-store.ts';
import type { CredentialKeyReader, CredentialKeyWriter } from './stores/credential-key-store.ts';
import { credentialReader, credentialWriter } from './stores/credential-store.ts';
import type { CredentialReader, CredentialWriter } from './stores/credential-store.ts';
import { documentReader, documentWriter } from './stores/document-store.ts';
import type { DocumentReader, DocumentWriter } from './stores/document-store.ts';
import { embeddingModelReader, embeddingModelWriter } from './stores/embedding-model-store.ts';
import type { EmbeddingModelReader, EmbeddingModelWriter } from './stores/embedding-model-store.ts';
import { invitationReader, invitationWriter } from './stores/invitation-store.ts';
import type { InvitationReader, InvitationWriter } from './stores/invitation-store.ts';
import { jobReader, jobWriter } from './stores/job-store.ts';
import type { JobReader, JobWriter } from './stores/job-store.ts';
import { maintenanceWriter } from './stores/maintenance-store.ts';
import type { MaintenanceWriter } from './stores/maintenance-store.ts';
import { passwordResetReader, passwordResetWriter } from './stores/password-reset-store.ts';
import type { PasswordResetReader, PasswordResetWriter } from './stores/password-reset-store.ts';
import { quotaReader, quotaWriter } from './stores/quota-store.ts';
import type { QuotaReader, QuotaWriter } from './stores/quota-store.ts';
import { retrievalWriter } from './stores/retrieval-store.ts';
import type { RetrievalWriter } from './stores/retrieval-store.ts';
import { revisionReader, revisionWriter } from './stores/revision-store.ts';
import type { RevisionReader, RevisionWriter } from './stores/revision-store.ts';
import { documentFileReader, documentFileWriter } from './stores/document-file-store.ts';
import type { DocumentFileReader, DocumentFileWriter } from './stores/document-file-store.ts';
import { sessionReader, sessionWriter } from './stores/session-store.ts';
import type { SessionReader, SessionWriter } from './stores/session-store.ts';
import { canaryReader, canaryWriter } from './stores/canary-store.ts';
import type { CanaryReader, CanaryWriter } from './stores/canary-store.ts';
import { systemUserWriter } from './stores/system-user-store.ts';
import type { SystemUserWriter } from './stores/system-user-store.ts';
import { vectorBuildReader, vectorBuildWriter } from './stores/vector-build-store.ts';
import type { VectorBuildReader, VectorBuildWriter } from './stores/vector-build-store.ts';
import { userReader, userWriter } from './stores/user-store.ts';
import type { UserReader, UserWriter } from './stores/user-store.ts';

/** Everything that can be asked; safe on a replica. */
export interface Readers {
  readonly users: UserReader;
  readonly sessions: SessionReader;
  readonly passwordResets: PasswordResetReader;
  readonly invitations: InvitationReader;
  readonly assistants: AssistantReader;
  readonly documents: DocumentReader;
  readonly documentFiles: DocumentFileReader;
  readonly revisions: RevisionReader;
  readonly chunks: ChunkReader;
  readonly jobs: JobReader;
  readonly jobProgress: JobProgressReader;
  readonly embeddingModels: EmbeddingModelReader;
  readonly vectorBuilds: VectorBuildReader;
  readonly canary: CanaryReader;
  readonly credentials: CredentialReader;
  readonly credentialKeys: CredentialKeyReader;
  readonly search: ChunkSearchReader;
  readonly quotas: QuotaReader;
  readonly accountExports: AccountExportReader;
  readonly apiKeys: ApiKeyReader;
  readonly audit: AuditReader;
}

/** Everything that can be changed; exists only inside a transaction. */
export interface Writers {
  readonly users: UserWriter;
  readonly sessions: SessionWriter;
  readonly passwordResets: PasswordResetWriter;
  readonly invitations: InvitationWriter;
  readonly assistants: AssistantWriter;
  readonly documents: DocumentWriter;
  readonly documentFiles: DocumentFileWriter;
  readonly revisions: RevisionWriter;
  readonly chunks: ChunkWriter;
  readonly jobs: JobWriter;
  readonly embeddingModels: EmbeddingModelWriter;
  readonly vectorBuilds: VectorBuildWriter;
  readonly systemUser: SystemUserWriter;
  readonly canary: CanaryWriter;
  readonly credentials: CredentialWriter;
  readonly credentialKeys: CredentialKeyWriter;
  readonly retrievals: RetrievalWriter;
  readonly quotas: QuotaWriter;
  readonly accountExports: AccountExportWriter;
  readonly accountDeletions: AccountDeletionWriter;
  readonly maintenance: MaintenanceWriter;
  readonly apiKeys: ApiKeyWriter;
  readonly audit: AuditWriter;
  /** Brings an ingestion and its document in line with its parts; returns jobs to deliver. See `settleIngest`. */
  settleIngest(ingestId: string | null): Promise<Job[]>;
}

export function createReaders(connection: Knex): Readers {
  return {
    users: userReader(connection),
    sessions: sessionReader(connection),
    passwordResets: passwordResetReader(connection),
    invitations: invitationReader(connection),
    assistants: assistantReader(connection),
    documents: documentReader(connection),
    documentFiles: documentFileReader(connection),
    revisions: revisionReader(connection),
    chunks: chunkReader(connection),
    jobs: jobReader(connection),
    jobProgress: jobProgressReader(connection),
    embeddingModels: embeddingModelReader(connection),
    vectorBuilds: vectorBuildReader(connection),
    canary: canaryReader(connection),
    credentials: credentialReader(connection),
    credentialKeys: credentialKeyReader(connection),
    search: chunkSearchReader(connection),
    quotas: quotaReader(connection),
    accountExports: accountExportReader(connection),
    apiKeys: apiKeyReader(connection),
    audit: auditReader(connection),
  };
}

export function createWriters(trx: Knex.Transaction): Writers {
  return {
    users: userWriter(trx),
    sessions: sessionWriter(trx),
    passwordResets: passwordResetWriter(trx),
    invitations: invitationWriter(trx),
    assistants: assistantWriter(trx),
    documents: documentWriter(trx),
    documentFiles: documentFileWriter(trx),
    revisions: revisionWriter(trx),
    chunks: chunkWriter(trx),
    jobs: jobWriter(trx),
    embeddingModels: embeddingModelWriter(trx),
    vectorBuilds: vectorBuildWriter(trx),
    systemUser: systemUserWriter(trx),
    canary: canaryWriter(trx),
    credentials: credentialWriter(trx),
    credentialKeys: credentialKeyWriter(trx),
    retrievals: retrievalWriter(trx),
    quotas: quotaWriter(trx),
    accountExports: accountExportWriter(trx),
    accountDeletions: accountDeletionWriter(trx),
    maintenance: maintenanceWriter(trx),
    apiKeys: apiKeyWriter(trx),
    audit: auditWriter(trx),
    settleIngest: (ingestId) => settleIngest(trx, ingestId),
  };
}
