import type { Readers } from '#db/stores.ts';
import type { Job } from '#shared/domain/types.ts';
import type { ShownJob } from './job-view.ts';

/** Adds to each job what it shows of its progress, with one query for all of them. */
export async function showJobs(
  read: Pick<Readers, 'jobProgress'>,
  jobs: readonly Job[],
): Promise<ShownJob[]> {
  if (jobs.length === 0) return [];
  const progress = await read.jobProgress.of(jobs);
  return jobs.flatMap((job) => {
    const shown = progress.get(job.id);
    return shown === undefined ? [] : [{ job, shown }];
  });
}
