export type CacheKind = 'assistant' | 'chain' | 'document';

/** What a value was made of, and whose it is. */
export interface CacheSubject {
  readonly kind: CacheKind;
  readonly id: string;
  readonly userId: string;
}

/** Tells whether what was read of a subject before is what would be read now. */
export interface Stamps {
  /**
   * Changes with every transaction that changes the subject, in the moment of its commit, and is never again what it was.
   * Undefined where there is no such subject, of which nothing is cached.
   */
  of(subject: CacheSubject): Promise<string | undefined>;
  /**
   * Runs `load` so that it reads where the stamps are read. A server that follows the other one must not fill a cache: it might
   * be started again with less than it had, and that would be kept under a stamp which is good.
   */
  beside<T>(load: () => Promise<T>): Promise<T>;
  /** False inside a unit of work: what it reads is its own, and shared with nobody. */
  inForce(): boolean;
}
