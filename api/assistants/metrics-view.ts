import type {
  AssistantMetrics,
  GrowthComponents,
  TrustComponents,
} from '#shared/domain/assistant-metrics.ts';

/** Metrics as clients see them. */
export const metricsView = (metrics: AssistantMetrics) => ({
  assistant_id: metrics.assistantId,
  trust_score: metrics.trustScore,
  trust_level: metrics.trustLevel,
  trust_components: metrics.trustComponents && trustView(metrics.trustComponents),
  growth_level: metrics.growthLevel,
  growth_points: metrics.growthPoints,
  growth_components: metrics.growthComponents && growthView(metrics.growthComponents),
  memory_count: metrics.memoryCount,
  document_count: metrics.documentCount,
  reflection_count: metrics.reflectionCount,
  message_count: metrics.messageCount,
  child_count: metrics.childCount,
  avg_response_ms: metrics.avgResponseMs,
  success_rate: metrics.successRate,
  last_active_at: metrics.lastActiveAt?.toISOString() ?? null,
  computed_at: metrics.computedAt?.toISOString() ?? null,
});

const trustView = (trust: TrustComponents) => ({
  grounding_pct: trust.groundingPct,
  retrievals: trust.retrievals,
  badges: trust.badges,
  reflections_7_days: trust.recentReflections,
  negative_feedback_7_days: trust.recentNegativeFeedback,
  failed_reflections_7_days: trust.recentFailedReflections,
  points: trust.points,
});

const growthView = ({ fallbackRate, embeddedShare, points }: GrowthComponents) => ({
  fallback_rate: fallbackRate,
  embedded_share: embeddedShare,
  points,
});
