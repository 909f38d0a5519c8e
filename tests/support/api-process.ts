import type { Env } from '#shared/config/env.ts';
import { startProductProcess } from './product-process.ts';
import type { ProductProcess } from './product-process.ts';

/** The API in a process of its own. */
export interface ApiProcess extends ProductProcess {
  readonly url: string;
  readonly metricsUrl: string;
}

/** Starts `api/main.ts`, on free ports unless told otherwise, and waits until it listens. */
export async function startApiProcess(env: Env, root?: string): Promise<ApiProcess> {
  const { process, ready } = await startProductProcess(
    'api/main.ts',
    { PORT: '0', API_METRICS_PORT: '0', ...env, LOG_LEVEL: 'info' },
    'listening',
    root,
  );
  const metricsUrl = `http://127.0.0.1:${String(ready.metrics_port)}/metrics`;
  return { ...process, url: String(ready.address), metricsUrl };
}
