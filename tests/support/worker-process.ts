import type { Env } from '#shared/config/env.ts';
import { startProductProcess } from './product-process.ts';
import type { ProductProcess } from './product-process.ts';

/** A worker in a process of its own. */
export interface WorkerProcess extends ProductProcess {
  /** Where /health, /health/ready and /metrics are. */
  readonly url: string;
}

/** Starts `worker/main.ts` and waits until it is ready. */
export async function startWorkerProcess(env: Env, root?: string): Promise<WorkerProcess> {
  const { process, ready } = await startProductProcess(
    'worker/main.ts',
    { LOG_LEVEL: 'info', ...env, WORKER_PORT: '0' },
    'worker is running',
    root,
  );
  return { ...process, url: `http://127.0.0.1:${String(ready.port)}` };
}
