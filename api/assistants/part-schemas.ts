import Joi from 'joi';
import { id, label } from '#api/http/schemas.ts';
import { fraction } from './assistant-schemas.ts';

export interface ProfileBody {
  readonly description?: string | null;
  readonly personality?: string | null;
  readonly avatar_url?: string | null;
  readonly avatar_style?: string | null;
  readonly tone?: string | null;
  readonly persona?: string | null;
  readonly traits?: string[];
  readonly values?: string[];
  readonly motto?: string | null;
}

export interface SkillBody {
  readonly name: string;
  readonly description: string | null;
  readonly confidence: number;
  readonly related_tools: string[];
  readonly tags: string[];
}

export interface CapabilitiesBody {
  readonly specialties?: string[];
  readonly tools?: string[];
  readonly flags?: Record<string, boolean>;
  readonly skills?: SkillBody[];
}

/** Text of any number of lines, without space around it. */
const prose = (max: number): Joi.StringSchema =>
  Joi.string()
    .custom((text: string) => text.normalize('NFC').trim())
    .min(1)
    .max(max);

const words = (): Joi.ArraySchema => Joi.array().items(label(100)).max(50).unique();

const profileFields = {
  description: prose(2000).allow(null),
  personality: prose(300).allow(null),
  avatar_url: Joi.string()
    .uri({ scheme: ['https', 'http'] })
    .max(2000)
    .allow(null),
  avatar_style: label(50).allow(null),
  tone: label(50).allow(null),
  persona: prose(4000).allow(null).description('How it speaks of itself; part of every prompt.'),
  traits: words(),
  values: words(),
  motto: label(200).allow(null),
};

const skillFields = {
  name: label(100).required(),
  description: prose(1000).allow(null).default(null),
  confidence: fraction().default(0.5).description('From 0.8 on it counts for the trust in the assistant.'),
  related_tools: words().default([]),
  tags: words().default([]),
};

/** Items are compared whatever they are; those that are no skills are refused for that. */
const sameName = (a: unknown, b: unknown): boolean => {
  const [one, other] = [a, b].map((item) => (item as Partial<SkillBody> | null)?.name);
  return typeof one === 'string' && typeof other === 'string' && one.toLowerCase() === other.toLowerCase();
};

const capabilityFields = {
  specialties: words(),
  tools: words(),
  flags: Joi.object({})
    .pattern(/^[a-z][a-z0-9_]{0,49}$/, Joi.boolean())
    .max(50)
    .description('Names in snake_case, each on or off.'),
  skills: Joi.array()
    .items(Joi.object(skillFields))
    .max(100)
    .unique(sameName)
    .description('Replaces all skills; one that keeps its name keeps its id.'),
};

export const profileBody = Joi.object<ProfileBody>(profileFields);
export const capabilitiesBody = Joi.object<CapabilitiesBody>(capabilityFields);

const required = (fields: Readonly<Record<string, Joi.Schema>>): Record<string, Joi.Schema> =>
  Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, schema.required()]));

export const profileSchema = Joi.object(required(profileFields));

export const capabilitiesSchema = Joi.object({
  ...required(capabilityFields),
  skills: Joi.array()
    .items(
      Joi.object({
        id: id().required(),
        name: Joi.string().required(),
        description: Joi.string().allow(null).required(),
        confidence: Joi.number().min(0).max(1).required(),
        related_tools: Joi.array().items(Joi.string()).required(),
        tags: Joi.array().items(Joi.string()).required(),
      }),
    )
    .required(),
});

export const exampleProfile = {
  description: 'Keeps the handbooks.',
  personality: 'Patient and exact.',
  avatar_url: null,
  avatar_style: null,
  tone: 'friendly',
  persona: 'You are the librarian of a donkey sanctuary.',
  traits: ['patient'],
  values: ['accuracy'],
  motto: 'It is written down somewhere.',
};

const skill = {
  name: 'Finding passages',
  description: null,
  confidence: 0.75,
  related_tools: ['search'],
  tags: ['reading'],
};

export const exampleCapabilitiesBody = {
  specialties: ['donkeys'],
  tools: ['search'],
  flags: { can_browse: false },
  skills: [skill],
};

export const exampleCapabilities = {
  ...exampleCapabilitiesBody,
  skills: [{ id: '01980f5e-3a5b-7c4d-8e6f-7a8b9c0d1e2f', ...skill }],
};
