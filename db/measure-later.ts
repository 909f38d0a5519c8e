import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { jobCatalog } from '#shared/queue/catalog.ts';
import { traceColumns } from './trace-columns.ts';

/** Changes of an assistant within this time are measured together. */
const DELAY_MS = 2_000;

/** The job of another transaction may end between two statements of this one, but hardly this often. */
const TRIES = 10;

/**
 * Has the metrics of assistants measured anew, soon after the commit, by one job each that the relay hands over. It must
 * be the last thing a transaction does: here it waits for others that change the same assistant, in the order of ids.
 *
 * Nothing is missed: a job that is there already is locked until the commit, so that it looks at the tables only then; one
 * that has looked is gone, and a new one is made.
 */
export async function measureLater(
  trx: Knex.Transaction,
  assistantIds: Iterable<string | null>,
): Promise<void> {
  const ids = [...new Set(assistantIds)].filter((id) => id !== null).sort();
  for (const id of ids) await measureOneLater(trx, id);
}

async function measureOneLater(trx: Knex.Transaction, assistantId: string): Promise<void> {
  const key = `assistant.measure:${assistantId}`;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const waiting = (await trx('jobs')
      .where('dedupe_key', key)
      .whereIn('status', ['queued', 'running'])
      .forShare()
      .first('id')) as unknown;
    if (waiting !== undefined) return;
    const assistant = await trx('assistants')
      .where('id', assistantId)
      .whereNull('deleted_at')
      .first<{ user_id: string } | undefined>('user_id');
    if (assistant === undefined || (await insertJob(trx, assistantId, assistant.user_id, key))) return;
  }
  throw new Error(`the job that measures assistant ${assistantId} comes and goes`);
}

/** Returns whether there was none yet. */
async function insertJob(
  trx: Knex.Transaction,
  assistantId: string,
  userId: string,
  key: string,
): Promise<boolean> {
  const { queue, priority } = jobCatalog['assistant.measure'];
  const trace = traceColumns();
  const { rowCount } = await trx.raw<{ rowCount: number }>(
    `insert into jobs (id, user_id, assistant_id, type, queue, priority, payload, dedupe_key, correlation_id, traceparent,
       tracestate, run_at)
     values (?, ?, ?, 'assistant.measure', ?, ?, ?::jsonb, ?, ?, ?, ?, now() + ? * interval '1 ms')
     on conflict (dedupe_key) where dedupe_key is not null and status in ('queued', 'running') do nothing`,
    [
      uuidv7(),
      userId,
      assistantId,
      queue,
      priority,
      JSON.stringify({ assistant_id: assistantId }),
      key,
      trace.correlation_id,
      trace.traceparent,
      trace.tracestate,
      DELAY_MS,
    ],
  );
  return rowCount === 1;
}
