import { createUser } from '#api/auth/create-user.ts';
import { ensureEmbeddingModel } from '#db/ensure-embedding-model.ts';
import { createPasswords } from '#shared/crypto/passwords.ts';
import { createEmbedders } from '#shared/embedding/create-embedder.ts';
import type { OperatorContext } from './operator-context.ts';

/** Brings the schema up to date; does nothing when it is. */
export async function migrate({ database, say }: OperatorContext): Promise<void> {
  const done = await database.migrate();
  say(done.length === 0 ? 'The schema is up to date.' : `Migrated: ${done.join(', ')}`);
}

/** Undoes the migrations that ran together last. */
export async function rollback({ database, say }: OperatorContext): Promise<void> {
  const undone = await database.rollback();
  say(undone.length === 0 ? 'There is nothing to undo.' : `Undone: ${undone.join(', ')}`);
}

/** Makes what a new installation starts with: the embedding model and the first administrator. Safe to repeat. */
export async function seed({ config, database, logger, metrics, say }: OperatorContext): Promise<void> {
  const { configured } = createEmbedders(config.embedding, { logger, metrics });
  const model = await ensureEmbeddingModel(database, configured, logger);
  say(`Embedding model: ${model.provider} ${model.name}, ${model.dimensions} dimensions.`);
  const { admin } = config.auth;
  if (admin === undefined) {
    say('ADMIN_USERNAME is not set: no administrator was made.');
    return;
  }
  if ((await database.read.users.findCredentials(admin.username)) !== undefined) {
    say(`Administrator ${admin.username} exists already.`);
    return;
  }
  await createUser((work) => database.transaction(work), createPasswords(), { ...admin, role: 'admin' });
  say(`Administrator ${admin.username} was made; the password is ADMIN_PASSWORD.`);
}
