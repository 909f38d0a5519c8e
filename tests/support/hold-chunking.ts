import pg from 'pg';
import type { TestStage } from './test-stage.ts';
import { waitFor } from './wait-for.ts';

/** Stops every worker in the middle of storing chunks until it is released. */
export interface ChunkingHold extends AsyncDisposable {
  /** Resolves when a worker has stored some chunks and waits with the next one. */
  reached(): Promise<void>;
  release(): Promise<void>;
}

const LOCK = 4711;
/** Chunk at which they stop. */
const POSITION = 2;

/** Puts a trigger on the chunks of this test's database that waits for a lock which the test holds. */
export async function holdChunking({ app, sql }: TestStage): Promise<ChunkingHold> {
  await sql(`create function hold_chunking() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(${LOCK}); return new; end $$`);
  await sql(`create trigger hold_chunking before insert on document_chunks for each row
    when (new.position = ${POSITION}) execute function hold_chunking()`);
  const holder = new pg.Client({ connectionString: app.database.url });
  await holder.connect();
  await holder.query('select pg_advisory_lock($1)', [LOCK]);
  const waiting = async (): Promise<boolean> =>
    (await sql(`select 1 from pg_locks where locktype = 'advisory' and objid = ${LOCK} and not granted`))
      .length > 0;
  return {
    reached: async () => {
      await waitFor(waiting, { description: 'a worker to store chunks' });
    },
    release: async () => {
      await holder.query('select pg_advisory_unlock($1)', [LOCK]);
      // The statement that waited goes on; where its worker is dead, its transaction is then rolled back.
      await waitFor(
        async () =>
          (await sql(`select 1 from pg_locks where locktype = 'advisory' and objid = ${LOCK}`)).length === 0,
        { description: 'the held transaction to end' },
      );
    },
    [Symbol.asyncDispose]: async () => {
      await holder.end();
      await sql('drop trigger hold_chunking on document_chunks');
      await sql('drop function hold_chunking');
    },
  };
}
