/** What one user may use; 0 is without limit. */
export interface Quotas {
  readonly documents: number;
  /** Of the original files. */
  readonly bytes: number;
  /** Tokens of chunks that are embedded in one day (UTC). */
  readonly embeddingTokensPerDay: number;
  /** Tokens that models read and write in one day (UTC), for replies, summaries and reflections. */
  readonly completionTokensPerDay: number;
}

/** What an operator sets for one user in place of the settings; null follows them again. */
export type QuotaChanges = { readonly [K in keyof Quotas]?: number | null };

/** What one user has used, with the limits that apply. */
export interface Usage {
  readonly documents: number;
  readonly bytes: number;
  readonly embeddingTokensToday: number;
  readonly completionTokensToday: number;
  readonly limits: Quotas;
  /** When the day ends. */
  readonly resetsAt: Date;
}
