import { createRandom } from '#tests/support/random.ts';
import type { Random } from '#tests/support/random.ts';

/**
 * Made passages of a stated distribution, the same in every run.
 *
 * The words are 20,000 made ones of two to four syllables. There are 2,000 topics, each with 80 of the words, and all passages of
 * a document are about one of them. A passage has 40 words: 24 of its topic and 16 of the whole vocabulary, each drawn by Zipf's
 * law (the word of rank r has about the weight 1 / r). A question has 8 words of a topic, drawn the same way.
 */
export interface MadePassages {
  /** Text of a passage of a document, both by their numbers. */
  passage(document: number, index: number): string;
  /** Text of a question, which is no passage. */
  question(index: number): string;
}

const MADE = {
  words: 20_000,
  topics: 2_000,
  topicWords: 80,
  passageWords: 40,
  ofTopic: 24,
  questionWords: 8,
  /** Of a document; only numbers passages. */
  mostPassages: 1_000,
} as const;

/** Seeds of passages and of questions begin where those of documents have ended. */
const FIRST_PASSAGE = 2 ** 26;
const FIRST_QUESTION = 2 ** 31;

export function makePassages(): MadePassages {
  const random = createRandom(1);
  const words = distinctWords(random);
  const topics = Array.from({ length: MADE.topics }, () =>
    Array.from({ length: MADE.topicWords }, () => random.pick(words)),
  );
  return {
    passage: (document, index) => {
      const topic = seeded(document).pick(topics);
      const own = seeded(FIRST_PASSAGE + document * MADE.mostPassages + index);
      return [
        ...drawn(topic, MADE.ofTopic, own),
        ...drawn(words, MADE.passageWords - MADE.ofTopic, own),
      ].join(' ');
    },
    question: (index) => {
      const own = seeded(FIRST_QUESTION + index);
      return drawn(own.pick(topics), MADE.questionWords, own).join(' ');
    },
  };
}

/** Neighbouring seeds give neighbouring states; multiplied they do not. */
const seeded = (seed: number): Random => createRandom(Math.imul(seed + 1, 0x9e3779b1));

/** Words by Zipf's law: the logarithm of the rank is uniform. */
const drawn = (from: readonly string[], count: number, random: Random): string[] =>
  Array.from({ length: count }, () => from[Math.floor(from.length ** random.next()) - 1] ?? '');

const CONSONANTS = 'b d f g h j k l m n p r s t v z'.split(' ');
const VOWELS = 'a e i o u'.split(' ');

function distinctWords(random: Random): string[] {
  const words = new Set<string>();
  while (words.size < MADE.words) {
    const syllables = Array.from(
      { length: random.between(2, 4) },
      () => random.pick(CONSONANTS) + random.pick(VOWELS),
    );
    words.add(syllables.join(''));
  }
  return [...words];
}
