import { AsyncLocalStorage } from 'node:async_hooks';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { asUnavailable } from './database-errors.ts';
import type { Replica } from './replica.ts';
import type { Replicas } from './replicas.ts';
import type { StatementLimits } from './statement-limits.ts';
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

/** PostgreSQL: a question that took too long; to ask it again of the primary would only make two of it. */
const QUERY_CANCELED = '57014';

/**
 * PostgreSQL: an answer that a healthy standby could not finish, because rows it read were to be removed or a table was locked
 * on the primary: serialization_failure, deadlock_detected, lock_not_available.
 */
const GAVE_WAY = new Set<unknown>(['40001', '40P01', '55P03']);

export interface RoutedReads {
  readonly readers: Readers;
  /** Lets `work` read from the primary alone. */
  onPrimary<T>(work: () => Promise<T>): Promise<T>;
}

interface Route {
  readonly replicas: Replicas;
  readonly metrics: Metrics;
  readonly limits: StatementLimits;
  /** Whether whoever asks this wants the primary. */
  readonly staysHome: () => boolean;
}

/**
 * Readers of which a replica answers what it can. Each question first learns how far the primary is and is put to a replica
 * that is as far, so that an answer lacks nothing that was committed before the question: not in another process, and not
 * by another user. So what follows one another never goes back in time either, whichever servers answer.
 */
export function readFromReplicas(
  primary: Readers,
  replicas: Replicas | undefined,
  { metrics, limits }: Pick<Route, 'metrics' | 'limits'>,
): RoutedReads {
  if (replicas === undefined) return { readers: primary, onPrimary: (work) => work() };
  const home = new AsyncLocalStorage<true>();
  const route = { replicas, metrics, limits, staysHome: () => home.getStore() === true };
  const routed = new Map<PropertyKey, unknown>();
  for (const name of Object.keys(primary) as (keyof Readers)[])
    if (REPLICATED.has(name)) routed.set(name, routedReader(name, primary[name] as unknown as Asked, route));
  const readers = new Proxy(primary, {
    get: (all, name) => routed.get(name) ?? (Reflect.get(all, name) as unknown),
  });
  return { readers, onPrimary: (work) => home.run(true, work) };
}

function routedReader(name: keyof Readers, primary: Asked, route: Route): Asked {
  const { replicas, metrics, limits } = route;
  const ask = async (method: string, args: unknown[]): Promise<unknown> => {
    const replica = route.staysHome() ? undefined : await limits.without(() => replicas.current());
    if (replica !== undefined) {
      try {
        const answer = await (replica.readers[name] as unknown as Asked)[method]?.(...args);
        metrics.databaseReads.inc({ server: 'replica' });
        return answer;
      } catch (error) {
        // A statement that was given up is no fault of the replica, and nobody waits for another.
        if (limits.isOver() || !isOfReplica(error, replica)) throw error;
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
  const { code } = error as { code?: unknown };
  if (code === QUERY_CANCELED || asUnavailable(error) === undefined) return false;
  if (!GAVE_WAY.has(code)) replica.leaveOut('failed', error);
  return true;
}
