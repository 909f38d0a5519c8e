import type {
  AssistantFacts,
  GrowthComponents,
  GrowthLevel,
  TrustComponents,
  TrustLevel,
} from './assistant-metrics.ts';

/** More badges or reflections are not counted. */
const MOST_COUNTED = 10;

/** Our own formula: `clamp(round(0.4 grounding + 3 badges + 4 reflections - 2 corrections), 0, 100)`. */
export function trustOf(facts: AssistantFacts): {
  readonly score: number;
  readonly level: TrustLevel;
  readonly components: TrustComponents;
} {
  const { retrievals, retrievalsPassed, recentNegativeFeedback, recentFailedReflections } = facts;
  const groundingPct = retrievals === 0 ? 0 : (100 * retrievalsPassed) / retrievals;
  const points = {
    grounding: 0.4 * groundingPct,
    badges: 3 * Math.min(facts.badges, MOST_COUNTED),
    reflections: 4 * Math.min(facts.recentReflections, MOST_COUNTED),
    corrections:
      recentNegativeFeedback + recentFailedReflections === 0
        ? 0
        : -2 * (recentNegativeFeedback + recentFailedReflections),
  };
  const sum = points.grounding + points.badges + points.reflections + points.corrections;
  const score = Math.min(100, Math.max(0, Math.round(sum)));
  return {
    score,
    level: trustLevelOf(score),
    components: {
      groundingPct,
      retrievals,
      badges: facts.badges,
      recentReflections: facts.recentReflections,
      recentNegativeFeedback,
      recentFailedReflections,
      points,
    },
  };
}

export function trustLevelOf(score: number): TrustLevel {
  if (score >= 80) return 'ready';
  return score >= 50 ? 'training' : 'needs_attention';
}

/** Points from which a growth level is reached. */
const GROWTH_THRESHOLDS = [0, 5, 15] as const;

/**
 * Our own formula: `floor(trust / 10) + floor(5 (1 - fallback rate)) + floor(5 embedded share)`, 0..20.
 *
 * @param before the level reached so far, below which it never falls
 */
export function growthOf(
  facts: AssistantFacts,
  trustScore: number,
  before: GrowthLevel,
): {
  readonly points: number;
  readonly level: GrowthLevel;
  readonly components: GrowthComponents;
} {
  const { retrievals, retrievalsPassed, embeddable, embedded } = facts;
  const points = {
    trust: Math.floor(trustScore / 10),
    // Multiplied first: 5 * (1 - 0.8) is a little less than 1.
    grounding: retrievals === 0 ? 0 : Math.floor((5 * retrievalsPassed) / retrievals),
    embedded: embeddable === 0 ? 0 : Math.floor((5 * embedded) / embeddable),
  };
  const sum = points.trust + points.grounding + points.embedded;
  const reached = GROWTH_THRESHOLDS.findLastIndex((threshold) => sum >= threshold) as GrowthLevel;
  return {
    points: sum,
    level: reached > before ? reached : before,
    components: {
      fallbackRate: retrievals === 0 ? 1 : (retrievals - retrievalsPassed) / retrievals,
      embeddedShare: embeddable === 0 ? 0 : embedded / embeddable,
      points,
    },
  };
}
