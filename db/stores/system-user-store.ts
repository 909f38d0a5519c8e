import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';

/** The account of the product itself: nobody logs in to it, and no list shows it. */
export interface SystemUserWriter {
  /** Its id; it is made when it is first needed. */
  id(): Promise<string>;
  /** Its one assistant, which reads the canary's documents. */
  assistantId(): Promise<string>;
}

/** No name or address of a person can be this. */
const NAME = '(system)';

export function systemUserWriter(trx: Knex.Transaction): SystemUserWriter {
  const id = async (): Promise<string> => {
    const find = () => trx('users').where('is_system', true).first<{ id: string } | undefined>('id');
    const known = await find();
    if (known !== undefined) return known.id;
    await trx('users')
      .insert({ id: uuidv7(), username: NAME, email: NAME, password_hash: nobodysHash(), is_system: true })
      .onConflict()
      .ignore();
    return (await find())?.id ?? '';
  };
  return {
    id,
    assistantId: async () => {
      const userId = await id();
      await trx('assistants')
        .insert({ id: uuidv7(), user_id: userId, slug: 'canary', name: 'Canary' })
        .onConflict(trx.raw('(user_id, slug) where deleted_at is null'))
        .ignore();
      const row = await trx('assistants').where('user_id', userId).first<{ id: string }>('id');
      return row.id;
    },
  };
}

/** Of the right form and of no password: it is not made from any. */
function nobodysHash(): string {
  const part = (bytes: number): string => randomBytes(bytes).toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=19456,t=2,p=1$${part(16)}$${part(32)}`;
}
