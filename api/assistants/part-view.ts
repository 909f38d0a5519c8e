import type { AssistantCapabilities, AssistantProfile } from '#shared/domain/assistant-parts.ts';

export const profileView = (profile: AssistantProfile) => ({
  description: profile.description,
  personality: profile.personality,
  avatar_url: profile.avatarUrl,
  avatar_style: profile.avatarStyle,
  tone: profile.tone,
  persona: profile.persona,
  traits: profile.traits,
  values: profile.values,
  motto: profile.motto,
});

export const capabilitiesView = (capabilities: AssistantCapabilities) => ({
  specialties: capabilities.specialties,
  tools: capabilities.tools,
  flags: capabilities.flags,
  skills: capabilities.skills.map((skill) => ({
    id: skill.id,
    name: skill.name,
    description: skill.description,
    confidence: skill.confidence,
    related_tools: skill.relatedTools,
    tags: skill.tags,
  })),
});
