import type { Knex } from 'knex';
import { AppError } from '#shared/errors/app-error.ts';
import type { TokenUsage } from '#shared/completion/completer.ts';
import type { Quotas, QuotaChanges, Usage } from '#shared/domain/quotas.ts';
import type { Row } from '../rows.ts';

export interface QuotaReader {
  /** What a user has used, counted from the rows themselves, and the limits that apply. */
  usage(userId: string, defaults: Quotas): Promise<Usage>;
  /** @throws AppError quota.exceeded when a document of this size has no room; for a look ahead, without a lock */
  assertRoom(userId: string, size: number, defaults: Quotas): Promise<void>;
  /** @throws AppError quota.daily_exceeded when so many tokens are too many today; for a look ahead, without a lock */
  assertTokens(userId: string, tokens: number, defaults: Quotas): Promise<void>;
  /**
   * Asks before a model is. What an answer takes is known only afterwards, so the last one of a day may go beyond.
   *
   * @throws AppError quota.daily_exceeded when the completion tokens of the day are used up
   */
  assertCompletions(userId: string, defaults: Quotas): Promise<void>;
}

export interface QuotaWriter {
  /**
   * Judges a document that this transaction has stored. Uploads of one user pass one by one from here to their commit, so
   * call it late; the count is then exact.
   *
   * @throws AppError quota.exceeded
   */
  settleDocument(userId: string, defaults: Quotas): Promise<void>;
  /**
   * Adds to what the user has embedded today. On a day without any, a batch passes even if it is larger than the limit,
   * or it would wait for ever.
   *
   * @throws AppError quota.daily_exceeded
   */
  spendTokens(userId: string, tokens: number, defaults: Quotas): Promise<void>;
  /** Adds what a model has read and written to the day of the user: it has been paid for, whatever the limit. */
  countCompletion(userId: string, used: Pick<TokenUsage, 'promptTokens' | 'completionTokens'>): Promise<void>;
  /** Sets what is given in place of the settings (null: follow them again) and lets waiting jobs try at once. */
  override(userId: string, changes: QuotaChanges): Promise<void>;
}

export function quotaReader(connection: Knex): QuotaReader {
  const read = (userId: string, defaults: Quotas): Promise<Usage> => readUsage(connection, userId, defaults);
  return {
    usage: read,
    assertRoom: async (userId, size, defaults) => {
      const { documents, bytes, limits } = await read(userId, defaults);
      refuseDocuments({ documents: documents + 1, bytes: bytes + size }, limits);
    },
    assertTokens: async (userId, tokens, defaults) => {
      const usage = await read(userId, defaults);
      const limit = usage.limits.embeddingTokensPerDay;
      const used = usage.embeddingTokensToday;
      if (limit !== 0 && used > 0 && used + tokens > limit)
        throw dailyExceeded(EMBEDDED, limit, usage.resetsAt);
    },
    assertCompletions: async (userId, defaults) => {
      const { completionTokensToday, limits, resetsAt } = await read(userId, defaults);
      const limit = limits.completionTokensPerDay;
      if (limit !== 0 && completionTokensToday >= limit) throw dailyExceeded(COMPLETED, limit, resetsAt);
    },
  };
}

