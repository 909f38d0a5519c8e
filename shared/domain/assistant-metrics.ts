export type TrustLevel = 'ready' | 'training' | 'needs_attention';
export type GrowthLevel = 0 | 1 | 2;

/** What a trust score was made of. */
export interface TrustComponents {
  /** Share of the last retrievals whose best hit passed the assistant's threshold, 0..100. */
  readonly groundingPct: number;
  /** Retrievals that were looked at, 50 at most. */
  readonly retrievals: number;
  readonly badges: number;
  /** Completed in the last 7 days, as is all that is called recent. */
  readonly recentReflections: number;
  readonly recentNegativeFeedback: number;
  readonly recentFailedReflections: number;
  readonly points: {
    readonly grounding: number;
    readonly badges: number;
    readonly reflections: number;
    readonly corrections: number;
  };
}

/** What growth points were made of. */
export interface GrowthComponents {
  /** Share of the last retrievals that had to do without a good passage, 0..1; 1 when there were none. */
  readonly fallbackRate: number;
  /** Share of chunks and memories that have a vector, 0..1; 0 when there are none. */
  readonly embeddedShare: number;
  readonly points: { readonly trust: number; readonly grounding: number; readonly embedded: number };
}

export interface AssistantCounts {
  readonly memoryCount: number;
  readonly documentCount: number;
  readonly reflectionCount: number;
  readonly messageCount: number;
  readonly childCount: number;
}

/** What is counted in the tables; everything that is shown is made of this. */
export interface AssistantFacts extends AssistantCounts {
  /** The last 50 at most. */
  readonly retrievals: number;
  readonly retrievalsPassed: number;
  /** Skills with a confidence of at least 0.8. */
  readonly badges: number;
  readonly recentReflections: number;
  readonly recentNegativeFeedback: number;
  readonly recentFailedReflections: number;
  /** Chunks of documents and memories in force. */
  readonly embeddable: number;
  readonly embedded: number;
  readonly avgResponseMs: number | null;
  readonly successRate: number | null;
  readonly lastActiveAt: Date | null;
  /** When the first of what is recent now will no longer be. */
  readonly staleAt: Date | null;
}

export interface AssistantMetrics extends AssistantCounts {
  readonly assistantId: string;
  readonly trustScore: number;
  readonly trustLevel: TrustLevel;
  /** Null before the first measurement, as everything that is made by one. */
  readonly trustComponents: TrustComponents | null;
  readonly growthLevel: GrowthLevel;
  readonly growthPoints: number;
  readonly growthComponents: GrowthComponents | null;
  /** Of the last 50 replies; null when there were none. */
  readonly avgResponseMs: number | null;
  /** Share of the last 50 replies that did not fail, 0..1; null when there were none. */
  readonly successRate: number | null;
  readonly lastActiveAt: Date | null;
  readonly computedAt: Date | null;
}
