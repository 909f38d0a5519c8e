import { makePdf } from './fixtures/pdf-files.ts';
import { startApiProcess } from './api-process.ts';
import { startCompletionServer } from './completion-server.ts';
import { ask, beginConversation } from './conversation.ts';
import { startEmbeddingServer } from './embedding-server.ts';
import { followJob } from './event-stream.ts';
import { askGraphql } from './graphql.ts';
import { holdLock } from './held-lock.ts';
import { registerUser } from './http-client.ts';
import type { TestUser } from './http-client.ts';
import { accepted, endOfJob } from './ingestion.ts';
import { startOwnRedis } from './own-redis.ts';
import type { OwnRedis } from './own-redis.ts';
import { startReplicaStage } from './replica-stage.ts';
import type { ReplicaStage } from './replica-stage.ts';
import { waitFor } from './wait-for.ts';
import { startWorkerProcess } from './worker-process.ts';

export interface Work {
  readonly rounds: number;
  /** @throws whatever went wrong meanwhile */
  stop(): Promise<void>;
}

/** The product with everything that it can be set up with, as processes: a standby, and providers of both kinds. */
export interface BusyInstallation extends AsyncDisposable {
  /** Where the metrics are, by job. */
  readonly targets: Readonly<Record<string, readonly string[]>>;
  /** Begins to do what people do, over and over, faults among it. */
  work(): Work;
}

/** @returns undefined where this host has no PostgreSQL and Redis as programs */
export async function busyInstallation(): Promise<BusyInstallation | undefined> {
  await using stack = new AsyncDisposableStack();
  const started = await startReplicaStage();
  if (started === undefined) return undefined;
  const stage = stack.use(started);
  const redis = stack.use(await startOwnRedis());
  const embedding = stack.use(await startEmbeddingServer());
  const completion = stack.use(await startCompletionServer());
  // A text that says so is never embedded.
  embedding.behave((texts) => (texts.some((text) => text.includes('Doomed')) ? { status: 503 } : 'answer'));
  completion.behave({ say: ['All ', 'is ', 'well.'], usage: true });
  const env = {
    ...stage.env,
    REDIS_URL: redis.url,
    LOG_LEVEL: 'info',
    ...embedding.env,
    ...completion.env,
    CANARY_INTERVAL_MS: '2000',
    DATABASE_LOCK_TIMEOUT_MS: '200',
    RELAY_INTERVAL_MS: '500',
    BREAKER_PAUSE_MS: '100',
  };
  const api = stack.use(await startApiProcess(env));
  const worker = stack.use(await startWorkerProcess(env));
  const owned = stack.move();
  return {
    targets: { api: [new URL(api.metricsUrl).host], worker: [new URL(worker.url).host] },
    work: () => begin({ stage, redis, api }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Installed {
  readonly stage: ReplicaStage;
  readonly redis: OwnRedis;
  readonly api: { readonly url: string };
}

function begin(installed: Installed): Work {
  let rounds = 0;
  const over = new AbortController();
  const done = (async () => {
    const user = await registerUser(installed.api);
    await doFaults(installed, user);
    while (!over.signal.aborted) {
      await doRound(user, rounds);
      rounds += 1;
    }
  })();
  // Told by whoever stops it.
  done.catch(() => undefined);
  return {
    get rounds() {
      return rounds;
    },
    stop: () => {
      over.abort();
      return done;
    },
  };
}

const newAssistant = async ({ client }: TestUser, name: string): Promise<string> =>
  (await client.post('assistants', { name })).body.data.id as string;

/** What a person does in an afternoon. */
async function doRound(user: TestUser, round: number): Promise<void> {
  const { client } = user;
  const assistantId = await newAssistant(user, `Librarian ${round}`);
  const text = `Round ${round}: the donkey carries what it is given to carry.`;
  const note = accepted(await client.post('documents', { assistant_id: assistantId, title: 'Note', text }));
  const events = followJob(client, note.jobId);
  while ((await events.next()).done !== true);
  const file = { name: 'book.pdf', bytes: await makePdf({ pages: [text, `${text} And back.`] }) };
  await endOfJob(
    client,
    accepted(await client.upload('documents', { assistant_id: assistantId }, file)).jobId,
  );
  for (const mode of ['hybrid', 'vector', 'text'])
    await client.post('search', { query: 'what does the donkey carry', mode });
  for (let time = 0; time < 3; time++) await client.get(`assistants/${assistantId}`);
  await client.get('documents?limit=5');
  await client.get('documents/none');
  await askGraphql(client, '{ assistants(first: 5) { nodes { id name } } }');
  await ask(client, await beginConversation(client, assistantId), 'What does the donkey carry?');
}

/** What goes wrong once: an embedding, a job for good, a lock that is held, a standby that is late, a Redis that forgets. */
async function doFaults({ stage, redis }: Installed, user: TestUser): Promise<void> {
  const { client } = user;
  const assistantId = await newAssistant(user, 'Unlucky');
  const upload = (title: string) =>
    client.post('documents', {
      assistant_id: assistantId,
      title,
      text: `${title}: Doomed from the beginning.`,
    });
  accepted(await upload('Tried again'));
  await waitForJob(stage, `status = 'queued' and failures > 0`);
  await stage.primary.sql(`create function spend_attempts() returns trigger language plpgsql as
    $$ begin new.failures := 100; return new; end $$`);
  await stage.primary.sql(`create trigger spend_attempts before insert on jobs for each row
    when (new.type = 'document.embed') execute function spend_attempts()`);
  accepted(await upload('Given up'));
  await waitForJob(stage, `status = 'dead'`);
  await stage.primary.sql('drop trigger spend_attempts on jobs');
  {
    await using _lock = await holdLock(stage.primary.url, 'select from users where id = $1 for update', [
      user.id,
    ]);
    await client.delete(`assistants/${assistantId}`);
  }
  await stage.pause();
  await client.post('prompts', { title: 'Late', content: 'Not yet there.' });
  await client.get('assistants');
  await stage.resume();
  await redis.flush();
}

const waitForJob = (stage: ReplicaStage, condition: string): Promise<unknown> =>
  waitFor(
    async () =>
      (await stage.primary.sql(`select from jobs where type = 'document.embed' and ${condition}`)).length > 0,
    { description: `a job with ${condition}`, timeoutMs: 60_000 },
  );
