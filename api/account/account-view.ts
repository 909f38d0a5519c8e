import type { AccountExport } from '#shared/domain/account-export.ts';
import type { Usage } from '#shared/domain/quotas.ts';

const quotaView = (used: number, limit: number) => ({ used, limit: limit === 0 ? null : limit });

export const usageView = ({ limits, ...usage }: Usage) => ({
  documents: quotaView(usage.documents, limits.documents),
  bytes: quotaView(usage.bytes, limits.bytes),
  embedding_tokens_today: {
    ...quotaView(usage.embeddingTokensToday, limits.embeddingTokensPerDay),
    resets_at: usage.resetsAt.toISOString(),
  },
  completion_tokens_today: {
    ...quotaView(usage.completionTokensToday, limits.completionTokensPerDay),
    resets_at: usage.resetsAt.toISOString(),
  },
});

export const exportView = (one: AccountExport) => ({
  id: one.id,
  job_id: one.jobId,
  status: one.status,
  size: one.size,
  created_at: one.createdAt.toISOString(),
  completed_at: one.completedAt?.toISOString() ?? null,
  expires_at: one.expiresAt?.toISOString() ?? null,
});
