/** What the product splits and embeds by where nobody has set anything else; its rivals are given the same. */
export const CHUNKING = { sizeTokens: 400, overlapTokens: 60 };

/** Of the vectors of the builtin embedder. */
export const DIMENSIONS = 768;
