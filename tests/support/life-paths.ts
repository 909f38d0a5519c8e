import assert from 'node:assert/strict';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import type { TestDatabase } from './test-database.ts';
import { lifeId } from './whole-life-rows.ts';
import type { Kind } from './whole-life-rows.ts';

/** What the `:id` of a path names, by the step before it. */
const KINDS: Readonly<Record<string, Kind>> = {
  assistants: 'assistant',
  conversations: 'conversation',
  documents: 'document',
  jobs: 'job',
  memories: 'memory',
  'memory-chains': 'chain',
  messages: 'message',
  prompts: 'prompt',
  reflections: 'reflection',
};

/** Path of an endpoint with ids of what `insertLife` stored for a user. */
export async function lifePath(
  database: Pick<TestDatabase, 'sql'>,
  { fullPath, operationId }: AnyEndpoint,
  userId: string,
  others: Readonly<Record<string, string>> = {},
): Promise<string> {
  const [, holder] = /\/([a-z-]+)\/:id/.exec(fullPath) ?? [];
  if (holder === undefined) return fullPath;
  const kind = KINDS[holder];
  const id = others[holder] ?? (kind && (await lifeId(database, kind, userId)));
  assert.ok(id, `${operationId}: no ids of ${holder} are known`);
  const memory = await lifeId(database, 'memory', userId);
  return fullPath.replace(':id', id).replace(':memory_id', memory);
}
