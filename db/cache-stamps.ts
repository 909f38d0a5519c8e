import type { Knex } from 'knex';
import type { CacheSubject, Stamps } from '#shared/cache/cache-subject.ts';

/** Statements of one process at a time: what is asked for meanwhile goes into the next one. */
const MOST_RUNNING = 2;

/** Subjects of one statement. */
const MOST_SUBJECTS = 500;

interface Question {
  readonly subject: CacheSubject;
  readonly answer: PromiseWithResolvers<string | undefined>;
}

/**
 * Reads stamps, many by one statement: a question is answered by a statement that was sent after it was asked, and so sees
 * every write that had been answered before.
 */
export function createCacheStamps(connection: Knex): Pick<Stamps, 'of'> {
  const waiting: Question[] = [];
  let running = 0;
  const run = async (): Promise<void> => {
    const questions = waiting.splice(0, MOST_SUBJECTS);
    running += 1;
    try {
      const stamps = await readStamps(
        connection,
        questions.map(({ subject }) => subject),
      );
      questions.forEach(({ answer }, index) => {
        answer.resolve(stamps[index]);
      });
    } catch (error) {
      for (const { answer } of questions) answer.reject(error);
    } finally {
      running -= 1;
      next();
    }
  };
  const next = (): void => {
    if (waiting.length > 0 && running < MOST_RUNNING) void run();
  };
  return {
    of: (subject) => {
      const answer = Promise.withResolvers<string | undefined>();
      waiting.push({ subject, answer });
      next();
      return answer.promise;
    },
  };
}

/** In the order of the subjects; undefined for those that have no mark, because there is no such thing. */
async function readStamps(
  connection: Knex,
  subjects: readonly CacheSubject[],
): Promise<(string | undefined)[]> {
  const { rows } = await connection.raw<{ rows: { stamp: string | null }[] }>(
    'select stamp from cache_stamps(?::text[], ?::uuid[], ?::uuid[]) as stamp',
    [subjects.map(({ kind }) => kind), subjects.map(({ id }) => id), subjects.map(({ userId }) => userId)],
  );
  return rows.map(({ stamp }) => stamp ?? undefined);
}
