import { jobCatalog } from '#shared/queue/catalog.ts';
import type { JobHandlers } from '#shared/queue/consumer.ts';

/** Handlers of all kinds of jobs that do nothing and so succeed. */
export const idleHandlers = Object.fromEntries(
  Object.entries(jobCatalog)
    .filter(([, { queue }]) => queue !== null)
    .map(([type]) => [type, () => Promise.resolve()]),
) as unknown as JobHandlers;
