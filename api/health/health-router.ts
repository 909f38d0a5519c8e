import type { Mount } from '#api/http/routes.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { getHealth, getReadiness } from './health-endpoints.ts';
import { showReady } from '#shared/health/readiness.ts';
import type { Readiness } from '#shared/health/readiness.ts';

export function mountHealth(mount: Mount, readiness: Readiness): void {
  mount(getHealth, () => ({ status: 200, body: { data: { status: 'ok' } } }));
  mount(getReadiness, async () => {
    const faults = await readiness.faults();
    if (faults.length === 0) return { status: 200, body: { data: await showReady(readiness) } };
    throw new AppError('service.unavailable', {
      detail: faults.map((fault) => fault.message).join('; '),
      errors: faults.map(({ part, message }) => ({
        pointer: `/checks/${part}`,
        code: 'check.failed',
        message,
      })),
      retryAfterSeconds: 2,
    });
  });
}
