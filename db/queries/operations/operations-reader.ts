import type { Knex } from 'knex';
import { answerFeedback } from './answer-feedback.ts';
import type { AnswerFeedback } from './answer-feedback.ts';
import { failureCounts } from './failure-counts.ts';
import type { FailureCount } from './failure-counts.ts';
import { resourceUse } from './resource-use.ts';
import type { ResourceUse } from './resource-use.ts';
import { slowStatements } from './slow-statements.ts';
import type { StatementReport } from './slow-statements.ts';
import { staleDocuments } from './stale-documents.ts';
import type { StaleDocuments } from './stale-documents.ts';

/** What an operator asks of the whole installation, and no user may: numbers, and nothing that anybody wrote. */
export interface OperationsReader {
  failureCounts(since: Date, limit: number): Promise<FailureCount[]>;
  slowStatements(limit: number): Promise<StatementReport | undefined>;
  resourceUse(since: Date, before: Date): Promise<ResourceUse>;
  staleDocuments(since: Date): Promise<StaleDocuments>;
  answerFeedback(since: Date, limit: number): Promise<AnswerFeedback>;
}

export const operationsReader = (connection: Knex): OperationsReader => ({
  failureCounts: (since, limit) => failureCounts(connection, since, limit),
  slowStatements: (limit) => slowStatements(connection, limit),
  resourceUse: (since, before) => resourceUse(connection, since, before),
  staleDocuments: (since) => staleDocuments(connection, since),
  answerFeedback: (since, limit) => answerFeedback(connection, since, limit),
});
