import type { Knex } from 'knex';
import type { ListedPrompt } from '../stores/prompt-store.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** A prompt among those it was made of and those made of it. */
export interface PromptLineage {
  /** From the first prompt down to the one it is a remix of. */
  readonly ancestors: ListedPrompt[];
  readonly self: ListedPrompt;
  /** Remixes, and remixes of remixes, level by level. */
  readonly descendants: ListedPrompt[];
  /** There are more on one of the two sides. */
  readonly hasMore: boolean;
}

export interface PromptLineageReader {
  /** @param limit most prompts that are read on either side; of the ancestors the nearest */
  find(userId: string, id: string, limit: number): Promise<PromptLineage | undefined>;
}

/** Reads all remixes around a prompt in one statement. */
export function promptLineageReader(connection: Knex): PromptLineageReader {
  return {
    find: async (userId, id, limit) => {
      const { rows } = await connection.raw<{ rows: (Row & { distance: number })[] }>(
        `with recursive up as (
           select id, parent_id, 0 as distance from prompts where id = :id and user_id = :userId
           union all
           select p.id, p.parent_id, up.distance - 1 from prompts p join up on p.id = up.parent_id
           where p.user_id = :userId),
         down as (
           select id, 0 as distance from prompts where id = :id and user_id = :userId
           union all
           select p.id, down.distance + 1 from prompts p join down on p.parent_id = down.id
           where p.user_id = :userId),
         found as (
           (select id, distance from up limit :limit::int + 1)
           union all (select id, distance from down offset 1 limit :limit))
         select p.id, p.slug, p.title, p.type, p.tags, p.parent_id, p.version, p.created_at, p.updated_at, f.distance
         from found f join prompts p on p.id = f.id
         order by f.distance, p.id`,
        { id, userId, limit: limit + 1 },
      );
      const relatives = rows.map(({ distance, ...row }) => ({
        distance,
        prompt: fromRow<ListedPrompt>(row),
      }));
      const self = relatives.find(({ distance }) => distance === 0)?.prompt;
      if (self === undefined) return undefined;
      const above = relatives.filter(({ distance }) => distance < 0).map(({ prompt }) => prompt);
      const below = relatives.filter(({ distance }) => distance > 0).map(({ prompt }) => prompt);
      return {
        ancestors: above.slice(-limit),
        self,
        descendants: below.slice(0, limit),
        hasMore: above.length > limit || below.length > limit,
      };
    },
  };
}
