/** What belongs to an assistant beside its core: the stores map rows to these. */

/** Who it is. */
export interface AssistantProfile {
  readonly description: string | null;
  readonly personality: string | null;
  readonly avatarUrl: string | null;
  readonly avatarStyle: string | null;
  readonly tone: string | null;
  readonly persona: string | null;
  readonly traits: readonly string[];
  readonly values: readonly string[];
  readonly motto: string | null;
}

export interface AssistantSkill {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** 0..1, in single precision. */
  readonly confidence: number;
  readonly relatedTools: readonly string[];
  readonly tags: readonly string[];
}

/** What it can do. */
export interface AssistantCapabilities {
  readonly specialties: readonly string[];
  readonly tools: readonly string[];
  readonly flags: Readonly<Record<string, boolean>>;
  /** In the order in which they were given. */
  readonly skills: readonly AssistantSkill[];
}

export type PromptType = 'system' | 'user' | 'assistant';

export interface Prompt {
  readonly id: string;
  readonly userId: string;
  readonly slug: string;
  readonly title: string;
  readonly type: PromptType;
  readonly content: string;
  readonly tags: readonly string[];
  /** The prompt it is a remix of; null when there is none, or not any more. */
  readonly parentId: string | null;
  readonly version: number;
  readonly state: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** That a parent handed something to a new child, and why. */
export interface DelegationEvent {
  readonly id: string;
  readonly parentId: string;
  readonly childId: string;
  readonly reason: string;
  /** What it was about: at most one of memory and document. */
  readonly memoryId: string | null;
  readonly documentId: string | null;
  /** How well the child fits, 0..1. */
  readonly score: number | null;
  readonly notes: string | null;
  readonly createdAt: Date;
}

/** A place in a family. */
export interface Relative {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly depth: number;
  readonly spawnReason: string | null;
  readonly isActive: boolean;
  readonly createdAt: Date;
}
