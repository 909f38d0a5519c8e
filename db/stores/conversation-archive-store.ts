import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Knex } from 'knex';

export interface ConversationArchiveWriter {
  /**
   * Puts all messages of a conversation into one compressed row and takes them out of their table. What refers to them,
   * such as memories, is noted, so that `unpack` can put it back.
   */
  pack(userId: string, conversationId: string): Promise<void>;
  /** The reverse: every message as it was. */
  unpack(conversationId: string): Promise<void>;
}

/** Messages that are written at a time. */
const BATCH = 500;

/** More than any archive is: what claims to be larger is not read. */
const LARGEST = 1024 * 1024 * 1024;

interface Packed {
  readonly conversation_id: string;
  readonly content: Buffer;
}

export function conversationArchiveWriter(trx: Knex.Transaction): ConversationArchiveWriter {
  return {
    pack: async (userId, conversationId) => {
      const { rows } = await trx.raw<{ rows: { line: string }[] }>(
        `select (to_jsonb(m) || jsonb_build_object('memory_ids',
           coalesce((select jsonb_agg(e.id) from memories e where e.message_id = m.id), '[]')))::text as line
         from messages m where m.conversation_id = ? order by m.id`,
        [conversationId],
      );
      const text = rows.map(({ line }) => `${line}\n`).join('');
      await trx('conversation_archives').insert({
        conversation_id: conversationId,
        user_id: userId,
        encoding: 'gzip',
        content: await promisify(gzip)(text),
        message_count: rows.length,
        size: Buffer.byteLength(text),
        corrections: trx.raw(
          `(select coalesce(array_agg(feedback_at order by feedback_at), '{}') from messages
            where conversation_id = ? and feedback = 'negative')`,
          [conversationId],
        ),
      });
      await trx('messages').where('conversation_id', conversationId).delete();
    },
    unpack: async (conversationId) => {
      const [packed] = await trx('conversation_archives')
        .where('conversation_id', conversationId)
        .delete()
        .returning<Packed[]>(['conversation_id', 'content']);
      if (packed === undefined) return;
      const lines = await archivedLines(packed.content);
      const columns = await columnsOf(trx, lines[0]);
      for (let start = 0; start < lines.length; start += BATCH) {
        const batch = `[${lines.slice(start, start + BATCH).join(',')}]`;
        await trx.raw(
          'insert into messages (??) select ?? from jsonb_populate_recordset(null::messages, ?::jsonb)',
          [columns, columns, batch] as never,
        );
        await trx.raw(
          `update memories set message_id = l.message_id, updated_at = updated_at
           from (select (r.value ->> 'id')::uuid as message_id, m.value::uuid as memory_id
             from jsonb_array_elements(?::jsonb) r, jsonb_array_elements_text(r.value -> 'memory_ids') m) l
           where memories.id = l.memory_id and memories.message_id is null`,
          [batch],
        );
      }
    },
  };
}

/** Columns of messages that an archive knows: those that came later take their defaults, and what has gone is left out. */
async function columnsOf(trx: Knex.Transaction, line: string | undefined): Promise<string[]> {
  if (line === undefined) return [];
  const { rows } = await trx.raw<{ rows: { name: string }[] }>(
    `select attname as name from pg_attribute
     where attrelid = 'messages'::regclass and attnum > 0 and not attisdropped and attgenerated = '' and ?::jsonb \\? attname
     order by attnum`,
    [line],
  );
  return rows.map(({ name }) => name);
}

/** The messages of an archive as they stood in their table: one JSON text each. */
export async function archivedLines(content: Buffer): Promise<string[]> {
  const text = (await promisify(gunzip)(content, { maxOutputLength: LARGEST })).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}
