import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Judgements } from './retrieval-metrics.ts';

export interface BeirDocument {
  readonly _id: string;
  readonly title?: string;
  readonly text: string;
}

export interface BeirCollection {
  readonly documents: readonly BeirDocument[];
  /** Queries that have judgements: id -> text. */
  readonly queries: ReadonlyMap<string, string>;
  readonly judgements: ReadonlyMap<string, Judgements>;
}

/** Reads a collection in the layout of BEIR (Thakur et al., 2021): corpus.jsonl, queries.jsonl, qrels/test.tsv. */
export function readBeirCollection(directory: string): BeirCollection {
  const judgements = new Map<string, Map<string, number>>();
  for (const line of lines(join(directory, 'qrels', 'test.tsv')).slice(1)) {
    const [query = '', document = '', grade = '0'] = line.split('\t');
    const known = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, known.set(document, Number(grade)));
  }
  const queries = lines(join(directory, 'queries.jsonl'))
    .map((line) => JSON.parse(line) as { _id: string; text: string })
    .filter(({ _id }) => judgements.has(_id))
    .map(({ _id, text }) => [_id, text] as const);
  return {
    documents: lines(join(directory, 'corpus.jsonl')).map((line) => JSON.parse(line) as BeirDocument),
    queries: new Map(queries),
    judgements,
  };
}

const lines = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
