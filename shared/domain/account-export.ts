/** A copy of everything of one account, or the wish for one. */
export interface AccountExport {
  readonly id: string;
  readonly userId: string;
  /** The job that makes it; null once that job is gone. */
  readonly jobId: string | null;
  readonly status: 'pending' | 'ready' | 'failed';
  /** Claim of the job whose parts are the export; null until it is complete. */
  readonly fence: number | null;
  /** Of the zip, in bytes; null until it is complete. */
  readonly size: number | null;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
  readonly expiresAt: Date | null;
}
