import { messageView, promptView, sourceView } from './message-view.ts';
import type { ReplyEvent } from './write-reply.ts';

/** Comment lines keep proxies from closing a stream on which nothing happens. */
const HEARTBEAT_MS = 15_000;

export interface ReplyStreamOptions {
  /** Shows the prompt as an event of its own. */
  readonly explain: boolean;
  /** Asked at every heartbeat: a stream must not outlive the session or key that opened it. */
  readonly isStillAdmitted: () => Promise<boolean>;
  /** Told at the end, so that a reply nobody reads any more is not waited for. */
  readonly stop: AbortController;
  /** In ms; 15 s by default. */
  readonly heartbeatMs?: number | undefined;
}

/**
 * A reply as server-sent events (WHATWG HTML, section 9.2): `message` with the ids, `sources`, `delta` for each piece, and
 * at last `done` or, for a reply that failed, `error`, both with the reply as it is stored.
 */
export async function* replyEvents(
  events: AsyncGenerator<ReplyEvent, void, undefined>,
  { explain, isStillAdmitted, stop, heartbeatMs = HEARTBEAT_MS }: ReplyStreamOptions,
): AsyncGenerator<string, void, undefined> {
  try {
    let next = events.next();
    for (;;) {
      const event = await within(next, heartbeatMs);
      if (event === 'silence') {
        if (!(await isStillAdmitted())) return;
        yield ': still here\n\n';
        continue;
      }
      if (event.done === true) return;
      yield formatted(event.value, explain);
      next = events.next();
    }
  } finally {
    stop.abort();
    await events.return();
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T | 'silence'> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silence'>((resolve) => {
    timer = setTimeout(resolve, ms, 'silence');
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function formatted(event: ReplyEvent, explain: boolean): string {
  switch (event.type) {
    case 'begin':
      return format('message', { message: messageView(event.message), reply: messageView(event.reply) });
    case 'prompt':
      return (
        (explain ? format('prompt', promptView(event.prompt)) : '') +
        format('sources', event.sources.map(sourceView))
      );
    case 'delta':
      return format('delta', { text: event.text });
    case 'end':
      return format(event.reply.status === 'failed' ? 'error' : 'done', messageView(event.reply));
  }
}

const format = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
