import type { Knex } from 'knex';
import { MOST_SOURCES } from '#shared/domain/reflection.ts';
import type { Reflection } from '#shared/domain/reflection.ts';

/** What a reflection draws on, in the order in which it is to be read. */
export interface ReflectionMaterial {
  readonly memories: Readonly<Rows>;
  readonly messages: Readonly<Rows>;
  /** Passages of a document. */
  readonly chunks: Readonly<Rows>;
  /** Earlier ones. */
  readonly reflections: Readonly<Rows>;
}

type Rows = { readonly id: string; readonly text: string }[];

const NOTHING: ReflectionMaterial = { memories: [], messages: [], chunks: [], reflections: [] };

const PASSAGES = 60;
const REFLECTIONS = 10;

/** Reads the material of a pending reflection; at most {@link MOST_SOURCES} of a kind. */
export async function reflectionMaterial(
  connection: Knex,
  reflection: Reflection,
): Promise<ReflectionMaterial> {
  switch (reflection.type) {
    case 'recent':
      return recent(connection, reflection);
    case 'memories':
      return { ...NOTHING, memories: await memories(connection, reflection) };
    case 'chain':
      return { ...NOTHING, memories: await ofChain(connection, reflection) };
    case 'document':
      return { ...NOTHING, chunks: await passages(connection, reflection) };
    case 'self':
      return { ...NOTHING, reflections: await earlier(connection, reflection) };
    case 'feedback':
      return NOTHING;
  }
}

/** What is new since the last one; a reflection that was insisted on without anything new reads what came last. */
async function recent(connection: Knex, reflection: Reflection): Promise<ReflectionMaterial> {
  const last = await connection('reflections')
    .where({ assistant_id: reflection.assistantId, user_id: reflection.userId })
    .where({ type: 'recent', status: 'completed' })
    .orderBy('id', 'desc')
    .first<{ created_at: Date } | undefined>('created_at');
  const since = last?.created_at ?? new Date(0);
  const found = await recentSince(connection, reflection, since);
  const isEmpty = found.memories.length + found.messages.length === 0;
  return isEmpty && last !== undefined ? recentSince(connection, reflection, new Date(0)) : found;
}

async function recentSince(
  connection: Knex,
  { userId, assistantId }: Reflection,
  since: Date,
): Promise<ReflectionMaterial> {
  const values = { userId, assistantId, since, most: MOST_SOURCES };
  const ofMemories = await connection.raw<{ rows: Rows }>(
    `select id, event as text from (
       select id, event from memories where assistant_id = :assistantId and user_id = :userId and is_active
         and created_at > :since order by id desc limit :most) newest
     order by id`,
    values,
  );
  const ofMessages = await connection.raw<{ rows: Rows }>(
    `select id, content as text from (
       select m.id, m.content from conversations c join messages m
         on m.conversation_id = c.id and m.user_id = :userId
       where c.assistant_id = :assistantId and c.user_id = :userId and c.last_message_at > :since
         and m.status = 'completed' and m.created_at > :since
       order by m.id desc limit :most) newest
     order by id`,
    values,
  );
  return { ...NOTHING, memories: ofMemories.rows, messages: ofMessages.rows };
}

/** The memories that were named, or the most important. */
async function memories(connection: Knex, { userId, assistantId, memoryIds }: Reflection): Promise<Rows> {
  const query = connection('memories').where({ user_id: userId, assistant_id: assistantId });
  if (memoryIds.length > 0) void query.whereIn('id', [...memoryIds]);
  else void query.where('is_active', true);
  return query
    .orderBy('importance', 'desc')
    .orderBy('id', 'desc')
    .limit(MOST_SOURCES)
    .select<Rows>('id', 'event as text');
}

async function ofChain(connection: Knex, { userId, chainId }: Reflection): Promise<Rows> {
  return connection('memory_chain_entries as e')
    .join('memories as m', 'm.id', 'e.memory_id')
    .where({ 'e.chain_id': chainId, 'e.user_id': userId })
    .orderBy('e.position')
    .limit(MOST_SOURCES)
    .select<Rows>('m.id', 'm.event as text');
}

/** Passages at even distances over the whole document. */
async function passages(connection: Knex, { userId, documentId }: Reflection): Promise<Rows> {
  const { rows } = await connection.raw<{ rows: Rows }>(
    `select c.id, c.text from documents d
     join document_chunks c on c.document_id = d.id and c.revision = d.live_revision
     where d.id = ? and d.user_id = ? and d.deleted_at is null
       and c.position % greatest(1, ceil(d.chunk_count / ?::numeric)::int) = 0
     order by c.position limit ?`,
    [documentId, userId, PASSAGES, PASSAGES],
  );
  return rows;
}

/** What the assistant thought and was told before, oldest first. */
async function earlier(connection: Knex, { userId, assistantId, id }: Reflection): Promise<Rows> {
  const { rows } = await connection.raw<{ rows: Rows }>(
    `select id, text from (
       select id, coalesce(content, summary) as text from reflections
       where assistant_id = ? and user_id = ? and id <> ? and status = 'completed'
       order by id desc limit ?) newest
     where text is not null order by id`,
    [assistantId, userId, id, REFLECTIONS],
  );
  return rows;
}
