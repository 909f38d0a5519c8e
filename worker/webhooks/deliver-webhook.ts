import type { Database } from '#db/database.ts';
import { webhookSecretPlace } from '#shared/credentials/webhook-secret.ts';
import type { Envelope } from '#shared/crypto/envelope.ts';
import { webhookHeaders } from '#shared/crypto/webhook-signature.ts';
import type { Job } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ProviderGuard } from '#shared/net/provider-guard.ts';
import type { JobPayloads } from '#shared/queue/catalog.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';
import { readRetryAfter } from '#shared/net/retry-after.ts';
import type { ReceiverBreakers } from './receiver-breakers.ts';

export interface DeliverWebhookDeps {
  readonly database: Database;
  readonly envelope: Envelope;
  readonly guard: ProviderGuard;
  readonly breakers: ReceiverBreakers;
}

/** Receivers should take a message and work on it afterwards. */
const ANSWER_MS = 10_000;

/** `webhook.deliver`: tells the webhook of a job, signed, how the job ended. */
export function deliverWebhook(deps: DeliverWebhookDeps): JobHandler<'webhook.deliver'> {
  return async (payload, { claim, signal }) => {
    const { userId } = claim.job;
    const job = await deps.database.read.jobs.find(userId, payload.job_id);
    // Nobody wants to know any more.
    if (job === undefined || job.webhookUrl === null) return;
    const url = job.webhookUrl;
    const secrets = await secretsOf(deps, userId);
    const body = JSON.stringify(messageOf(job, payload));
    // The id of the job that delivers it, which every attempt shares: receivers know by it what they have had.
    const headers = webhookHeaders({ id: `msg_${claim.job.id}`, sentAt: new Date(), body }, secrets);
    const answered = await deps.breakers.of(url).run(() => post(deps.guard, url, { headers, body, signal }));
    if (!answered.ok) throw refusal(answered);
  };
}

async function secretsOf({ database, envelope }: DeliverWebhookDeps, userId: string): Promise<string[]> {
  const sealed = await database.read.webhookSecrets.active(userId);
  if (sealed.length === 0) throw new AppError('webhook.secret_missing', { stage: 'deliver' });
  return sealed.map((one) => envelope.open(one, webhookSecretPlace(one)));
}

/** The job may have been started anew since; what is told is the end that this message is about. */
const messageOf = (job: Job, payload: JobPayloads['webhook.deliver']) => ({
  type: `job.${payload.status}`,
  timestamp: payload.ended_at,
  data: {
    id: job.id,
    type: job.type,
    status: payload.status,
    document_id: job.documentId,
    error_code: payload.code,
    finished_at: payload.ended_at,
  },
});

interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
}

/** What the receiver has to say beside its status is not read. */
async function post(guard: ProviderGuard, url: string, { headers, body, signal }: Message): Promise<Answer> {
  const timeout = AbortSignal.timeout(ANSWER_MS);
  try {
    const response = await guard.post(url, {
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'donkey-workspace' },
      body,
      signal: AbortSignal.any([signal, timeout]),
    });
    await response.body?.cancel();
    const { ok, status } = response;
    if (status >= 500) throw refusal({ ok, status, retryAfterSeconds: retryAfterOf(response) });
    return { ok, status, retryAfterSeconds: retryAfterOf(response) };
  } catch (error) {
    signal.throwIfAborted();
    if (isForbidden(error)) throw new AppError('webhook.url_forbidden', { stage: 'deliver', cause: error });
    if (error instanceof AppError) throw error;
    const detail = timeout.aborted ? `The receiver took longer than ${ANSWER_MS} ms.` : undefined;
    throw new AppError('webhook.unreachable', {
      stage: 'deliver',
      ...(detail === undefined ? {} : { detail }),
      cause: error,
    });
  }
}

const retryAfterOf = (response: Response): number | undefined =>
  readRetryAfter(response.headers.get('retry-after'));

const isForbidden = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'credential.base_url_forbidden';

function refusal({ status, retryAfterSeconds }: Answer): AppError {
  const more = {
    stage: 'deliver',
    detail: `The receiver answered ${status}.`,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
  if (status === 410) return new AppError('webhook.gone', more);
  if (status === 429) return new AppError('webhook.throttled', more);
  return new AppError(status >= 500 ? 'webhook.unreachable' : 'webhook.refused', more);
}
