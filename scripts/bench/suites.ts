import type { BenchSuite } from './suite.ts';

/** All suites, in the order in which they run and stand in the document. */
export const suites: readonly BenchSuite[] = [];
