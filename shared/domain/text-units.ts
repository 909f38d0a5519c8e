import { isHeading } from './headings.ts';

/** A heading or a sentence, without surrounding white space. Offsets are UTF-16 code units; `end` is exclusive. */
export interface TextUnit {
  readonly start: number;
  readonly end: number;
  readonly heading: boolean;
}

const LIST_ITEM = /^(?:[-*+•‣◦–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S/u;
/** Without one there is one sentence, and the segmenter need not be asked: it is slow to start. */
const INNER_SENTENCE_END = /\p{Sentence_Terminal}(?=.)/su;
const LINE_BREAKS = /[\n\v\f\r\u0085\u2028\u2029]/g;

/** One language for all documents, so that the same text is always split the same way. */
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * Takes a text apart: paragraphs end at blank lines, headings and list items, and are made of sentences. A sentence may
 * run over several lines, as it does in every PDF. In reading order; every character but white space is in one unit.
 */
export function* textUnits(text: string): Generator<TextUnit> {
  let paragraph = -1;
  let previousBlank = true;
  for (let start = 0; start < text.length;) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd === -1 ? text.length : lineEnd;
    const line = text.slice(start, end).trim();
    const heading = isHeading(line, previousBlank && isBlankAt(text, end + 1));
    if (paragraph >= 0 && (line === '' || heading || LIST_ITEM.test(line))) {
      yield* sentencesOf(text, paragraph, start);
      paragraph = -1;
    }
    if (heading) yield trimmed(text.slice(start, end), start, true);
    else if (line !== '' && paragraph < 0) paragraph = start;
    previousBlank = line === '';
    start = end + 1;
  }
  if (paragraph >= 0) yield* sentencesOf(text, paragraph, text.length);
}

/** Whether the line at an offset is blank or the text has ended. */
function isBlankAt(text: string, offset: number): boolean {
  return offset >= text.length || /^[^\S\n]*(?:\n|$)/.test(text.slice(offset, offset + 200));
}

function* sentencesOf(text: string, start: number, end: number): Generator<TextUnit> {
  const whole = trimmed(text.slice(start, end), start, false);
  if (!INNER_SENTENCE_END.test(text.slice(whole.start, whole.end))) {
    yield whole;
    return;
  }
  // A line break ends a sentence for the segmenter; here it only wraps one.
  const flat = text.slice(start, end).replace(LINE_BREAKS, ' ');
  for (const { segment, index } of sentences.segment(flat)) {
    const unit = trimmed(segment, start + index, false);
    if (unit.end > unit.start) yield unit;
  }
}

function trimmed(raw: string, offset: number, heading: boolean): TextUnit {
  const start = offset + raw.length - raw.trimStart().length;
  return { start, end: start + raw.trim().length, heading };
}
