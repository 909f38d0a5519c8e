import type { Knex } from 'knex';
import type { CacheKind, CacheSubject } from '#shared/cache/cache-subject.ts';

/** What caches need not keep any longer. */
export interface Outdated {
  /** Has changed, or what it is made of. */
  readonly changed: readonly CacheSubject[];
  /** Has been deleted. */
  readonly gone: readonly CacheSubject[];
}

export interface CacheMarkWriter {
  /**
   * Puts one fresh mark in the place of those that writers have left on what there still is, and removes the others. Marks
   * are random: a set of them that has been is never again, so that no value becomes good a second time.
   *
   * @param limit most subjects that are looked at
   */
  settle(limit: number): Promise<Outdated>;
}

interface Marked {
  readonly kind: CacheKind | 'prompts' | 'memories';
  readonly subject_id: string;
  readonly owner_id: string;
}

export function cacheMarkWriter(trx: Knex.Transaction): CacheMarkWriter {
  return {
    settle: async (limit) => {
      const { rows: marked } = await trx.raw<{ rows: Marked[] }>(
        `with due as (
           select distinct kind, subject_id from (
             select kind, subject_id from cache_marks where not settled order by kind, subject_id limit ?) unsettled),
         removed as (
           delete from cache_marks m using due d where m.kind = d.kind and m.subject_id = d.subject_id
           returning m.kind, m.subject_id, m.owner_id)
         select distinct kind, subject_id, owner_id from removed`,
        [limit],
      );
      if (marked.length === 0) return { changed: [], gone: [] };
      const columns = columnsOf(marked);
      const { rows: kept } = await trx.raw<{ rows: Marked[] }>(
        `insert into cache_marks (kind, subject_id, owner_id, settled)
         select s.kind, s.id, s.owner_id, true
         from unnest(?::text[], ?::uuid[], ?::uuid[]) as s (kind, id, owner_id)
         where case s.kind
           when 'chain' then exists (select from memory_chains c where c.id = s.id)
           when 'document' then exists (select from documents d where d.id = s.id and d.deleted_at is null)
           when 'prompts' then exists (select from users u where u.id = s.id)
           else exists (select from assistants a where a.id = s.id and a.deleted_at is null) end
         on conflict (kind, subject_id, written_by) do nothing
         returning kind, subject_id, owner_id`,
        columns,
      );
      const alive = new Set(kept.map((row) => `${row.kind} ${row.subject_id}`));
      const dead = marked.filter((row) => !alive.has(`${row.kind} ${row.subject_id}`));
      return {
        changed: [...subjectsOf(kept), ...(await dependentsOf(trx, columnsOf(kept)))],
        gone: subjectsOf(dead),
      };
    },
  };
}

const columnsOf = (rows: readonly Marked[]): string[][] => [
  rows.map((row) => row.kind),
  rows.map((row) => row.subject_id),
  rows.map((row) => row.owner_id),
];

const subjectsOf = (rows: readonly Marked[]): CacheSubject[] =>
  rows.flatMap(({ kind, subject_id: id, owner_id: userId }) =>
    kind === 'prompts' || kind === 'memories' ? [] : [{ kind, id, userId }],
  );

/** The assistants that may have a changed prompt, and the chains that may have a changed memory. */
async function dependentsOf(trx: Knex.Transaction, columns: string[][]): Promise<CacheSubject[]> {
  const { rows } = await trx.raw<{ rows: Marked[] }>(
    `with s as (select * from unnest(?::text[], ?::uuid[], ?::uuid[]) as s (kind, id, owner_id))
     select 'assistant' as kind, a.id as subject_id, a.user_id as owner_id
     from s join assistants a on a.user_id = s.id
     where s.kind = 'prompts' and a.system_prompt_id is not null and a.deleted_at is null
     union
     select 'chain', c.id, c.user_id from s join memory_chains c on c.assistant_id = s.id where s.kind = 'memories'`,
    columns,
  );
  return subjectsOf(rows);
}
