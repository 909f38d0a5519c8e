import type { Knex } from 'knex';
import type { Job } from '#shared/domain/types.ts';
import { assistantIncludeReader } from './queries/assistant-includes.ts';
import type { AssistantIncludeReader } from './queries/assistant-includes.ts';
import { lineageReader } from './queries/assistant-lineage.ts';
import type { LineageReader } from './queries/assistant-lineage.ts';
import { promptLineageReader } from './queries/prompt-lineage.ts';
import type { PromptLineageReader } from './queries/prompt-lineage.ts';
import { jobProgressReader } from './queries/job-progress.ts';
import type { JobProgressReader } from './queries/job-progress.ts';
import { provenanceReader } from './queries/find-provenance.ts';
import type { ProvenanceReader } from './queries/find-provenance.ts';
import { resourceVersionReader } from './queries/resource-versions.ts';
import type { ResourceVersionReader } from './queries/resource-versions.ts';
import { chunkSearchReader } from './queries/search-chunks.ts';
import type { ChunkSearchReader } from './queries/search-chunks.ts';
import { memorySearchReader } from './queries/search-memories.ts';
import type { MemorySearchReader } from './queries/search-memories.ts';
import { settleIngest } from './settle-ingest.ts';
import { accountDeletionWriter } from './stores/account-deletion-store.ts';
import type { AccountDeletionWriter } from './stores/account-deletion-store.ts';
import { accountExportReader, accountExportWriter } from './stores/account-export-store.ts';
import type { AccountExportReader, AccountExportWriter } from './stores/account-export-store.ts';
import { apiKeyReader, apiKeyWriter } from './stores/api-key-store.ts';
import type { ApiKeyReader, ApiKeyWriter } from './stores/api-key-store.ts';
import { delegationReader, delegationWriter } from './stores/assistant-delegation-store.ts';
import type { DelegationReader, DelegationWriter } from './stores/assistant-delegation-store.ts';
import { assistantDeletionReader, assistantDeletionWriter } from './stores/assistant-deletion-store.ts';
import type { AssistantDeletionReader, AssistantDeletionWriter } from './stores/assistant-deletion-store.ts';
import { assistantFamilyReader, assistantFamilyWriter } from './stores/assistant-family-store.ts';
import type { AssistantFamilyReader, AssistantFamilyWriter } from './stores/assistant-family-store.ts';
import { assistantPartReader, assistantPartWriter } from './stores/assistant-part-store.ts';
import type { AssistantPartReader, AssistantPartWriter } from './stores/assistant-part-store.ts';
import { assistantReader, assistantWriter } from './stores/assistant-store.ts';
import type { AssistantReader, AssistantWriter } from './stores/assistant-store.ts';
import { auditReader, auditWriter } from './stores/audit-store.ts';
import type { AuditReader, AuditWriter } from './stores/audit-store.ts';
import { metricsReader, metricsWriter } from './stores/metrics-store.ts';
import type { MetricsReader, MetricsWriter } from './stores/metrics-store.ts';
import { chunkReader, chunkWriter } from './stores/chunk-store.ts';
import type { ChunkReader, ChunkWriter } from './stores/chunk-store.ts';
import { cacheMarkWriter } from './stores/cache-mark-store.ts';
import type { CacheMarkWriter } from './stores/cache-mark-store.ts';
import { chainEntryWriter } from './stores/chain-entry-store.ts';
import type { ChainEntryWriter } from './stores/chain-entry-store.ts';
import { credentialKeyReader, credentialKeyWriter } from './stores/credential-key-store.ts';
import type { CredentialKeyReader, CredentialKeyWriter } from './stores/credential-key-store.ts';
import { credentialReader, credentialWriter } from './stores/credential-store.ts';
import type { CredentialReader, CredentialWriter } from './stores/credential-store.ts';
import { documentReader, documentWriter } from './stores/document-store.ts';
import type { DocumentReader, DocumentWriter } from './stores/document-store.ts';
import { embeddingModelReader, embeddingModelWriter } from './stores/embedding-model-store.ts';
import type { EmbeddingModelReader, EmbeddingModelWriter } from './stores/embedding-model-store.ts';
import { idempotencyWriter } from './stores/idempotency-store.ts';
import type { IdempotencyWriter } from './stores/idempotency-store.ts';
import { invitationReader, invitationWriter } from './stores/invitation-store.ts';
import type { InvitationReader, InvitationWriter } from './stores/invitation-store.ts';
import { conversationReader, conversationWriter } from './stores/conversation-store.ts';
import type { ConversationReader, ConversationWriter } from './stores/conversation-store.ts';
import { conversationArchiveWriter } from './stores/conversation-archive-store.ts';
import type { ConversationArchiveWriter } from './stores/conversation-archive-store.ts';
import { messageReader, messageWriter } from './stores/message-store.ts';
import type { MessageReader, MessageWriter } from './stores/message-store.ts';
import { ownedPageReader } from './queries/owned-pages.ts';
import { personaReader } from './queries/persona.ts';
import type { PersonaReader } from './queries/persona.ts';
import { jobReader, jobWriter } from './stores/job-store.ts';
import type { JobReader, JobWriter } from './stores/job-store.ts';
import { maintenanceWriter } from './stores/maintenance-store.ts';
import type { MaintenanceWriter } from './stores/maintenance-store.ts';
import { memoryChainReader, memoryChainWriter } from './stores/memory-chain-store.ts';
import type { MemoryChainReader, MemoryChainWriter } from './stores/memory-chain-store.ts';
import { memoryReader, memoryWriter } from './stores/memory-store.ts';
import type { MemoryReader, MemoryWriter } from './stores/memory-store.ts';
import { memoryVectorReader, memoryVectorWriter } from './stores/memory-vector-store.ts';
import type { MemoryVectorReader, MemoryVectorWriter } from './stores/memory-vector-store.ts';
import { passwordResetReader, passwordResetWriter } from './stores/password-reset-store.ts';
import type { PasswordResetReader, PasswordResetWriter } from './stores/password-reset-store.ts';
import { promptReader, promptWriter } from './stores/prompt-store.ts';
import type { PromptReader, PromptWriter } from './stores/prompt-store.ts';
import { quotaReader, quotaWriter } from './stores/quota-store.ts';
import type { QuotaReader, QuotaWriter } from './stores/quota-store.ts';
import { reflectionReader, reflectionWriter } from './stores/reflection-store.ts';
import type { ReflectionReader, ReflectionWriter } from './stores/reflection-store.ts';
import { retrievalHitReader, retrievalHitWriter } from './stores/retrieval-hit-store.ts';
import type { RetrievalHitReader, RetrievalHitWriter } from './stores/retrieval-hit-store.ts';
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
import { deadLetterReader, deadLetterWriter } from './stores/dead-letter-store.ts';
import type { DeadLetterReader, DeadLetterWriter } from './stores/dead-letter-store.ts';
import { jobAttemptReader } from './stores/job-attempt-store.ts';
import type { JobAttemptReader } from './stores/job-attempt-store.ts';
import { webhookSecretReader, webhookSecretWriter } from './stores/webhook-secret-store.ts';
import type { WebhookSecretReader, WebhookSecretWriter } from './stores/webhook-secret-store.ts';

