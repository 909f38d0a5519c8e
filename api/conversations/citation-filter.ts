/** `[1]` or `[1, 3]`, with the space before it. */
const CITATION = /[ \t]*\[(\d{1,3}(?:[ \t]*[,;][ \t]*\d{1,3})*)\]/g;

/** What may be the beginning of a citation, or half of a character, and so waits for the next piece. */
const UNDECIDED = /(?:`+|[ \t]*(?:\[[\d,; \t]{0,40})?|[\uD800-\uDBFF])$/;

export interface CitationFilter {
  /** Takes a piece of an answer and gives what can be shown of it by now. */
  push(piece: string): string;
  /** Gives what is left at the end. */
  end(): string;
  /** Numbers that were cited so far. */
  readonly cited: ReadonlySet<number>;
}

/**
 * Takes citations of sources that do not exist out of an answer, piece by piece: a model may invent them. In code,
 * between backticks, brackets mean something else and stay. Characters that cannot be stored go as well.
 */
export function createCitationFilter(known: ReadonlySet<number>): CitationFilter {
  const cited = new Set<number>();
  let held = '';
  let inCode = false;
  const checked = (text: string): string =>
    text.replace(CITATION, (citation, list: string) => {
      const numbers = list.split(/[,;]/).map(Number);
      const kept = numbers.filter((n) => known.has(n));
      for (const n of kept) cited.add(n);
      if (kept.length === numbers.length) return citation;
      const space = /^[ \t]*/.exec(citation)?.[0] ?? '';
      return kept.length === 0 ? '' : `${space}[${kept.join(', ')}]`;
    });
  const show = (text: string): string =>
    text
      .split(/(`+)/)
      .map((part) => {
        if (part.startsWith('`')) inCode = !inCode;
        return inCode ? part : checked(part);
      })
      .join('')
      .replaceAll('\0', '')
      .toWellFormed();
  return {
    cited,
    push: (piece) => {
      held += piece;
      const cut = UNDECIDED.exec(held)?.index ?? held.length;
      const text = held.slice(0, cut);
      held = held.slice(cut);
      return show(text);
    },
    end: () => {
      const text = held;
      held = '';
      return show(text);
    },
  };
}
