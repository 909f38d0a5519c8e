/** Where the text of one page stands. Offsets are UTF-16 code units into the whole text. */
export interface PageSpan {
  /** Counted from 1. */
  readonly page: number;
  readonly charStart: number;
  /** Exclusive. */
  readonly charEnd: number;
}

/**
 * The text of a document. Every page of a PDF is accounted for exactly once: it has a span in `pages`, or its number
 * is in `pagesWithoutText` or in `pagesFailed`. What stands between two spans belongs to no page.
 */
export interface ExtractedText {
  readonly text: string;
  /** null for files that have no pages. */
  readonly pageCount: number | null;
  readonly pages: readonly PageSpan[];
  readonly pagesWithoutText: readonly number[];
  readonly pagesFailed: readonly number[];
}
