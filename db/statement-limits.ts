import { AsyncLocalStorage } from 'node:async_hooks';
import type { Knex } from 'knex';

/** How long the statements of a piece of work may take together. */
export interface StatementLimits {
  /** Lets `work` have so long, on every pool that is held to it; what it calls is not asked. */
  within<T>(milliseconds: number, work: () => Promise<T>): Promise<T>;
  /** Runs `work`, which others wait for too, as if nobody had set a limit. */
  without<T>(work: () => Promise<T>): Promise<T>;
  /** Whether the time of the work that asks this is over. */
  isOver(): boolean;
  /** Gives every statement of this pool what is left of the time. */
  hold(connection: Knex): void;
}

export function createStatementLimits(): StatementLimits {
  const deadlines = new AsyncLocalStorage<number | undefined>();
  return {
    within: (milliseconds, work) => deadlines.run(performance.now() + milliseconds, work),
    without: (work) => deadlines.run(undefined, work),
    isOver: () => performance.now() >= (deadlines.getStore() ?? Infinity),
    hold: (connection) => {
      connection.on('start', (statement: Partial<Pick<Knex.QueryBuilder, 'timeout'>>) => {
        const deadline = deadlines.getStore();
        if (deadline === undefined) return;
        const left = Math.max(1, Math.ceil(deadline - performance.now()));
        statement.timeout?.(left, { cancel: true });
      });
    },
  };
}
