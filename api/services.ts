import type { Database } from '#db/database.ts';
import type { ModelsInUse } from '#db/models-in-use.ts';
import { createOwnCredentials, ofCompleter } from '#db/own-credential.ts';
import type { Cache } from '#shared/cache/cache.ts';
import type { Config } from '#shared/config/config.ts';
import { createEnvelope } from '#shared/crypto/envelope.ts';
import type { Passwords } from '#shared/crypto/passwords.ts';
import type { Completer } from '#shared/completion/completer.ts';
import type { Embedders } from '#shared/embedding/create-embedder.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { ProviderGuard } from '#shared/net/provider-guard.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import { createAccountService } from './account/account-service.ts';
import type { AccountService } from './account/account-service.ts';
import { createApiKeyService } from './api-keys/api-key-service.ts';
import type { ApiKeyService } from './api-keys/api-key-service.ts';
import type { AssistantCache } from './assistants/assistant-cache.ts';
import { createAssistantService } from './assistants/assistant-service.ts';
import type { AssistantService } from './assistants/assistant-service.ts';
import { createFamilyService } from './assistants/family-service.ts';
import type { FamilyService } from './assistants/family-service.ts';
import { createPartService } from './assistants/part-service.ts';
import type { PartService } from './assistants/part-service.ts';
import type { AuthServices } from './auth/create-auth.ts';
import { createConversationService } from './conversations/conversation-service.ts';
import type { ConversationService } from './conversations/conversation-service.ts';
import { createLiveReplies } from './conversations/live-replies.ts';
import { createMessageService } from './conversations/message-service.ts';
import type { MessageService } from './conversations/message-service.ts';
import { createDocumentService } from './documents/document-service.ts';
import type { DocumentService } from './documents/document-service.ts';
import { createEmbeddingModelService } from './embedding-models/embedding-model-service.ts';
import type { EmbeddingModelService } from './embedding-models/embedding-model-service.ts';
import { createCredentialService } from './integrations/credential-service.ts';
import type { CredentialService } from './integrations/credential-service.ts';
import { createJobService } from './jobs/job-service.ts';
import type { JobService } from './jobs/job-service.ts';
import type { JobWatcher } from './jobs/job-watcher.ts';
import { createReflectionService } from './reflections/reflection-service.ts';
import type { ReflectionService } from './reflections/reflection-service.ts';
import { createPromptService } from './prompts/prompt-service.ts';
import type { PromptService } from './prompts/prompt-service.ts';
import { createMemoryBatchService } from './memories/memory-batch-service.ts';
import { createMemorySearchService } from './memories/memory-search-service.ts';
import { createMemoryService } from './memories/memory-service.ts';
import type { MemoryServices } from './memories/memory-router.ts';
import { createChainService } from './memory-chains/chain-service.ts';
import type { ChainService } from './memory-chains/chain-service.ts';
import { createDeadLetterService } from './admin/dead-letter-service.ts';
import type { DeadLetterService } from './admin/dead-letter-service.ts';
import { createQueueService } from './admin/queue-service.ts';
import type { QueueService } from './admin/queue-service.ts';
import { createWebhookService } from './webhooks/webhook-service.ts';
import type { WebhookService } from './webhooks/webhook-service.ts';
import { createSearchService } from './search/search-service.ts';
import type { SearchService } from './search/search-service.ts';

/** How soon a reply hears that it was cancelled by another instance. */
const REPLY_WATCH_INTERVAL_MS = 1_000;

/** The use cases, one service a feature. */
export interface Services extends MemoryServices {
  readonly auth: AuthServices['auth'];
  readonly sessions: AuthServices['sessions'];
  readonly passwords: AuthServices['passwords'];
  readonly apiKeys: ApiKeyService;
  readonly account: AccountService;
  readonly assistants: AssistantService;
  readonly assistantFamilies: FamilyService;
  readonly assistantParts: PartService;
  readonly prompts: PromptService;
  readonly credentials: CredentialService;
  readonly documents: DocumentService;
  readonly embeddingModels: EmbeddingModelService;
  readonly jobs: JobService;
  readonly search: SearchService;
  readonly reflections: ReflectionService;
  readonly conversations: ConversationService;
  readonly messages: MessageService;
  readonly memoryChains: ChainService;
  readonly webhooks: WebhookService;
  readonly deadLetters: DeadLetterService;
  readonly queues: QueueService;
}

export interface ServiceParts {
  readonly config: Config;
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly producer: JobProducer;
  readonly watcher: JobWatcher;
  readonly embedders: Embedders;
  readonly models: ModelsInUse;
  readonly completer: Completer;
  /** Aborted when what the process has in hand has no more time. */
  readonly ending: AbortSignal;
  readonly guard: ProviderGuard;
  readonly auth: AuthServices;
  readonly passwords: Passwords;
  readonly eventHeartbeatMs: number | undefined;
  readonly cache: Cache;
  readonly assistantCache: AssistantCache;
  readonly onAssistantRead: (userId: string, id: string) => void;
}

/** Puts the use cases together. */
export function createServices(parts: ServiceParts): Services {
  const { config, database } = parts;
  const envelope = createEnvelope(config.integrations.keys);
  const findOwnCredential = createOwnCredentials({ read: database.read, envelope });
  const search = createSearchService({ ...parts, findOwnCredential });
  const live = createLiveReplies({
    ...parts,
    perUser: config.conversations.repliesPerUser,
    intervalMs: REPLY_WATCH_INTERVAL_MS,
  });
  const memories = createMemoryService(parts);
  const webhooks = createWebhookService({ database, envelope, guard: parts.guard });
  return {
    auth: parts.auth.auth,
    sessions: parts.auth.sessions,
    passwords: parts.auth.passwords,
    apiKeys: createApiKeyService(parts),
    account: createAccountService({ ...parts, passwords: parts.auth.passwords }),
    assistants: createAssistantService({
      database,
      cached: parts.assistantCache,
      onRead: parts.onAssistantRead,
    }),
    assistantFamilies: createFamilyService(database),
    assistantParts: createPartService(database),
    prompts: createPromptService(database),
    documents: createDocumentService({ ...parts, webhooks }),
    webhooks,
    embeddingModels: createEmbeddingModelService(parts),
    deadLetters: createDeadLetterService(parts),
    queues: createQueueService(parts),
    jobs: createJobService({ ...parts, eventStreamsPerUser: config.api.eventStreamsPerUser }),
    credentials: createCredentialService({ database, envelope, guard: parts.guard }),
    reflections: createReflectionService(parts),
    search,
    conversations: createConversationService({ database, onGone: () => live.look() }),
    messages: createMessageService({
      ...parts,
      findOwnCredential,
      findCompletionCredential: ofCompleter(findOwnCredential, parts.completer),
      live,
    }),
    memories,
    memoryBatches: createMemoryBatchService({ ...parts, memories }),
    memorySearch: createMemorySearchService({ ...parts, findOwnCredential }),
    memoryChains: createChainService(parts),
  };
}
