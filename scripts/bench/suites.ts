import type { BenchSuite } from './suite.ts';
import { api } from './suites/api.ts';
import { ingest } from './suites/ingest.ts';
import { retrieval } from './suites/retrieval.ts';
import { splitting } from './suites/splitting.ts';
import { vectors } from './suites/vectors.ts';

/** All suites, in the order in which they run and stand in the document. */
export const suites: readonly BenchSuite[] = [retrieval, vectors, splitting, ingest, api];
