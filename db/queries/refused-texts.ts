import type { Knex } from 'knex';
import type { Failure } from '#shared/domain/types.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** A text that search reads and of which a model has made no vector: where it is and why, not what it says. */
export interface RefusedText {
  readonly kind: 'chunk' | 'memory';
  readonly id: string;
  readonly userId: string;
  readonly assistantId: string;
  /** Null for memories, and so is the position. */
  readonly documentId: string | null;
  readonly position: number | null;
  /** Null where a process of the version before has met it. */
  readonly error: Failure | null;
  readonly refusedAt: Date;
}

/** What a model refuses, in the order of the ids. */
export async function refusedTexts(
  connection: Knex,
  modelId: number,
  { limit, after }: PageRequest,
): Promise<Page<RefusedText>> {
  const { rows } = await connection.raw<{ rows: Row[] }>(
    `(select 'chunk' as kind, c.id, e.user_id, e.assistant_id, e.document_id, c.position, e.error,
        e.updated_at as refused_at
      from chunk_embeddings e join document_chunks c on c.id = e.chunk_id
      join documents d on d.id = c.document_id and d.live_revision = c.revision and d.deleted_at is null
      where e.model_id = :modelId and e.status = 'failed' and (:after::uuid is null or e.chunk_id > :after::uuid)
      order by e.chunk_id limit :rows)
     union all
     (select 'memory', m.id, e.user_id, e.assistant_id, null, null, e.error, e.updated_at
      from memory_embeddings e join memories m on m.id = e.memory_id and m.is_active
      where e.model_id = :modelId and e.status = 'failed' and (:after::uuid is null or e.memory_id > :after::uuid)
      order by e.memory_id limit :rows)
     order by id limit :rows`,
    { modelId, after, rows: limit + 1 },
  );
  return toPage(
    rows.map((row) => fromRow<RefusedText>(row)),
    limit,
  );
}
