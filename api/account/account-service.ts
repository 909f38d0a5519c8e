import type { Actor } from '#api/http/endpoint.ts';
import type { Caller, PasswordService } from '#api/auth/password-service.ts';
import { showJobs } from '#api/jobs/show-jobs.ts';
import type { ShownJob } from '#api/jobs/job-view.ts';
import type { Database } from '#db/database.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { Config } from '#shared/config/config.ts';
import type { AccountExport } from '#shared/domain/account-export.ts';
import type { Usage } from '#shared/domain/quotas.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { JobProducer } from '#shared/queue/producer.ts';

/** What people can do with their account as a whole. */
export interface AccountService {
  usage(userId: string): Promise<Usage>;
  /**
   * Has everything of the account packed; while that is being done, the same export is returned.
   *
   * @throws AppError quota.daily_exceeded
   */
  export(userId: string, actor: Actor): Promise<{ readonly made: AccountExport; readonly job: ShownJob }>;
  exports(userId: string): Promise<AccountExport[]>;
  /** @throws AppError export.not_found, export.not_ready */
  content(userId: string, id: string, actor: Actor): Promise<{ size: number; bytes: AsyncIterable<Buffer> }>;
  /**
   * Closes the account and sets the time of its purge.
   *
   * @throws AppError auth.invalid_credentials when the password is wrong; auth.session_expired, auth.key_invalid when what
   *   the caller came by has ended meanwhile
   */
  close(caller: Caller, password: string): Promise<Date>;
}

export interface AccountServiceOptions {
  readonly database: Database;
  readonly passwords: Pick<PasswordService, 'confirm'>;
  readonly producer: Pick<JobProducer, 'deliver'>;
  readonly config: Pick<Config, 'account' | 'quotas'>;
}

export function createAccountService(options: AccountServiceOptions): AccountService {
  const { database, passwords, producer, config } = options;
  const { read } = database;
  return {
    usage: (userId) => read.quotas.usage(userId, config.quotas),
    export: async (userId, actor) => {
      const id = await database.transaction(async (tx) => {
        const pending = await tx.accountExports.replace(userId);
        if (pending !== undefined) return pending.id;
        await tx.accountExports.assertRoom(userId, config.account.exportsPerDay);
        const exportId = await tx.accountExports.insert(userId);
        const jobs = await tx.jobs.insert([
          { type: 'account.export' as const, userId, payload: { export_id: exportId } },
        ]);
        for (const job of jobs) await tx.accountExports.assign(exportId, job.id);
        const target = { targetType: 'account_export', targetId: exportId };
        await tx.audit.record({ ...actor, ...target, userId, action: 'account.export' });
        tx.afterCommit(() => producer.deliver(deliveriesOf(jobs)));
        return exportId;
      });
      return pendingExport(read, userId, id);
    },
    exports: (userId) => read.accountExports.list(userId),
    content: async (userId, id, actor) => {
      const found = await read.accountExports.find(userId, id);
      if (found === undefined) throw new AppError('export.not_found');
      if (found.status !== 'ready' || found.size === null) throw new AppError('export.not_ready');
      const target = { targetType: 'account_export', targetId: id };
      await database.transaction((tx) =>
        tx.audit.record({ ...actor, ...target, userId, action: 'account.export_download' }),
      );
      return { size: found.size, bytes: read.accountExports.content(found) };
    },
    close: ({ userId, ...caller }, password) =>
      passwords.confirm({ userId, ...caller }, password, async (tx) => {
        const purgeAfter = await tx.accountDeletions.schedule(userId, config.account.deletionGraceDays);
        await tx.audit.record({ ...caller.actor, userId, action: 'account.delete' });
        return purgeAfter;
      }),
  };
}

async function pendingExport(read: Database['read'], userId: string, id: string) {
  const made = await read.accountExports.find(userId, id);
  const job = made?.jobId ? await read.jobs.find(userId, made.jobId) : undefined;
  const [shown] = job === undefined ? [] : await showJobs(read, [job]);
  if (made === undefined || shown === undefined) throw new Error(`export ${id} has vanished`);
  return { made, job: shown };
}
