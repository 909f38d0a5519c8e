import type { Database } from '#db/database.ts';
import type { FindCompleterCredential } from '#db/own-credential.ts';
import type { Persona } from '#db/queries/persona.ts';
import type { ReplyEnd } from '#db/stores/message-store.ts';
import type { Completer, CompletionEnd } from '#shared/completion/completer.ts';
import { estimatedUsage } from '#shared/completion/token-usage.ts';
import type { Config } from '#shared/config/config.ts';
import type { Message, MessageSource } from '#shared/domain/conversation.ts';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { toFailure } from '#shared/queue/retry.ts';
import { buildPrompt } from './build-prompt.ts';
import type { BuiltPrompt } from './build-prompt.ts';
import { createCitationFilter } from './citation-filter.ts';
import { gatherSources } from './gather-sources.ts';
import type { GatherSourcesDeps, RetrievalReport } from './gather-sources.ts';
import { ReplyStopped } from './live-replies.ts';
import type { LiveReplies } from './live-replies.ts';

/** A user's message that is stored, and the pending reply to it. */
export interface Turn {
  readonly persona: Persona;
  readonly message: Message;
  readonly reply: Message;
}

/** What a prompt was and how it came about, as `explain` shows it. */
export type PromptReport = Pick<BuiltPrompt, 'messages' | 'budget' | 'dropped'> & {
  readonly retrieval: RetrievalReport;
};

export type ReplyEvent =
  | { readonly type: 'begin'; readonly message: Message; readonly reply: Message }
  | { readonly type: 'prompt'; readonly prompt: PromptReport; readonly sources: readonly MessageSource[] }
  | { readonly type: 'delta'; readonly text: string }
  /** The reply as it stands from now on; always the last one. */
  | { readonly type: 'end'; readonly reply: Message };

