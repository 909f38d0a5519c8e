import Joi from 'joi';
import type { QuotaChanges } from '#shared/domain/quotas.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { OperatorContext } from './operator-context.ts';

export interface QuotaOptions {
  readonly documents?: string;
  readonly bytes?: string;
  readonly embeddingTokensPerDay?: string;
  readonly completionTokensPerDay?: string;
}

const limit = Joi.string()
  .pattern(/^(default|\d{1,15})$/, 'a number or "default"')
  .custom((value: string) => (value === 'default' ? null : Number(value)));
const limits = Joi.object<QuotaChanges>({
  documents: limit,
  bytes: limit,
  embeddingTokensPerDay: limit,
  completionTokensPerDay: limit,
});

/** Sets what is given in place of the settings for one account, and shows what it uses and may use. */
export async function userQuota(
  { config, database, say }: OperatorContext,
  login: string,
  options: QuotaOptions,
): Promise<void> {
  const changes = Joi.attempt<Joi.ObjectSchema<QuotaChanges>>(options, limits);
  const found = await database.read.users.findCredentials(login);
  if (found === undefined) throw new AppError('user.not_found');
  const { id, username } = found.user;
  if (Object.keys(changes).length > 0)
    await database.transaction(async (tx) => {
      await tx.quotas.override(id, changes);
      const details = {
        documents: changes.documents,
        bytes: changes.bytes,
        embedding_tokens_per_day: changes.embeddingTokensPerDay,
        completion_tokens_per_day: changes.completionTokensPerDay,
      };
      await tx.audit.record({ userId: id, actorId: null, action: 'user.quota', details });
    });
  const usage = await database.read.quotas.usage(id, config.quotas);
  const line = (what: string, used: number, most: number): void =>
    say(`  ${what}: ${used} of ${most === 0 ? 'any number' : most}`);
  say(`${username} uses`);
  line('documents', usage.documents, usage.limits.documents);
  line('bytes', usage.bytes, usage.limits.bytes);
  line('embedding tokens today', usage.embeddingTokensToday, usage.limits.embeddingTokensPerDay);
  line('completion tokens today', usage.completionTokensToday, usage.limits.completionTokensPerDay);
}
