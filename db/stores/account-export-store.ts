import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type { AccountExport } from '#shared/domain/account-export.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { openAccountSnapshot } from '../queries/account-snapshot.ts';
import type { AccountSnapshot } from '../queries/account-snapshot.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

export interface AccountExportReader {
  /** Exports that have not expired, newest first. */
  list(userId: string): Promise<AccountExport[]>;
  find(userId: string, id: string): Promise<AccountExport | undefined>;
  /** The bytes of a complete export, one part at a time. */
  content(found: AccountExport): AsyncIterable<Buffer>;
  snapshot(userId: string): Promise<AccountSnapshot>;
}

export interface AccountExportWriter {
  /**
   * Locks the account against a second wish and returns an export that is still being made; if there is none, lets
   * complete ones expire and starts to remove the bytes of those that came to nothing (maintenance removes the rest).
   */
  replace(userId: string): Promise<AccountExport | undefined>;
  /**
   * Judges one more export; those that failed or were cancelled count as well. The lock of `replace` makes it exact.
   *
   * @param perDay most exports in a day (UTC); 0 is without limit
   * @throws AppError quota.daily_exceeded
   */
  assertRoom(userId: string, perDay: number): Promise<void>;
  insert(userId: string): Promise<string>;
  /** Names the job that makes it. */
  assign(id: string, jobId: string): Promise<void>;
  addPart(part: ExportPart): Promise<void>;
  /** Makes the parts of this claim the export; those of others go. */
  complete(id: string, done: { fence: number; size: number; ttlHours: number }): Promise<void>;
}

export interface ExportPart {
  readonly exportId: string;
  readonly userId: string;
  readonly fence: number;
  readonly position: number;
  readonly content: Buffer;
}

/** Parts of a megabyte that are deleted while a client waits. */
const PARTS_AT_ONCE = 200;

export function accountExportReader(connection: Knex): AccountExportReader {
  return {
    list: async (userId) => (await visible(connection, userId).orderBy('e.id', 'desc')).map(toExport),
    find: async (userId, id) => {
      const [row] = await visible(connection, userId).where('e.id', id);
      return row && toExport(row);
    },
    content: async function* ({ id, fence }) {
      for (let position = 0; ; position += 1) {
        const row = await connection('account_export_parts')
          .where({ export_id: id, fence, position })
          .first<{ content: Buffer } | undefined>('content');
        if (row === undefined) return;
        yield row.content;
      }
    },
    snapshot: (userId) => openAccountSnapshot(connection, userId),
  };
}

export function accountExportWriter(trx: Knex.Transaction): AccountExportWriter {
  return {
    replace: async (userId) => {
      await trx('users').where('id', userId).forUpdate().select('id');
      const pending = (await visible(trx, userId).orderBy('e.id', 'desc'))
        .map(toExport)
        .find(({ status }) => status === 'pending');
      if (pending !== undefined) return pending;
      // Those that have expired keep their time: they would never be cleared away if each wish put it off.
      await trx('account_exports')
        .where('user_id', userId)
        .whereRaw('(expires_at is null or expires_at > now())')
        .update({ expires_at: trx.fn.now() });
      await trx.raw(
        `delete from account_export_parts where ctid = any(array(
           select p.ctid from account_export_parts p join account_exports e on e.id = p.export_id
           where e.user_id = ? and e.completed_at is null limit ?))`,
        [userId, PARTS_AT_ONCE],
      );
      return undefined;
    },
    assertRoom: async (userId, perDay) => {
      if (perDay === 0) return;
      const { rows } = await trx.raw<{ rows: { seconds: number }[] }>(
        `select ceil(extract(epoch from d.starts + interval '1 day' - now()))::int as seconds
         from (select date_trunc('day', now() at time zone 'utc') at time zone 'utc' as starts) d
         left join jobs j on j.user_id = ? and j.type = 'account.export' and j.parent_id is null
           and j.created_at >= d.starts
         group by d.starts having count(j.id) >= ?`,
        [userId, perDay],
      );
      if (rows[0] !== undefined)
        throw new AppError('quota.daily_exceeded', {
          detail: `The limit is ${perDay} exports a day.`,
          retryAfterSeconds: Math.max(1, rows[0].seconds),
        });
    },
    insert: async (userId) => {
      const id = uuidv7();
      await trx('account_exports').insert({ id, user_id: userId });
      return id;
    },
    assign: async (id, jobId) => {
      await trx('account_exports').where('id', id).update({ job_id: jobId });
    },
    addPart: async (part) => {
      await trx('account_export_parts').insert({
        export_id: part.exportId,
        user_id: part.userId,
        fence: part.fence,
        position: part.position,
        content: part.content,
      });
    },
    complete: async (id, { fence, size, ttlHours }) => {
      await trx('account_exports')
        .where('id', id)
        .update({
          fence,
          size,
          completed_at: trx.fn.now(),
          expires_at: trx.raw(`now() + ? * interval '1 hour'`, [ttlHours]),
        });
      await trx('account_export_parts').where('export_id', id).whereNot('fence', fence).delete();
    },
  };
}

const visible = (connection: Knex, userId: string) =>
  connection('account_exports as e')
    .leftJoin('jobs as j', 'j.id', 'e.job_id')
    .where('e.user_id', userId)
    .where((query) => {
      void query.whereNull('e.expires_at').orWhere('e.expires_at', '>', connection.fn.now());
    })
    .select<Row[]>(
      'e.id',
      'e.user_id',
      'e.job_id',
      'e.fence',
      'e.size',
      'e.created_at',
      'e.completed_at',
      'e.expires_at',
      connection.raw(`case when e.completed_at is not null then 'ready'
        when j.status in ('queued', 'running') then 'pending' else 'failed' end as status`),
    );

const toExport = (row: Row): AccountExport => fromRow<AccountExport>(row);
