import type { Knex } from 'knex';
import type { DelegationEvent } from '#shared/domain/assistant-parts.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

export type NewDelegation = Omit<DelegationEvent, 'createdAt'> & { readonly userId: string };

export interface DelegationReader {
  /** Newest first: what an assistant gave to children, or how it was given its own work. */
  list(
    userId: string,
    assistantId: string,
    side: 'parent' | 'child',
    page: PageRequest,
  ): Promise<Page<DelegationEvent>>;
}

export interface DelegationWriter {
  insert(event: NewDelegation): Promise<DelegationEvent>;
  /** Keeps a memory of the user from being deleted until the commit. Returns its title. */
  holdMemory(userId: string, memoryId: string): Promise<string | undefined>;
}

const COLUMNS = [
  'id',
  'parent_assistant_id as parent_id',
  'child_assistant_id as child_id',
  'reason',
  'memory_id',
  'document_id',
  'score',
  'notes',
  'created_at',
];

export function delegationReader(connection: Knex): DelegationReader {
  return {
    list: async (userId, assistantId, side, { limit, after }) => {
      const query = connection('delegation_events')
        .where({
          [side === 'parent' ? 'parent_assistant_id' : 'child_assistant_id']: assistantId,
          user_id: userId,
        })
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (after !== null) void query.where('id', '<', after);
      const rows = await query.select<Row[]>(COLUMNS);
      return toPage(
        rows.map((row) => fromRow<DelegationEvent>(row)),
        limit,
      );
    },
  };
}

export function delegationWriter(trx: Knex.Transaction): DelegationWriter {
  return {
    insert: async (event) => {
      const rows = await trx('delegation_events')
        .insert({
          id: event.id,
          user_id: event.userId,
          parent_assistant_id: event.parentId,
          child_assistant_id: event.childId,
          reason: event.reason,
          memory_id: event.memoryId,
          document_id: event.documentId,
          score: event.score,
          notes: event.notes,
        })
        .returning<Row[]>(COLUMNS);
      return fromRow<DelegationEvent>(rows[0] ?? {});
    },
    holdMemory: async (userId, memoryId) => {
      const row = await trx('memories')
        .where({ id: memoryId, user_id: userId })
        .forKeyShare()
        .first<{ title: string } | undefined>('title');
      return row?.title;
    },
  };
}
