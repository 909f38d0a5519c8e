import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { currentCorrelationId } from '#shared/logging/correlation.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** One entry of the audit log. */
export interface AuditEvent {
  readonly id: string;
  /** Whose event it is; null where no account is known, as for a login under an unknown name. */
  readonly userId: string | null;
  /** Who did it; null for the product itself and for strangers. */
  readonly actorId: string | null;
  /** The key by which it was done, if it was not a browser session. */
  readonly apiKeyId: string | null;
  /** `noun.verb`, such as `api_key.create`. */
  readonly action: string;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly correlationId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

/** What is recorded; never a secret, and of texts people wrote only what is needed. */
export interface NewAuditEvent {
  readonly userId: string | null;
  readonly actorId: string | null;
  readonly apiKeyId?: string | undefined;
  readonly action: string;
  readonly targetType?: string | undefined;
  readonly targetId?: string | undefined;
  readonly address?: string | undefined;
  /** Cut to 300 characters. */
  readonly userAgent?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

export interface AuditFilter {
  /** Only events of this account. */
  readonly userId?: string | undefined;
  readonly actorId?: string | undefined;
  /** A whole action, or a noun for all of its actions. */
  readonly action?: string | undefined;
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
}

export interface AuditReader {
  /** Newest first; with `userId` what the owner sees, without it what administrators see. */
  list(filter: AuditFilter, page: PageRequest): Promise<Page<AuditEvent>>;
}

export interface AuditWriter {
  /** Adds an event with the correlation id of the request or job; there is no way to change or take back one. */
  record(event: NewAuditEvent): Promise<void>;
}

const COLUMNS = [
  'id',
  'user_id',
  'actor_id',
  'api_key_id',
  'action',
  'target_type',
  'target_id',
  'address',
  'user_agent',
  'correlation_id',
  'details',
  'created_at',
];

export function auditReader(connection: Knex): AuditReader {
  return {
    list: async (filter, { limit, after }) => {
      const query = connection('audit_events')
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (filter.userId !== undefined) void query.where('user_id', filter.userId);
      if (filter.actorId !== undefined) void query.where('actor_id', filter.actorId);
      if (filter.action?.includes('.') === true) void query.where('action', filter.action);
      else if (filter.action !== undefined)
        void query.whereRaw("split_part(action, '.', 1) = ?", filter.action);
      if (filter.from !== undefined) void query.where('created_at', '>=', filter.from);
      if (filter.to !== undefined) void query.where('created_at', '<', filter.to);
      if (after !== null) void query.where('id', '<', after);
      const rows = await query.select<Row[]>(COLUMNS);
      return toPage(
        rows.map((row) => fromRow<AuditEvent>(row)),
        limit,
      );
    },
  };
}

export function auditWriter(trx: Knex.Transaction): AuditWriter {
  return {
    record: async (event) => {
      await trx('audit_events').insert({
        ...toRow({
          ...event,
          userAgent: event.userAgent?.slice(0, 300),
          correlationId: currentCorrelationId(),
        }),
        id: uuidv7(),
        details: JSON.stringify(event.details ?? {}),
      });
    },
  };
}