/** Everything that can be asked; safe on a replica. */
export interface Readers {
  readonly users: UserReader;
  readonly sessions: SessionReader;
  readonly passwordResets: PasswordResetReader;
  readonly invitations: InvitationReader;
  readonly assistants: AssistantReader;
  readonly assistantDeletions: AssistantDeletionReader;
  readonly assistantFamilies: AssistantFamilyReader;
  readonly assistantIncludes: AssistantIncludeReader;
  readonly assistantLineages: LineageReader;
  readonly assistantParts: AssistantPartReader;
  readonly delegations: DelegationReader;
  readonly prompts: PromptReader;
  readonly promptLineages: PromptLineageReader;
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
  readonly memories: MemoryReader;
  readonly memoryVectors: MemoryVectorReader;
  readonly memoryChains: MemoryChainReader;
  readonly memorySearch: MemorySearchReader;
  readonly provenance: ProvenanceReader;
  readonly retrievalHits: RetrievalHitReader;
  readonly metrics: MetricsReader;
  readonly reflections: ReflectionReader;
  readonly conversations: ConversationReader;
  readonly messages: MessageReader;
  readonly ownedPages: ReturnType<typeof ownedPageReader>;
  readonly personas: PersonaReader;
  readonly deadLetters: DeadLetterReader;
  readonly jobAttempts: JobAttemptReader;
  readonly webhookSecrets: WebhookSecretReader;
  readonly resourceVersions: ResourceVersionReader;
}

