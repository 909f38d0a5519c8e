import type { Knex } from 'knex';
import type { AssistantFacts } from '#shared/domain/assistant-metrics.ts';
import { COUNTED_RETRIEVALS } from '../settle-retrievals.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** How far back the last replies go. */
const LAST = 50;
/** Conversations, the last used first, in which the last replies are looked for. */
const CONVERSATIONS = 200;
/** What is recent. */
const WINDOW = '7 days';
/** Ratings of feedback up to this one are corrections. */
export const NEGATIVE_RATING = 2;

/** Counts what an assistant's metrics are made of; the only place that does. One statement, so one moment in time. */
export async function assistantFacts(
  connection: Knex,
  userId: string,
  assistantId: string,
): Promise<AssistantFacts> {
  const { rows } = await connection.raw<{ rows: Row[] }>(
    `
with
  of_retrievals as (
    select count(*)::int as retrievals, count(*) filter (where passed)::int as retrievals_passed,
      max(created_at) as last_at
    from (select passed, created_at from retrievals where assistant_id = :assistantId and user_id = :userId
      order by created_at desc limit :counted) r),
  of_skills as (
    select count(*)::int as badges from assistant_skills
    where assistant_id = :assistantId and user_id = :userId and confidence >= 0.8::real),
  of_reflections as (
    select count(*) filter (where status = 'completed')::int as reflection_count,
      count(*) filter (where recent and status = 'completed' and not negative)::int as recent_reflections,
      count(*) filter (where recent and status = 'failed')::int as recent_failed_reflections,
      count(*) filter (where recent and negative)::int as negative,
      min(ended_at) filter (where recent) as oldest_recent_at, max(ended_at) as last_at
    from (select status, coalesce(completed_at, updated_at) as ended_at,
        type = 'feedback' and coalesce(rating <= :negative, false) as negative,
        status in ('completed', 'failed') and coalesce(completed_at, updated_at) > now() - cast(:window as interval) as recent
      from reflections where assistant_id = :assistantId and user_id = :userId) r),
  used as (
    select id, message_count, last_message_at from conversations
    where assistant_id = :assistantId and user_id = :userId),
  of_conversations as (
    select coalesce(sum(message_count), 0)::int as message_count,
      max(last_message_at) filter (where message_count > 0) as last_at from used),
  of_feedback as (
    select count(*)::int as negative, min(given_at) as oldest_recent_at from (
      select m.feedback_at as given_at from used c join messages m on m.conversation_id = c.id and m.user_id = :userId
      where m.feedback = 'negative'
      union all
      select unnest(a.corrections) from used c join conversation_archives a
        on a.conversation_id = c.id and a.user_id = :userId) given
    where given_at > now() - cast(:window as interval)),
  replies as (
    select m.status, m.took_ms
    from (select id from used order by last_message_at desc, id desc limit :conversations) c
    cross join lateral (
      select id, status, took_ms from messages
      where conversation_id = c.id and user_id = :userId and role = 'assistant' and status in ('completed', 'failed')
      order by id desc limit :last) m
    order by m.id desc limit :last),
  of_replies as (
    select avg(took_ms) filter (where status = 'completed')::real as avg_response_ms,
      avg((status = 'completed')::int)::real as success_rate from replies),
  of_documents as (
    select count(*)::int as document_count, coalesce(sum(chunk_count), 0)::bigint as chunks,
      coalesce(sum(embedded_count), 0)::bigint as embedded, max(created_at) as last_at
    from documents where assistant_id = :assistantId and user_id = :userId and deleted_at is null),
  of_memories as (
    select count(*)::int as memory_count, max(m.created_at) as last_at,
      count(*) filter (where exists (
        select from memory_embeddings e join embedding_models em on em.id = e.model_id and em.is_active
        where e.memory_id = m.id and e.status = 'embedded'))::bigint as embedded
    from memories m where m.assistant_id = :assistantId and m.user_id = :userId and m.is_active),
  of_children as (
    select count(*)::int as child_count from assistants
    where parent_id = :assistantId and user_id = :userId and deleted_at is null)
select r.retrievals, r.retrievals_passed, s.badges, f.recent_reflections, f.recent_failed_reflections,
  f.negative + b.negative as recent_negative_feedback, d.chunks + m.memory_count as embeddable,
  d.embedded + m.embedded as embedded, m.memory_count, d.document_count, f.reflection_count, c.message_count,
  k.child_count, p.avg_response_ms, p.success_rate,
  greatest(r.last_at, f.last_at, c.last_at, d.last_at, m.last_at) as last_active_at,
  least(f.oldest_recent_at, b.oldest_recent_at) + cast(:window as interval) as stale_at
from of_retrievals r, of_skills s, of_reflections f, of_conversations c, of_feedback b, of_replies p, of_documents d,
  of_memories m, of_children k`,
    {
      userId,
      assistantId,
      counted: COUNTED_RETRIEVALS,
      last: LAST,
      conversations: CONVERSATIONS,
      window: WINDOW,
      negative: NEGATIVE_RATING,
    },
  );
  return fromRow<AssistantFacts>(rows[0] ?? {});
}
