import type { Knex } from 'knex';
import type { Delivery } from '#shared/queue/job-ledger.ts';
import type { JobFailure, JobStatus } from '#shared/domain/types.ts';
import { withCorrelation } from '#shared/logging/correlation.ts';
import { plainSpan } from '#shared/tracing/span.ts';
import { parseTrace } from '#shared/tracing/trace-context.ts';
import { deliveriesOf, jobWriter } from './stores/job-store.ts';

interface Ended {
  readonly id: string;
  readonly user_id: string;
  readonly status: JobStatus;
  readonly error: JobFailure | null;
  readonly finished_at: Date;
  readonly correlation_id: string | null;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
}

/**
 * Makes a `webhook.deliver` job for every job with a webhook that has ended and was not announced yet. It looks at the
 * table instead of being called where jobs end, so that no way to end is forgotten. Several may run side by side.
 */
export async function announceEnds(trx: Knex.Transaction, limit: number): Promise<Delivery[]> {
  const ended = await trx('jobs')
    .whereNotNull('webhook_url')
    .whereNull('webhook_job_id')
    .whereNotNull('finished_at')
    .orderBy('finished_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .select<Ended[]>(
      'id',
      'user_id',
      'status',
      'error',
      'finished_at',
      'correlation_id',
      'traceparent',
      'tracestate',
    );
  const deliveries: Delivery[] = [];
  for (const job of ended) deliveries.push(...(await announce(trx, job)));
  return deliveries;
}

async function announce(trx: Knex.Transaction, job: Ended): Promise<Delivery[]> {
  const payload = {
    job_id: job.id,
    status: job.status,
    code: job.error?.code ?? null,
    ended_at: job.finished_at.toISOString(),
  };
  // What is done for the webhook belongs to the request that asked for the job.
  const trace = parseTrace(job.traceparent, job.tracestate);
  const made = await withCorrelation(
    job.correlation_id ?? job.id,
    () => jobWriter(trx).insert([{ type: 'webhook.deliver', userId: job.user_id, payload }]),
    trace && plainSpan(trace),
  );
  await trx('jobs')
    .where('id', job.id)
    .update({ webhook_job_id: made[0]?.id ?? null });
  return deliveriesOf(made);
}
