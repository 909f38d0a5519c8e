import type { Knex } from 'knex';
import type { EmbeddingStatus } from '#shared/domain/types.ts';
import { keyed } from '../stores/assistant-store.ts';

/** What an entity tag is made of. */
export interface ResourceVersion {
  readonly version: number;
  readonly state: number;
}

/** An assistant's version, with a text that changes with whatever is shown beside it. */
export interface AssistantVersion extends ResourceVersion {
  readonly included: string;
}

/** A memory's version, with that of its vector which is shown with it and not counted by it. */
export interface MemoryVersion extends ResourceVersion {
  readonly embeddingStatus: EmbeddingStatus;
}

/**
 * The versions of single resources without what they hold: what it takes to tell a client that it has the resource
 * already. Undefined for those of other users.
 */
export interface ResourceVersionReader {
  find(
    table: 'assistants' | 'prompts',
    userId: string,
    idOrSlug: string,
  ): Promise<ResourceVersion | undefined>;
  findById(
    table: 'documents' | 'conversations' | 'memory_chains' | 'integration_credentials',
    userId: string,
    id: string,
  ): Promise<ResourceVersion | undefined>;
  findMemory(userId: string, id: string): Promise<MemoryVersion | undefined>;
  /** @param names of `api/assistants/include-schemas.ts` */
  findAssistant(
    userId: string,
    idOrSlug: string,
    names: readonly string[],
  ): Promise<AssistantVersion | undefined>;
}

/** Deleted rows of these tables stay for a while. */
const SOFT: ReadonlySet<string> = new Set(['assistants', 'documents']);

export function resourceVersionReader(connection: Knex): ResourceVersionReader {
  const first = (table: string, key: object): Promise<ResourceVersion | undefined> => {
    const query = connection(table).where(key);
    if (SOFT.has(table)) void query.whereNull('deleted_at');
    return query.first<ResourceVersion | undefined>('version', 'state');
  };
  return {
    find: (table, userId, idOrSlug) => first(table, { user_id: userId, ...keyed(idOrSlug) }),
    findById: (table, userId, id) => first(table, { user_id: userId, id }),
    findMemory: async (userId, id) => {
      const { rows } = await connection.raw<{ rows: MemoryVersion[] }>(
        `select m.version, m.state, coalesce((select e.status from memory_embeddings e where e.memory_id = m.id
           and e.model_id = (select id from embedding_models where is_active)), 'pending') as "embeddingStatus"
         from memories m where m.user_id = ? and m.id = ?`,
        [userId, id],
      );
      return rows[0];
    },
    findAssistant: async (userId, idOrSlug, names) => {
      // Parts are not named: an assistant's own state counts their edits.
      const [column = '', value] = Object.entries(keyed(idOrSlug))[0] ?? [];
      const { rows } = await connection.raw<{ rows: AssistantVersion[] }>(
        `select a.version, a.state, jsonb_build_array(
    case when 'system_prompt' = any(:names) then
      (select p.state from prompts p where p.id = a.system_prompt_id and p.user_id = a.user_id) end,
    case when 'parent' = any(:names) then
      (select p.state from assistants p
       where p.id = a.parent_id and p.user_id = a.user_id and p.deleted_at is null) end,
    case when 'children' = any(:names) then
      array(select (c.id, c.state)::text from assistants c
            where c.parent_id = a.id and c.user_id = a.user_id and c.deleted_at is null
            order by c.id desc limit :limit) end,
    case when 'documents' = any(:names) then
      array(select (d.id, d.state)::text from documents d
            where d.assistant_id = a.id and d.user_id = a.user_id and d.deleted_at is null
            order by d.id desc limit :limit) end,
    case when 'memories' = any(:names) then
      array(select (m.id, m.state)::text from memories m
            where m.assistant_id = a.id and m.user_id = a.user_id and m.is_active
            order by m.id desc limit :limit) end,
    case when 'metrics' = any(:names) then
      (select to_jsonb(m) from assistant_metrics m where m.assistant_id = a.id and m.user_id = a.user_id) end
  )::text as included
  from assistants a where a.user_id = :userId and :column: = :value and a.deleted_at is null`,
        {
          userId,
          column: `a.${column}`,
          value: value as string,
          names: [...names],
          // One more than is shown: whether there are more is shown too.
          limit: 11,
        },
      );
      return rows[0];
    },
  };
}
