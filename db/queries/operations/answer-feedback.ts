import type { Knex } from 'knex';
import { onlyRow } from '../../rows.ts';

/** What people said of the replies of one assistant. */
export interface AssistantFeedback {
  readonly assistantId: string;
  readonly positive: number;
  readonly negative: number;
}

export interface AnswerFeedback {
  readonly replies: number;
  readonly failed: number;
  readonly positive: number;
  readonly negative: number;
  /** Replies that cite nothing. */
  readonly withoutSources: number;
  /** Feedback written as a reflection: how many, and the mean of its ratings of 1 to 5. */
  readonly written: number;
  readonly meanRating: number | null;
  /** Share of searches whose best hit passed the assistant's threshold, 0..1; null where there was none. */
  readonly grounded: number | null;
  /** Assistants with the most negative feedback, worst first; by id, for names are their owners' own. */
  readonly worst: readonly AssistantFeedback[];
}

/** What replies made since a time were like, by what people said and by what can be counted. Never what they wrote. */
export async function answerFeedback(connection: Knex, since: Date, limit: number): Promise<AnswerFeedback> {
  const { rows } = await connection.raw<{ rows: Omit<AnswerFeedback, 'worst'>[] }>(
    `select r.*, w.*, (select avg(passed::int)::float8 from retrievals where created_at >= :since) as grounded
     from (select count(*) as replies, count(*) filter (where status = 'failed') as failed,
         count(*) filter (where feedback = 'positive') as positive, count(*) filter (where feedback = 'negative') as negative,
         count(*) filter (where status = 'completed' and sources = '[]') as "withoutSources"
       from messages where role = 'assistant' and created_at >= :since) r,
       (select count(*) as written, avg(rating)::float8 as "meanRating"
       from reflections where type = 'feedback' and created_at >= :since) w`,
    { since },
  );
  const { rows: worst } = await connection.raw<{ rows: AssistantFeedback[] }>(
    `select c.assistant_id as "assistantId", count(*) filter (where m.feedback = 'positive') as positive,
       count(*) filter (where m.feedback = 'negative') as negative
     from messages m join conversations c on c.id = m.conversation_id
     where m.role = 'assistant' and m.created_at >= ? and m.feedback is not null
     group by c.assistant_id having count(*) filter (where m.feedback = 'negative') > 0
     order by negative desc, positive, c.assistant_id limit ?`,
    [since, limit],
  );
  return { ...onlyRow(rows), worst };
}
