import express from 'express';
import type { Express } from 'express';
import type { ApiContext } from './context.ts';
import { mountApiKeys } from './api-keys/api-key-router.ts';
import { mountAccount } from './account/account-router.ts';
import { mountAssistants } from './assistants/assistant-router.ts';
import { mountAssistantMetrics } from './assistants/metrics-router.ts';
import { mountFamilies } from './assistants/family-router.ts';
import { mountParts } from './assistants/part-router.ts';
import { mountAudit } from './audit/audit-router.ts';
import { mountBatch } from './batch/batch-router.ts';
import { bulks } from './batch/bulk-endpoints.ts';
import { mountBulk } from './batch/bulk-router.ts';
import { createRunBatch } from './batch/run-batch.ts';
import { mountAuth } from './auth/auth-router.ts';
import { mountConversations } from './conversations/conversation-router.ts';
import { mountMessages } from './conversations/message-router.ts';
import { mountDocs } from './docs/docs-router.ts';
import { mountSecurityTxt } from './docs/security-txt.ts';
import { mountDocuments } from './documents/document-router.ts';
import { mountEmbeddingModels } from './embedding-models/embedding-model-router.ts';
import { createGraphqlService } from './graphql/graphql-service.ts';
import { mountGraphql } from './graphql/graphql-router.ts';
import { mountHealth } from './health/health-router.ts';
import { accessLog } from './http/access-log.ts';
import type { AnyEndpoint } from './http/endpoint.ts';
import { errorHandler, notFound } from './http/error-handler.ts';
import { httpMetrics } from './http/http-metrics.ts';
import { cors } from './http/origin.ts';
import { requestContext } from './http/request-context.ts';
import { limitHeaders } from './http/request-headers.ts';
import { createRoutes } from './http/routes.ts';
import { securityHeaders } from './http/security-headers.ts';
import { mountCredentials } from './integrations/credential-router.ts';
import { mountJobs } from './jobs/job-router.ts';
import { mountReflections } from './reflections/reflection-router.ts';
import { mountPrompts } from './prompts/prompt-router.ts';
import { mountMemories } from './memories/memory-router.ts';
import { mountMemoryChains } from './memory-chains/chain-router.ts';
import { mountAdmin } from './admin/admin-router.ts';
import { mountBoard } from './admin/board-router.ts';
import { mountWebhooks } from './webhooks/webhook-router.ts';
import { mountSearch } from './search/search-router.ts';
import packageJson from '../package.json' with { type: 'json' };

export interface Api {
  readonly app: Express;
  readonly endpoints: readonly AnyEndpoint[];
}

/** Puts the API together; a request passes the parts in the order in which they stand here. */
export function createApp(context: ApiContext): Api {
  const { config, logger, metrics, tracer, services, cookies, csrf, closing } = context;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('trust proxy', [...config.api.trustProxy]);

  app.use(requestContext(tracer));
  app.use(accessLog(logger));
  app.use(httpMetrics(metrics));
  app.use(securityHeaders(config.api.secureCookies));
  app.use((_req, res, next) => {
    // While the process stops, clients should take their next request elsewhere.
    if (closing.signal.aborted) res.set('Connection', 'close');
    next();
  });
  app.use(cors(config.api.allowedOrigins));
  app.use(limitHeaders());

  const routes = createRoutes({
    ...context,
    identify: {
      session: services.sessions.identify,
      key: services.apiKeys.identify,
      family: services.sessions.family,
      isAlive: services.sessions.isAlive,
    },
    useNonce: services.apiKeys.useNonce,
  });
  const versions = context.database.read.resourceVersions;
  mountHealth(routes.mount, context.readiness);
  mountAuth(routes.mount, {
    auth: services.auth,
    sessions: services.sessions,
    passwords: services.passwords,
    cookies,
    csrf,
  });
  mountApiKeys(routes.mount, services.apiKeys);
  mountAudit(routes.mount, context.database.read.audit);
  mountAccount(routes.mount, services.account, cookies);
  mountAssistants(routes.mount, services.assistants, versions);
  mountAssistantMetrics(routes.mount, context.database.read);
  mountParts(routes.mount, services.assistantParts, versions);
  mountFamilies(routes.mount, services.assistantFamilies, services.assistants);
  mountPrompts(routes.mount, services.prompts, versions);
  mountDocuments(routes.mount, services.documents, versions);
  mountEmbeddingModels(routes.mount, services.embeddingModels);
  mountCredentials(routes.mount, services.credentials, versions);
  mountJobs(routes.mount, services.jobs);
  mountSearch(routes.mount, services.search);
  mountReflections(routes.mount, services.reflections);
  mountConversations(routes.mount, services.conversations, versions);
  mountMessages(routes.mount, services.messages, context.eventHeartbeatMs);
  mountMemories(routes.mount, services, versions);
  mountMemoryChains(routes.mount, services.memoryChains, versions);
  mountGraphql(routes.mount, createGraphqlService(context));
  mountWebhooks(routes.mount, services.webhooks);
  mountAdmin(routes.mount, services);
  mountBoard(routes.mount);
  const batching = { operations: routes.operations, runBatch: createRunBatch(context) };
  mountBatch(routes.mount, { ...batching, responseMaxBytes: config.limits.batchResponseMaxBytes });
  for (const bulk of bulks) mountBulk(routes.mount, bulk, { ...batching, publicUrl: config.api.publicUrl });
  mountSecurityTxt(routes.mount, {
    contact: config.api.securityContact,
    publicUrl: config.api.publicUrl,
  });
  mountDocs(routes.mount, routes.endpoints, {
    publicUrl: config.api.publicUrl,
    version: packageJson.version,
    sessionCookie: cookies.sessionName,
    refreshCookie: cookies.refreshName,
  });
  const fallback = notFound(routes.endpoints);
  app.options(/.*/, fallback);
  app.use(routes.router);
  app.use(fallback);
  app.use(errorHandler({ config, logger, metrics }));
  return { app, endpoints: routes.endpoints };
}
