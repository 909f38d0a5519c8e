import type { Metrics } from '#shared/metrics/metrics.ts';
import type { ExtractOptions } from './extract-text.ts';
import { residentMemory } from './resident-memory.ts';

/** What the extraction tells of its processes. */
export type PdfWatch = Required<Pick<ExtractOptions, 'onProcess' | 'onProcessEnd'>>;

/** Keeps account of the PDF processes that run, and tells the memory of this worker with and without them. */
export function createPdfWatch(metrics: Pick<Metrics, 'workerMemory' | 'extractionMemory'>): PdfWatch {
  const running = new Set<number>();
  metrics.workerMemory.ask(async () => {
    const sizes = await Promise.all([...running].map(residentMemory));
    return [
      { labels: { part: 'worker' }, value: process.memoryUsage.rss() },
      { labels: { part: 'pdf' }, value: sizes.reduce((sum, size) => sum + size, 0) },
    ];
  });
  return {
    onProcess: (pid) => void running.add(pid),
    onProcessEnd: (pid, peakMemory) => {
      running.delete(pid);
      metrics.extractionMemory.observe(peakMemory);
    },
  };
}
