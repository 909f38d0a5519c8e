import type { RedisClient } from './client.ts';

/** How long an answer of Redis is waited for, in ms. */
const ANSWER_MS = 1_000;

/**
 * Sends commands whose answer a request waits for. A frozen Redis keeps its connections and takes whatever is written,
 * so that under traffic the client's own time-out, which looks at the socket, never comes: one command has to find out,
 * and until it has been answered or given up by the client, others are refused at once.
 *
 * @returns a function that sends one command; it rejects when Redis does not answer in time
 */
export function sendInTime(
  client: Pick<RedisClient, 'sendCommand'>,
  answerMs: number = ANSWER_MS,
): <T>(command: string[]) => Promise<T> {
  let silent = 0;
  return async <T>(command: string[]): Promise<T> => {
    if (silent > 0) throw new Error('Redis does not answer');
    const answer = client.sendCommand<T>(command);
    const timeout = Promise.withResolvers<never>();
    const giveUp = (): void => {
      silent += 1;
      const heard = (): void => void (silent -= 1);
      answer.then(heard, heard);
      timeout.reject(new Error(`Redis has not answered in ${answerMs} ms`));
    };
    let late: NodeJS.Immediate | undefined;
    // Where this process was too busy to listen, the answer may be there: it is read before the immediate runs.
    const timer = setTimeout(() => (late = setImmediate(giveUp)), answerMs);
    try {
      return await Promise.race([answer, timeout.promise]);
    } finally {
      clearTimeout(timer);
      clearImmediate(late);
    }
  };
}
