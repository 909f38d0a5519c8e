import type { Document } from '#shared/domain/types.ts';

/** Failed and partial documents can be tried again; the others have nothing to gain. */
export const canRetry = (document: Pick<Document, 'status'>): boolean =>
  document.status === 'failed' || document.status === 'partial';
