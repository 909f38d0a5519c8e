import type { Database, Transaction } from '#db/database.ts';

/** Transactions of one process that are done one after the other, in the order in which they were asked for. */
export interface Turns {
  /**
   * Does the work in a transaction when it is its turn, unless the signal has aborted by then. It must not ask for another
   * turn itself.
   */
  transaction<T>(signal: AbortSignal, work: (tx: Transaction) => Promise<T>): Promise<T>;
}

export function createTurns(database: Pick<Database, 'transaction'>): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    transaction: (signal, work) => {
      const turn = last.then(() => {
        signal.throwIfAborted();
        return database.transaction(work);
      });
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
