import type { Knex } from 'knex';
import { assistantReader, assistantWriter } from './stores/assistant-store.ts';
import type { AssistantReader, AssistantWriter } from './stores/assistant-store.ts';

/** Everything that can be asked; safe on a replica. */
export interface Readers {
  readonly assistants: AssistantReader;
}

/** Everything that can be changed; exists only inside a transaction. */
export interface Writers {
  readonly assistants: AssistantWriter;
}

export function createReaders(connection: Knex): Readers {
  return { assistants: assistantReader(connection) };
}

export function createWriters(trx: Knex.Transaction): Writers {
  return { assistants: assistantWriter(trx) };
}