/** Everything that can be changed; exists only inside a transaction. */
export interface Writers {
  readonly users: UserWriter;
  readonly sessions: SessionWriter;
  readonly passwordResets: PasswordResetWriter;
  readonly invitations: InvitationWriter;
  readonly assistants: AssistantWriter;
  readonly assistantDeletions: AssistantDeletionWriter;
  readonly assistantFamilies: AssistantFamilyWriter;
  readonly assistantParts: AssistantPartWriter;
  readonly delegations: DelegationWriter;
  readonly prompts: PromptWriter;
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
  readonly idempotency: IdempotencyWriter;
  readonly memories: MemoryWriter;
  readonly memoryVectors: MemoryVectorWriter;
  readonly memoryChains: MemoryChainWriter;
  readonly chainEntries: ChainEntryWriter;
  readonly cacheMarks: CacheMarkWriter;
  readonly retrievalHits: RetrievalHitWriter;
  readonly metrics: MetricsWriter;
  readonly reflections: ReflectionWriter;
  readonly conversations: ConversationWriter;
  readonly conversationArchives: ConversationArchiveWriter;
  readonly messages: MessageWriter;
  readonly deadLetters: DeadLetterWriter;
  readonly webhookSecrets: WebhookSecretWriter;
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
    assistantDeletions: assistantDeletionReader(connection),
    assistantFamilies: assistantFamilyReader(connection),
    assistantIncludes: assistantIncludeReader(connection),
    assistantLineages: lineageReader(connection),
    assistantParts: assistantPartReader(connection),
    delegations: delegationReader(connection),
    prompts: promptReader(connection),
    promptLineages: promptLineageReader(connection),
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
    memories: memoryReader(connection),
    memoryVectors: memoryVectorReader(connection),
    memoryChains: memoryChainReader(connection),
    memorySearch: memorySearchReader(connection),
    provenance: provenanceReader(connection),
    retrievalHits: retrievalHitReader(connection),
    metrics: metricsReader(connection),
    reflections: reflectionReader(connection),
    conversations: conversationReader(connection),
    messages: messageReader(connection),
    ownedPages: ownedPageReader(connection),
    personas: personaReader(connection),
    deadLetters: deadLetterReader(connection),
    jobAttempts: jobAttemptReader(connection),
    webhookSecrets: webhookSecretReader(connection),
    resourceVersions: resourceVersionReader(connection),
  };
}

/** @param touched takes the assistants whose metrics must be measured again; see `measureLater` */
export function createWriters(trx: Knex.Transaction, touched: Set<string>): Writers {
  return {
    users: userWriter(trx),
    sessions: sessionWriter(trx),
    passwordResets: passwordResetWriter(trx),
    invitations: invitationWriter(trx),
    assistants: assistantWriter(trx),
    assistantDeletions: assistantDeletionWriter(trx),
    assistantFamilies: assistantFamilyWriter(trx),
    assistantParts: assistantPartWriter(trx),
    delegations: delegationWriter(trx),
    prompts: promptWriter(trx),
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
    idempotency: idempotencyWriter(trx),
    memories: memoryWriter(trx),
    memoryVectors: memoryVectorWriter(trx),
    memoryChains: memoryChainWriter(trx),
    chainEntries: chainEntryWriter(trx),
    cacheMarks: cacheMarkWriter(trx),
    retrievalHits: retrievalHitWriter(trx),
    metrics: metricsWriter(trx, touched),
    reflections: reflectionWriter(trx),
    conversations: conversationWriter(trx),
    conversationArchives: conversationArchiveWriter(trx),
    messages: messageWriter(trx),
    settleIngest: async (ingestId) => {
      const { due, endedFor } = await settleIngest(trx, ingestId);
      if (endedFor !== null) touched.add(endedFor);
      return due;
    },
    deadLetters: deadLetterWriter(trx),
    webhookSecrets: webhookSecretWriter(trx),
  };
}
