import type { Mount } from '#api/http/routes.ts';
import type { Readers } from '#db/stores.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { getAssistantMetrics } from './metrics-endpoints.ts';
import { metricsView } from './metrics-view.ts';

export function mountAssistantMetrics(mount: Mount, read: Pick<Readers, 'metrics'>): void {
  mount(getAssistantMetrics, async ({ user, params }) => {
    const metrics = await read.metrics.find(user.id, params.id);
    if (metrics === undefined) throw new AppError('assistant.not_found');
    return { status: 200, body: { data: metricsView(metrics) } };
  });
}
