import express from 'express';
import type { Express } from 'express';
import helmet from 'helmet';
import type { ApiContext } from './context.ts';
import { mountAssistants } from './assistants/assistant-router.ts';
import { mountAuth } from './auth/auth-router.ts';
import { mountDocs } from './docs/docs-router.ts';
import { mountDocuments } from './documents/document-router.ts';
import { mountHealth } from './health/health-router.ts';
import { accessLog } from './http/access-log.ts';
import type { AnyEndpoint } from './http/endpoint.ts';
import { errorHandler, notFound } from './http/error-handler.ts';
import { httpMetrics } from './http/http-metrics.ts';
import { cors } from './http/origin.ts';
import { requestContext } from './http/request-context.ts';
import { createRoutes } from './http/routes.ts';
import { mountJobs } from './jobs/job-router.ts';
import { mountSearch } from './search/search-router.ts';
import packageJson from '../package.json' with { type: 'json' };

export interface Api {
  readonly app: Express;
  readonly endpoints: readonly AnyEndpoint[];
}

/** Puts the API together; a request passes the parts in the order in which they stand here. */
export function createApp(context: ApiContext): Api {
  const { config, logger, metrics, services, cookies, csrf, closing } = context;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('trust proxy', [...config.api.trustProxy]);

  app.use(requestContext());
  app.use(accessLog(logger));
  app.use(httpMetrics(metrics));
  app.use(securityHeaders(config.api.secureCookies));
  app.use((_req, res, next) => {
    // While the process stops, clients should take their next request elsewhere.
    if (closing.signal.aborted) res.set('Connection', 'close');
    next();
  });
  app.use(cors(config.api.allowedOrigins));

  const routes = createRoutes({ ...context, identify: (token) => services.auth.identify(token) });
  mountHealth(routes.mount, context.readiness);
  mountAuth(routes.mount, {
    auth: services.auth,
    cookies,
    csrf,
    sessionTtlSeconds: config.auth.sessionTtlSeconds,
  });
  mountAssistants(routes.mount, services.assistants);
  mountDocuments(routes.mount, services.documents);
  mountJobs(routes.mount, services.jobs);
  mountSearch(routes.mount, services.search);
  mountDocs(routes.mount, routes.endpoints, {
    publicUrl: config.api.publicUrl,
    version: packageJson.version,
    sessionCookie: cookies.sessionName,
  });
  const fallback = notFound(routes.endpoints);
  app.options(/.*/, fallback);
  app.use(routes.router);
  app.use(fallback);
  app.use(errorHandler({ config, logger, metrics }));
  return { app, endpoints: routes.endpoints };
}

/** The docs page gets by with one style sheet of its own; nothing else may load, run, frame or be framed. */
const securityHeaders = (https: boolean) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: https ? { maxAge: 63_072_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'no-referrer' },
  });
