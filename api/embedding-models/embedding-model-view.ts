import type { RefusedText } from '#db/queries/refused-texts.ts';
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

export const refusedView = (text: RefusedText) => ({
  kind: text.kind,
  id: text.id,
  user_id: text.userId,
  assistant_id: text.assistantId,
  document_id: text.documentId,
  position: text.position,
  error: text.error && { code: text.error.code, message: text.error.message },
  refused_at: text.refusedAt.toISOString(),
});
