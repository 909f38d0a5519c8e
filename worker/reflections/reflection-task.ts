import type { Persona } from '#db/queries/persona.ts';
import type { Reflection, ReflectionType } from '#shared/domain/reflection.ts';

const SUBJECTS: Readonly<Record<ReflectionType, string>> = {
  recent: 'what you have lately been told and have answered',
  memories: 'what you remember',
  chain: 'a chain of memories, in their order',
  document: 'passages from all over a document that you have read',
  self: 'yourself: how far you can be trusted, who you are meant to be, and what you thought before',
  feedback: 'what people have told you',
};

/** What a model is asked to do. The fields of a persona are its owner's own words, and so may stand in an instruction. */
export function taskOf(persona: Persona, { type, category }: Reflection): string {
  const lines = [
    `You are ${persona.name}. Reflect on ${SUBJECTS[type]}.`,
    category === null ? '' : `Pay attention above all to: ${category}.`,
    persona.instructions ?? '',
    persona.persona ?? '',
    persona.tone === null ? '' : `Your tone is ${persona.tone}.`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}
