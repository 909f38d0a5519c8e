import { stemmer } from 'stemmer';

/** The English stop words of Snowball, which PostgreSQL has too. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  `i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers
herself it its itself they them their theirs themselves what which who whom this that these those am is
are was were be been being have has had having do does did doing a an the and but if or because as until
while of at by for with about against between into through during before after above below to from up
down in out on off over under again further then once here there when where why how all any both each few
more most other some such no nor not only own same so than too very s t can will just don should now`.split(
    /\s+/,
  ),
);

interface Posting {
  readonly document: number;
  readonly count: number;
}

/** A ranking of documents by BM25, as a baseline that anybody can repeat. */
export interface Bm25Index {
  /** @returns ids of the best documents, best first */
  search(query: string, limit: number): string[];
}

/**
 * Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009) with Lucene's
 * idf = ln(1 + (N - n + 0.5) / (n + 0.5)), over lower-case words without stop words, stemmed by Porter's algorithm.
 *
 * @param k1 how soon more of the same word stops to count
 * @param b how much long documents are held back, 0 to 1
 */
export function createBm25Index(
  documents: readonly { readonly id: string; readonly text: string }[],
  k1 = 1.2,
  b = 0.75,
): Bm25Index {
  const postings = new Map<string, Posting[]>();
  const lengths = documents.map(({ text }, document) => {
    const terms = termsOf(text);
    for (const [term, count] of countsOf(terms)) {
      const known = postings.get(term) ?? [];
      known.push({ document, count });
      postings.set(term, known);
    }
    return terms.length;
  });
  const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return {
    search: (query, limit) => {
      const scores = new Map<number, number>();
      for (const [term, weight] of countsOf(termsOf(query))) {
        const found = postings.get(term) ?? [];
        const idf = Math.log(1 + (documents.length - found.length + 0.5) / (found.length + 0.5));
        for (const { document, count } of found) {
          const long = 1 - b + (b * (lengths[document] ?? 0)) / average;
          const score = (weight * idf * count * (k1 + 1)) / (count + k1 * long);
          scores.set(document, (scores.get(document) ?? 0) + score);
        }
      }
      return [...scores]
        .sort((one, other) => other[1] - one[1] || one[0] - other[0])
        .slice(0, limit)
        .map(([document]) => documents[document]?.id ?? '');
    },
  };
}

function termsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !STOP_WORDS.has(word)).map((word) => stemmer(word));
}

function countsOf(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