export interface WriteReplyDeps extends GatherSourcesDeps {
  readonly database: Pick<Database, 'read' | 'transaction'>;
  readonly completer: Completer;
  /** The key that a user brought for the completer's provider. */
  readonly findCompletionCredential: FindCompleterCredential;
  readonly config: Pick<Config, 'completion' | 'conversations' | 'search' | 'textSearchLanguage'>;
  readonly live: LiveReplies;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Messages of the conversation that may go into a prompt. */
const MOST_HISTORY = 200;

/** What is known of a reply while it is being made. */
interface Draft {
  readonly started: number;
  text: string;
  prompt: PromptReport | undefined;
  sources: readonly MessageSource[];
  cited: ReadonlySet<number>;
  end: CompletionEnd | undefined;
  /** Whether the row has been ended. */
  settled: boolean;
}

/**
 * Makes a reply and ends its row, whatever happens: completed, failed with the reason, or cancelled with what there was
 * when the client went away, somebody cancelled it or the process stopped.
 */
export async function* writeReply(
  deps: WriteReplyDeps,
  turn: Turn,
  client: AbortSignal,
): AsyncGenerator<ReplyEvent, void, undefined> {
  const stop = new AbortController();
  const deadline = AbortSignal.timeout(deps.config.completion.timeoutMs);
  const signal = AbortSignal.any([client, stop.signal, deadline]);
  const draft: Draft = {
    started: performance.now(),
    text: '',
    prompt: undefined,
    sources: [],
    cited: new Set(),
    end: undefined,
    settled: false,
  };
  using _watched = deps.live.watch(turn.reply.id, stop);
  const settle = async (status: ReplyEnd['status'], error: AppError | null): Promise<Message> => {
    const reply = await endReply(deps, turn, endOf(deps.completer, draft, status, error));
    draft.settled = true;
    return reply;
  };
  try {
    yield { type: 'begin', message: turn.message, reply: turn.reply };
    yield* produce(deps, turn, draft, signal);
    yield { type: 'end', reply: await settle('completed', null) };
  } catch (error) {
    if (draft.settled) throw error;
    const expired = deadline.aborted && !client.aborted && !stop.signal.aborted;
    const [status, reason] = verdict(expired ? late(deps) : error, signal);
    if (reason !== null && reason.reportable) {
      deps.metrics.errors.inc({ code: reason.code });
      deps.logger.warn({ err: error, reply_id: turn.reply.id }, 'a reply has failed');
    }
    yield { type: 'end', reply: await settle(status, reason) };
  } finally {
    // Whoever listened has gone between two events.
    if (!draft.settled) await settle('cancelled', null);
  }
}

const late = ({ config }: WriteReplyDeps): AppError =>
  new AppError('completion.unavailable', {
    detail: `The reply took longer than ${config.completion.timeoutMs} ms.`,
  });

function verdict(error: unknown, signal: AbortSignal): ['cancelled' | 'failed', AppError | null] {
  if (error instanceof AppError) return ['failed', error];
  if (error instanceof ReplyStopped && error.by === 'shutdown')
    return ['cancelled', new AppError('message.interrupted')];
  return signal.aborted ? ['cancelled', null] : ['failed', toAppError(error)];
}

async function* produce(
  deps: WriteReplyDeps,
  turn: Turn,
  draft: Draft,
  signal: AbortSignal,
): AsyncGenerator<ReplyEvent, void, undefined> {
  const { persona, message } = turn;
  const { database, config } = deps;
  const history = await database.read.messages.recent(
    message.userId,
    message.conversationId,
    message.id,
    MOST_HISTORY,
  );
  const asked = {
    userId: message.userId,
    persona,
    conversationId: message.conversationId,
    content: message.content,
    knownMessageIds: [message.id, ...history.map(({ id }) => id)],
  };
  const { sources, retrieval } = await gatherSources(deps, asked, signal);
  const limit = config.completion.contextTokens;
  const built = buildPrompt({ persona, history, content: message.content, sources, limit });
  const { messages, budget, dropped } = built;
  draft.sources = built.sources;
  draft.prompt = { messages, budget, dropped, retrieval };
  yield { type: 'prompt', prompt: draft.prompt, sources: built.sources };
  const filter = createCitationFilter(new Set(built.sources.map(({ n }) => n)));
  draft.cited = filter.cited;
  const pieces = deps.completer.stream(
    {
      messages,
      question: message.content,
      passages: built.sources.map(({ n, quote }) => ({ n, text: quote })),
    },
    {
      model: persona.preferredModel,
      credential: await deps.findCompletionCredential(message.userId),
      signal,
    },
  );
  const show = (text: string): ReplyEvent[] => {
    draft.text += text;
    return text === '' ? [] : [{ type: 'delta', text }];
  };
  try {
    for (let next = await pieces.next(); ; next = await pieces.next()) {
      if (next.done === true) {
        draft.end = next.value;
        break;
      }
      yield* show(filter.push(next.value));
    }
    yield* show(filter.end());
  } finally {
    // Where the loop was left, the call of the provider ends with it.
    await pieces.return(undefined as never).catch(() => undefined);
  }
}

function endOf(
  completer: Completer,
  draft: Draft,
  status: ReplyEnd['status'],
  error: AppError | null,
): ReplyEnd {
  const { end, prompt, text } = draft;
  // What was broken off has been paid for as well.
  const usage =
    end?.usage ??
    (prompt === undefined || !completer.usesModel ? undefined : estimatedUsage(prompt.messages, text));
  return {
    status,
    content: text.trim(),
    // Numbers stay as they are, so that the marks in the text lead to them.
    sources: draft.sources.filter(({ n }) => draft.cited.has(n)),
    provider: prompt === undefined ? null : completer.provider,
    model: end?.model ?? null,
    promptTokens: usage?.promptTokens ?? null,
    completionTokens: usage?.completionTokens ?? null,
    tokensEstimated: usage?.estimated ?? false,
    tookMs: performance.now() - draft.started,
    error: error === null ? null : toFailure(error),
    prompt,
  };
}

/** A row that has been ended by somebody else stays as it was ended; what was produced until then is kept with it. */
async function endReply(
  { database }: Pick<WriteReplyDeps, 'database'>,
  { reply, persona }: Turn,
  end: ReplyEnd,
): Promise<Message> {
  const stored = await database.transaction(async (tx) => {
    tx.metrics.touch(persona.id);
    const { promptTokens, completionTokens } = end;
    if (promptTokens !== null && completionTokens !== null)
      await tx.quotas.countCompletion(reply.userId, { promptTokens, completionTokens });
    return (
      (await tx.messages.finish(reply.id, end)) ??
      (await tx.messages.keepPartial(reply.id, end)) ??
      (await tx.read.messages.find(reply.userId, reply.id))
    );
  });
  // The conversation was deleted meanwhile; nobody but this caller will ever see it.
  return stored ?? { ...reply, status: 'cancelled', content: end.content };
}
