/** A passage of a document; `text` is exactly `document.slice(charStart, charEnd)`. */
export interface TextChunk {
  /** 0, 1, 2 ... in reading order. */
  readonly position: number;
  readonly text: string;
  /** UTF-16 code units into the document's text. */
  readonly charStart: number;
  /** Exclusive. */
  readonly charEnd: number;
  /** First and last page, counted from 1; null for documents without pages. */
  readonly pageFrom: number | null;
  readonly pageTo: number | null;
  readonly tokenCount: number;
  readonly fingerprint: string;
}
