import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readBeirCollection } from '../retrieval/beir-collection.ts';

export interface RealPassages {
  readonly rows: number;
  passage(document: number, index: number): string;
  question(index: number): string;
}

/** Sentences that follow each other and make a passage. */
const LENGTHS = [1, 2, 3];

/**
 * Real text: every sentence of the Cranfield abstracts, and every two and three that follow each other; the questions are those of
 * the collection.
 *
 * @returns undefined where the collection is not there
 */
export function readRealPassages(data: string | undefined, documentLength: number): RealPassages | undefined {
  const folder = join(data ?? '', 'cranfield');
  if (!existsSync(join(folder, 'corpus.jsonl'))) return undefined;
  const { documents, queries } = readBeirCollection(folder);
  const passages = documents.flatMap(({ text }) => {
    const sentences = text.split(/\s+\.\s+/).filter((sentence) => /\w{3}/.test(sentence));
    return LENGTHS.flatMap((length) =>
      sentences
        .slice(0, Math.max(0, sentences.length - length + 1))
        .map((_, first) => sentences.slice(first, first + length).join('. ')),
    );
  });
  const questions = [...queries.values()];
  return {
    rows: passages.length,
    passage: (document, index) => passages[document * documentLength + index] ?? '',
    question: (index) => questions[index % questions.length] ?? '',
  };
}
