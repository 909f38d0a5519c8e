import { setTimeout as pause } from 'node:timers/promises';
import { Presets, SingleBar } from 'cli-progress';
import type { ApiClient } from './api-client.ts';

interface Job {
  readonly id: string;
  readonly status: string;
  readonly progress: { readonly stage: string | null; readonly percent: number | null } | null;
  readonly error: { readonly code: string; readonly message: string; readonly remedy?: string } | null;
}

/** Shows how far something is: a bar on a terminal, one line for each change elsewhere. */
interface Display {
  show(percent: number, stage: string): void;
  end(): void;
}

function bar(label: string): Display {
  const drawn = new SingleBar(
    { format: `      ${label} [{bar}] {percentage} % {stage}`, hideCursor: true },
    Presets.shades_classic,
  );
  drawn.start(100, 0, { stage: 'queued' });
  return { show: (percent, stage) => drawn.update(percent, { stage }), end: () => drawn.stop() };
}

function lines(label: string): Display {
  let last = '';
  return {
    show: (percent, stage) => {
      const line = `      ${label} ${percent} % ${stage}`;
      if (line !== last) console.log(line);
      last = line;
    },
    end: () => undefined,
  };
}

/**
 * Follows a job to its end, which must be a success.
 *
 * @throws Error with the job's own code and remedy when it fails, or after three minutes
 */
export async function followJob(client: ApiClient, jobId: string, label: string): Promise<void> {
  const display = process.stdout.isTTY ? bar(label) : lines(label);
  try {
    const deadline = Date.now() + 180_000;
    for (;;) {
      const job = await client.get<Job>(`/jobs/${jobId}`);
      if (job.status === 'succeeded') {
        display.show(100, 'done');
        return;
      }
      display.show(Math.floor(job.progress?.percent ?? 0), job.progress?.stage ?? job.status);
      if (['failed', 'cancelled', 'dead'].includes(job.status)) throw new Error(explain(label, job));
      if (Date.now() > deadline) throw new Error(`${label} is still ${job.status} after three minutes`);
      await pause(150);
    }
  } finally {
    display.end();
  }
}

const explain = (label: string, { status, error }: Job): string =>
  `${label}: the job is ${status}${error === null ? '' : ` (${error.code}): ${error.message} ${error.remedy ?? ''}`}`;
