import type { Metrics } from '#shared/metrics/metrics.ts';
import { asUnavailable } from './database-errors.ts';
import type { Replica } from './replica.ts';
import type { Replicas } from './replicas.ts';
import type { Readers } from './stores.ts';

type Asked = Record<string, (...args: unknown[]) => Promise<unknown>>;

/** Readers whose every method is a question with one answer; a stream of rows cannot be asked for again elsewhere. */
type Askable = {
  [K in keyof Readers]: Readers[K][keyof Readers[K]] extends (...args: never[]) => Promise<unknown>
    ? K
    : never;
}[keyof Readers];

/**
 * What replicas answer: the questions about what users have made, above all searches and lists. Who may come in, secrets,
 * quotas and models are asked of the primary: their answers cost less than the way to a replica.
 */
const REPLICATED = new Set<string>([
  'assistants',
  'assistantFamilies',
  'assistantIncludes',
  'assistantLineages',
  'assistantParts',
  'delegations',
  'prompts',
  'promptLineages',
  'documents',
  'documentFiles',
  'revisions',
  'chunks',
  'jobs',
  'jobProgress',
  'jobAttempts',
  'deadLetters',
  'search',
  'audit',
  'memories',
  'memoryChains',
  'memorySearch',
  'provenance',
  'metrics',
  'reflections',
  'conversations',
  'messages',
  'personas',
  'resourceVersions',
] satisfies Askable[]);

/** PostgreSQL: an answer that the standby could not finish because rows it read were to be removed. */
const SERIALIZATION_FAILURE = '40001';

/**
 * Readers of which a replica answers what it can. Each question first learns how far the primary is and is put to a replica
 * that is as far, so that an answer lacks nothing that was committed before the question: not in another process, and not
 * by another user.
 */
export function readFromReplicas(
  primary: Readers,
  replicas: Replicas | undefined,
  metrics: Metrics,
): Readers {
  if (replicas === undefined) return primary;
  const routed = new Map<PropertyKey, unknown>();
  for (const name of Object.keys(primary) as (keyof Readers)[])
    if (REPLICATED.has(name))
      routed.set(name, routedReader(name, primary[name] as unknown as Asked, replicas, metrics));
  return new Proxy(primary, {
    get: (readers, name) => routed.get(name) ?? (Reflect.get(readers, name) as unknown),
  });
}

function routedReader(name: keyof Readers, primary: Asked, replicas: Replicas, metrics: Metrics): Asked {
  const ask = async (method: string, args: unknown[]): Promise<unknown> => {
    const replica = await replicas.current();
    if (replica !== undefined) {
      try {
        const answer = await (replica.readers[name] as unknown as Asked)[method]?.(...args);
        metrics.databaseReads.inc({ server: 'replica' });
        return answer;
      } catch (error) {
        if (!isOfReplica(error, replica)) throw error;
        metrics.replicaFallbacks.inc({ replica: replica.name, reason: 'failed' });
      }
    }
    metrics.databaseReads.inc({ server: 'primary' });
    return primary[method]?.(...args);
  };
  return Object.fromEntries(
    Object.keys(primary).map((method) => [method, (...args: unknown[]) => ask(method, args)]),
  );
}

/** Whether the primary may do better. A replica that is away is left out; one that had to give way once is not. */
function isOfReplica(error: unknown, replica: Replica): boolean {
  if (asUnavailable(error) === undefined) return false;
  if ((error as { code?: unknown }).code !== SERIALIZATION_FAILURE) replica.leaveOut('failed', error);
  return true;
}
