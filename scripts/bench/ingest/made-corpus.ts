import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePdf } from '#tests/support/fixtures/pdf-files.ts';
import { createRandom } from '#tests/support/random.ts';

export interface CorpusFile {
  readonly name: string;
  readonly kind: 'pdf' | 'txt';
  readonly bytes: Buffer;
}

export interface CorpusShape {
  readonly pdfs: number;
  readonly texts: number;
  /** Texts of a few sentences. */
  readonly notes: number;
}

const root = join(import.meta.dirname, '../../..');
const PAGES = { least: 20, most: 100 };
const SENTENCES_A_PAGE = 22;
const SENTENCES_A_TEXT = 400;
const SENTENCES_A_NOTE = 8;

/**
 * Makes files of sentences of the project's own documents, shuffled and each with one word of another, the same in every run:
 * English as people write it, without a file that had to be brought along.
 */
export async function makeCorpus({ pdfs, texts, notes }: CorpusShape): Promise<CorpusFile[]> {
  const random = createRandom(20_260_101);
  const sentences = readSentences();
  const words = sentences.flatMap((sentence) => sentence.match(/[a-z]{4,}/g) ?? []);
  // No sentence stands twice as it is, so that nothing gains by remembering whole ones.
  const pick = (): string => {
    const parts = random.pick(sentences).split(' ');
    parts[random.between(0, parts.length - 2)] = random.pick(words);
    return parts.join(' ');
  };
  const prose = (count: number): string =>
    Array.from({ length: count }, (_, index) => `${pick()}${index % 6 === 5 ? '\n\n' : ' '}`).join('');
  const files: CorpusFile[] = [];
  for (let index = 0; index < pdfs; index++) {
    const pages = PAGES.least + Math.round((index / Math.max(1, pdfs - 1)) * (PAGES.most - PAGES.least));
    const bytes = await makePdf({ pages: Array.from({ length: pages }, () => prose(SENTENCES_A_PAGE)) });
    files.push({ name: `report-${index}.pdf`, kind: 'pdf', bytes });
  }
  const addTexts = (count: number, name: string, length: number): void => {
    for (let index = 0; index < count; index++)
      files.push({ name: `${name}-${index}.txt`, kind: 'txt', bytes: Buffer.from(prose(length)) });
  };
  addTexts(texts, 'text', SENTENCES_A_TEXT);
  addTexts(notes, 'note', SENTENCES_A_NOTE);
  return files;
}

/** Prose only: no tables, code or headings. Latin-1, for that is what the fonts of the PDFs have. */
function readSentences(): string[] {
  const folders = [root, join(root, 'docs'), join(root, 'docs/adr')];
  const text = folders
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.md'))
        .sort()
        .map((name) => readFileSync(join(folder, name), 'utf8')),
    )
    .join('\n')
    .replace(/^```.*?^```/gms, '')
    .split('\n')
    .filter((line) => !/^\s*[|#>]/.test(line))
    .join('\n')
    .replace(/[`*_[\]]/g, '')
    .replace(/[^\x20-\xff\n]/g, '');
  return text
    .split(/(?<=[.?!])\s+/)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
    .filter((sentence) => sentence.length > 30 && sentence.length < 300);
}
