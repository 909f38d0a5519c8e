import type { ShownModel } from './embedding-model-service.ts';

export const embeddingModelView = ({ model, progress }: ShownModel) => {
  const { total, embedded, failed } = progress;
  return {
    id: model.id,
    provider: model.provider,
    name: model.name,
    dimensions: model.dimensions,
    base_url: model.baseUrl,
    state: model.state,
    progress: {
      total,
      embedded,
      failed,
      percent: total === 0 ? 100 : Math.floor((embedded / total) * 1000) / 10,
    },
    created_at: model.createdAt.toISOString(),
    activated_at: model.activatedAt?.toISOString() ?? null,
    deactivated_at: model.deactivatedAt?.toISOString() ?? null,
  };
};
