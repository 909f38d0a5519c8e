import type { Persona } from '#db/queries/persona.ts';
import type { AssistantMetrics } from '#shared/domain/assistant-metrics.ts';
import type { SummaryText } from '#shared/summary/sentences-of.ts';

const LEVELS = { ready: 'ready', training: 'in training', needs_attention: 'in need of attention' } as const;

/** What an assistant can say about itself: its figures, once they have been measured, and who it is meant to be. */
export function describeSelf(persona: Persona, metrics: AssistantMetrics | undefined): SummaryText[] {
  const texts = [
    ['metrics', figuresOf(persona.name, metrics).join(' ')],
    ['profile', profileOf(persona).join(' ')],
  ] as const;
  return texts.filter(([, text]) => text !== '').map(([id, text]) => ({ id, text }));
}

function figuresOf(name: string, metrics: AssistantMetrics | undefined): string[] {
  if (!metrics?.trustComponents || !metrics.growthComponents) return [];
  const { trustComponents: trust, growthComponents: growth } = metrics;
  const corrections = trust.recentNegativeFeedback + trust.recentFailedReflections;
  return [
    `${name} has a trust score of ${metrics.trustScore} out of 100 and is ${LEVELS[metrics.trustLevel]}.`,
    trust.retrievals === 0
      ? 'Nothing has been searched for yet.'
      : `Of the last ${trust.retrievals} searches ${percent(trust.groundingPct / 100)} found a good passage.`,
    `It has ${trust.badges} skills of high confidence, ${metrics.memoryCount} memories and ${metrics.documentCount} documents.`,
    `In the last seven days it reflected ${trust.recentReflections} times and was corrected ${corrections} times.`,
    `Its growth level is ${metrics.growthLevel} with ${metrics.growthPoints} points, and ${percent(growth.embeddedShare)} of what it knows can be found by meaning.`,
    ...(metrics.successRate === null
      ? []
      : [`Of its last replies ${percent(metrics.successRate)} came without a failure.`]),
  ];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function profileOf(persona: Persona): string[] {
  const { description, personality, traits, values, motto } = persona;
  return [
    description,
    personality,
    traits.length === 0 ? null : `Its traits are ${traits.join(', ')}.`,
    values.length === 0 ? null : `Its values are ${values.join(', ')}.`,
    motto === null ? null : `Its motto is: ${motto}`,
  ].filter((line) => line !== null && line !== '') as string[];
}
