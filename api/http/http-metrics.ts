import type { RequestHandler } from 'express';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { stateOf } from './request-context.ts';

/** Counts requests in flight and times them by route template, so that ids never become labels. */
export function httpMetrics(metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    metrics.httpInFlight.inc();
    res.once('close', () => {
      const { endpoint, startedAt } = stateOf(res);
      metrics.httpInFlight.dec();
      metrics.httpDuration.observe(
        {
          method: endpoint?.method ?? 'other',
          route: endpoint?.fullPath ?? 'none',
          // Whoever left before there was an answer was told none.
          status: res.headersSent ? String(res.statusCode) : 'aborted',
        },
        Number(process.hrtime.bigint() - startedAt) / 1e9,
      );
    });
    next();
  };
}
