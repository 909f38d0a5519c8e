import type { Readers } from '#db/stores.ts';
import type { Job } from '#shared/domain/types.ts';
import type { ShownJob } from './job-view.ts';

/** Adds to each job what it shows of its progress and of its webhook, in two queries at most for all of them. */
export async function showJobs(
  read: Pick<Readers, 'jobProgress' | 'jobs'>,
  jobs: readonly Job[],
): Promise<ShownJob[]> {
  if (jobs.length === 0) return [];
  const progress = await read.jobProgress.of(jobs);
  const deliveryIds = jobs.flatMap(({ webhookJobId }) => (webhookJobId === null ? [] : [webhookJobId]));
  const deliveries = deliveryIds.length === 0 ? [] : await read.jobs.findMany(deliveryIds);
  return jobs.flatMap((job) => {
    const shown = progress.get(job.id);
    const webhook = deliveries.find(({ id }) => id === job.webhookJobId);
    return shown === undefined ? [] : [{ job, shown, webhook }];
  });
}
