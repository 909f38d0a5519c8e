import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { TestDatabase } from './test-database.ts';

export interface MemoryRow {
  readonly userId: string;
  readonly assistantId: string;
  readonly text: string;
  readonly importance?: number;
}

/** Stores a memory as it stands in the table, without any of what follows from writing one. Returns its id. */
export async function insertMemory(
  { sql }: Pick<TestDatabase, 'sql'>,
  { userId, assistantId, text, importance = 5 }: MemoryRow,
): Promise<string> {
  const id = uuidv7();
  await sql(
    `insert into memories (id, user_id, assistant_id, title, event, importance, language, token_count, fingerprint, search_vector)
     values ($1, $2, $3, 'A memory', $4, $5, 'english', 1, $6, to_tsvector('english', $4))`,
    [id, userId, assistantId, text, importance, createHash('sha256').update(text).digest()],
  );
  return id;
}
