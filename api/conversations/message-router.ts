import type { Reply } from '#api/http/endpoint.ts';
import { REPLAYED, WAIT_MS } from '#api/http/idempotency.ts';
import { pageBody, readPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import type { Message } from '#shared/domain/conversation.ts';
import { cancelMessage, getMessage, giveFeedback, listMessages, postMessage } from './message-endpoints.ts';
import type { PostMessageBody } from './message-endpoints.ts';
import type { MessageService } from './message-service.ts';
import { messageView, promptView } from './message-view.ts';
import { replyEvents } from './reply-events.ts';
import type { PromptReport, ReplyEvent } from './write-reply.ts';

/** @param heartbeatMs time between two heartbeats of a stream; undefined for the default */
export function mountMessages(mount: Mount, messages: MessageService, heartbeatMs?: number): void {
  mount(listMessages, async ({ user, params, query }) => {
    const list = ['messages', params.id, query.order];
    const page = await messages.list(user.id, params.id, query.order, readPage(query, list));
    return { status: 200, body: pageBody(page, list, messageView) };
  });
  mount(postMessage, async ({ user, params, query, headers, body, effectKey: key, ...caller }) => {
    if (!body.reply) {
      const { told, isRepeated } = await messages.note(user.id, params.id, body.content, key);
      return { ...posted(told, null), ...repeated(isRepeated) };
    }
    const isStream = wantsStream(body, headers.accept);
    const stop = new AbortController();
    const { told: events, isRepeated } = await messages.ask(user.id, params.id, body.content, {
      signal: AbortSignal.any([caller.signal, stop.signal]),
      key,
      waitMs: isStream ? undefined : WAIT_MS,
    });
    if (!isStream) return { ...(await collected(events, query.explain)), ...repeated(isRepeated) };
    const headersOfStream = { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' };
    const { isStillAdmitted } = caller;
    const stream = replyEvents(events, { explain: query.explain, isStillAdmitted, stop, heartbeatMs });
    return { status: 200, headers: { ...headersOfStream, ...repeated(isRepeated).headers }, stream };
  });
  mount(getMessage, async ({ user, params, query }) => {
    const data = messageView(await messages.get(user.id, params.id));
    if (!query.explain) return { status: 200, body: { data } };
    return { status: 200, body: { data: { ...data, ...shown(await messages.prompt(user.id, params.id)) } } };
  });
  mount(cancelMessage, async ({ user, params }) => ({
    status: 200,
    body: { data: messageView(await messages.cancel(user.id, params.id)) },
  }));
  mount(giveFeedback, async ({ user, params, body }) => {
    const message = await messages.giveFeedback(user.id, params.id, body.value, body.comment ?? null);
    return { status: 200, body: { data: messageView(message) } };
  });
}

const repeated = (isRepeated: boolean): Pick<Reply, 'headers'> => ({ headers: isRepeated ? REPLAYED : {} });

const wantsStream = ({ stream }: PostMessageBody, accept: string | undefined): boolean =>
  stream ?? accept?.split(',').some((type) => type.split(';')[0]?.trim() === 'text/event-stream') === true;

/** Waits for the end of a reply and answers with all of it. */
async function collected(
  events: AsyncGenerator<ReplyEvent, void, undefined>,
  explain: boolean,
): Promise<Reply> {
  let message: Message | undefined;
  let reply: Message | undefined;
  let prompt: PromptReport | null = null;
  for await (const event of events) {
    if (event.type === 'begin') message = event.message;
    else if (event.type === 'prompt') prompt = event.prompt;
    else if (event.type === 'end') reply = event.reply;
  }
  if (message === undefined || reply === undefined) throw new Error('a reply ended without an end');
  return posted(message, reply, explain ? shown(prompt) : {});
}

const posted = (message: Message, reply: Message | null, more: object = {}): Reply => ({
  status: 201,
  body: {
    data: { message: messageView(message), reply: reply === null ? null : messageView(reply), ...more },
  },
});

const shown = (prompt: PromptReport | null) => ({ prompt: prompt === null ? null : promptView(prompt) });
