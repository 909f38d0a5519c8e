import type { JobWatcher } from './job-watcher.ts';
import { jobView } from './job-view.ts';
import type { ShownJob } from './job-view.ts';

/** Comment lines keep proxies from closing a stream on which nothing happens. */
const HEARTBEAT_MS = 15_000;

export interface JobEventOptions {
  /** What the client saw last; that state is not sent again. */
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal;
  /** Asked at every heartbeat: a stream must not outlive the session or key that opened it. */
  readonly isStillAdmitted: () => Promise<boolean>;
  /** In ms; 15 s by default. */
  readonly heartbeatMs?: number | undefined;
}

/**
 * The server-sent events (WHATWG HTML, section 9.2) of one job: `progress` at every change, with the job as data and its
 * state as id, and after the last change the end of the stream.
 */
export async function* jobEvents(
  watcher: JobWatcher,
  id: string,
  options: JobEventOptions,
): AsyncGenerator<string> {
  const inbox = openInbox(watcher, id, options);
  let seen = options.lastEventId;
  try {
    yield 'retry: 2000\n\n';
    for (;;) {
      const message = await inbox.next();
      if (inbox.isCheckDue() && !(await options.isStillAdmitted())) return;
      if (message === 'heartbeat') yield ': still here\n\n';
      else if (message === 'closed') return;
      else {
        const state = String(message.shown.state);
        if (state !== seen) yield format(state, message);
        seen = state;
        if (message.job.finishedAt !== null) return;
      }
    }
  } finally {
    inbox.close();
  }
}

const format = (state: string, shown: ShownJob): string =>
  `event: progress\nid: ${state}\ndata: ${JSON.stringify(jobView(shown))}\n\n`;

type Message = ShownJob | 'heartbeat' | 'closed';

/** Holds at most one message: a slow client is told the newest state, not all it missed. */
function openInbox(watcher: JobWatcher, id: string, { signal, heartbeatMs }: JobEventOptions) {
  let checkDue = false;
  let waiting: Message | undefined;
  let wake: (() => void) | undefined;
  const put = (message: Message): void => {
    // The end is never overtaken by anything.
    if (waiting !== 'closed' && !(message === 'heartbeat' && waiting !== undefined)) waiting = message;
    wake?.();
  };
  const unwatch = watcher.watch(id, (shown) => put(shown ?? 'closed'));
  const heartbeat = setInterval(() => {
    checkDue = true;
    put('heartbeat');
  }, heartbeatMs ?? HEARTBEAT_MS);
  const abort = (): void => put('closed');
  signal.addEventListener('abort', abort);
  return {
    next: async (): Promise<Message> => {
      while (waiting === undefined) await new Promise<void>((resolve) => (wake = resolve));
      const message = waiting;
      waiting = undefined;
      return message;
    },
    /** Once for each heartbeat, also where a change has taken its place. */
    isCheckDue: (): boolean => {
      const due = checkDue;
      checkDue = false;
      return due;
    },
    close: (): void => {
      unwatch();
      clearInterval(heartbeat);
      signal.removeEventListener('abort', abort);
    },
  };
}