export function quotaWriter(trx: Knex.Transaction): QuotaWriter {
  return {
    settleDocument: async (userId, defaults) => {
      await trx.raw(`select pg_advisory_xact_lock(hashtextextended('quota ' || ?::text, 0))`, [userId]);
      // A statement of its own: it sees what was committed while this one waited for the lock.
      const { documents, bytes, limits } = await readUsage(trx, userId, defaults);
      refuseDocuments({ documents, bytes }, limits);
    },
    spendTokens: async (userId, tokens, defaults) => {
      if (tokens === 0) return;
      const { limits, resetsAt } = await readUsage(trx, userId, defaults);
      const limit = limits.embeddingTokensPerDay;
      const { rowCount } = await trx.raw<{ rowCount: number }>(
        `insert into embedding_usage as u (user_id, day, tokens)
         values (?, (now() at time zone 'utc')::date, ?)
         on conflict (user_id, day) do update set tokens = u.tokens + excluded.tokens
         where ? = 0 or u.tokens + excluded.tokens <= ?`,
        [userId, tokens, limit, limit],
      );
      if (rowCount === 0) throw dailyExceeded(EMBEDDED, limit, resetsAt);
    },
    countCompletion: async (userId, { promptTokens, completionTokens }) => {
      const tokens = promptTokens + completionTokens;
      if (tokens === 0) return;
      await trx.raw(
        `insert into completion_usage as u (user_id, day, tokens)
         values (?, (now() at time zone 'utc')::date, ?)
         on conflict (user_id, day) do update set tokens = u.tokens + excluded.tokens`,
        [userId, tokens],
      );
    },
    override: async (userId, changes) => {
      const columns = {
        ...(changes.documents === undefined ? {} : { documents: changes.documents }),
        ...(changes.bytes === undefined ? {} : { bytes: changes.bytes }),
        ...(changes.embeddingTokensPerDay === undefined
          ? {}
          : { embedding_tokens_per_day: changes.embeddingTokensPerDay }),
        ...(changes.completionTokensPerDay === undefined
          ? {}
          : { completion_tokens_per_day: changes.completionTokensPerDay }),
      };
      await trx('user_quotas')
        .insert({ user_id: userId, ...columns })
        .onConflict('user_id')
        .merge({ ...columns, updated_at: trx.fn.now() });
      // Another fence makes it another delivery; the one that waits in the queue comes to nothing.
      await trx.raw(
        `update jobs set run_at = now(), enqueued_at = null, fence = fence + 1, state = state + 1, updated_at = now()
         where user_id = ? and status = 'queued' and error ->> 'code' = 'quota.daily_exceeded'`,
        [userId],
      );
    },
  };
}

async function readUsage(connection: Knex, userId: string, defaults: Quotas): Promise<Usage> {
  const { rows } = await connection.raw<{ rows: Row[] }>(
    `select d.documents, d.bytes, coalesce(u.tokens, 0) as tokens, coalesce(c.tokens, 0) as completion_tokens,
       q.documents as max_documents, q.bytes as max_bytes, q.embedding_tokens_per_day as max_tokens,
       q.completion_tokens_per_day as max_completion_tokens,
       ((now() at time zone 'utc')::date + 1)::timestamp at time zone 'utc' as resets_at
     from (select
         (select count(*) from documents where user_id = :userId and deleted_at is null) as documents,
         (select coalesce(sum(size), 0)::bigint from document_files where user_id = :userId) as bytes) d
     left join user_quotas q on q.user_id = :userId
     left join embedding_usage u on u.user_id = :userId and u.day = (now() at time zone 'utc')::date
     left join completion_usage c on c.user_id = :userId and c.day = (now() at time zone 'utc')::date`,
    { userId },
  );
  const row = rows[0] as unknown as UsageRow;
  return {
    documents: row.documents,
    bytes: row.bytes,
    embeddingTokensToday: row.tokens,
    completionTokensToday: row.completion_tokens,
    limits: {
      documents: row.max_documents ?? defaults.documents,
      bytes: row.max_bytes ?? defaults.bytes,
      embeddingTokensPerDay: row.max_tokens ?? defaults.embeddingTokensPerDay,
      completionTokensPerDay: row.max_completion_tokens ?? defaults.completionTokensPerDay,
    },
    resetsAt: row.resets_at,
  };
}

interface UsageRow {
  readonly documents: number;
  readonly bytes: number;
  readonly tokens: number;
  readonly completion_tokens: number;
  readonly max_documents: number | null;
  readonly max_bytes: number | null;
  readonly max_tokens: number | null;
  readonly max_completion_tokens: number | null;
  readonly resets_at: Date;
}

function refuseDocuments(
  used: Pick<Usage, 'documents' | 'bytes'>,
  limits: Pick<Quotas, 'documents' | 'bytes'>,
): void {
  for (const kind of ['documents', 'bytes'] as const)
    if (limits[kind] !== 0 && used[kind] > limits[kind])
      throw new AppError('quota.exceeded', { detail: `The limit is ${limits[kind]} ${kind}.` });
}

const EMBEDDED = { tokens: 'embedded tokens', stage: 'embed' } as const;
const COMPLETED = { tokens: 'completion tokens', stage: 'complete' } as const;

const dailyExceeded = (
  { tokens, stage }: typeof EMBEDDED | typeof COMPLETED,
  limit: number,
  resetsAt: Date,
): AppError =>
  new AppError('quota.daily_exceeded', {
    detail: `The limit is ${limit} ${tokens} a day; it starts anew at ${resetsAt.toISOString()}.`,
    retryAfterSeconds: Math.max(1, Math.ceil((resetsAt.getTime() - Date.now()) / 1000)),
    stage,
  });
