import type { BenchSuite } from './suite.ts';
import { api } from './suites/api.ts';
import { retrieval } from './suites/retrieval.ts';

/** All suites, in the order in which they run and stand in the document. */
export const suites: readonly BenchSuite[] = [retrieval, api];
