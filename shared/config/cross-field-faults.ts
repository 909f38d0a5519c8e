import { jobCatalog } from '../queue/catalog.ts';
import { completionFaults } from './completion-config.ts';
import { retentionFaults } from './retention-config.ts';
import type { Values } from './settings.ts';
import { productionFaults, publicUrlFaults } from './unsafe-settings.ts';

/** What is wrong between settings that are right each by itself. */
export function crossFieldFaults(values: Values): string[] {
  const faults: string[] = [];
  const size = values.CHUNK_SIZE_TOKENS as number | undefined;
  const overlap = values.CHUNK_OVERLAP_TOKENS as number | undefined;
  if (size !== undefined && overlap !== undefined && overlap * 2 > size)
    faults.push('CHUNK_OVERLAP_TOKENS: must be at most half of CHUNK_SIZE_TOKENS');
  if (values.EMBEDDING_PROVIDER === 'openai') {
    if (values.EMBEDDING_MODEL === undefined)
      faults.push('EMBEDDING_MODEL is missing: EMBEDDING_PROVIDER=openai needs it');
    if (values.EMBEDDING_DIMENSIONS === undefined)
      faults.push('EMBEDDING_DIMENSIONS is missing: EMBEDDING_PROVIDER=openai needs it');
  }
  if (
    values.ADMIN_USERNAME !== undefined &&
    (values.ADMIN_EMAIL === undefined || values.ADMIN_PASSWORD === undefined)
  )
    faults.push('ADMIN_EMAIL and ADMIN_PASSWORD are needed beside ADMIN_USERNAME');
  if ((values.WORKER_QUEUES as readonly string[] | undefined)?.length === 0)
    faults.push('WORKER_QUEUES: a worker must serve at least one queue');
  faults.push(...completionFaults(values), ...retentionFaults(values));
  const limits = [
    ['EXTRACT_TIMEOUT_MS', jobCatalog['document.chunk'].timeoutMs],
    ['EMBEDDING_TIMEOUT_MS', jobCatalog['document.embed'].timeoutMs],
  ] as const;
  for (const [name, most] of limits)
    if ((values[name] as number) >= most)
      faults.push(`${name}: must be below ${most}, the limit of the whole job`);
  faults.push(...(values.NODE_ENV === 'production' ? productionFaults(values) : publicUrlFaults(values)));
  return faults;
}
