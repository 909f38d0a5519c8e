import { setTimeout as sleep } from 'node:timers/promises';
import { startStage } from './test-stage.ts';
import type { TestResponse } from './http-client.ts';
import type { Owner, TestStage } from './test-stage.ts';
import { waitFor } from './wait-for.ts';

export interface NewerSchemaReport {
  readonly requests: number;
  /** Statements that made the schema newer meanwhile. */
  readonly changes: number;
  /** What went wrong, in words. */
  readonly failures: readonly string[];
}

/**
 * Lets API and worker of this version serve while the schema gets all that a migration of the next one may add: to every table
 * columns without a value and with a default, and an index; a table that refers to another; and its name in the list.
 *
 * @param rounds of requests before, during and after
 */
export async function serveNewerSchema(rounds: number): Promise<NewerSchemaReport> {
  await using stage = await startStage();
  await using worker = await stage.startWorker();
  const owner = await stage.newOwner();
  const failures: string[] = [];
  let requests = 0;
  const one = async (what: string, work: () => Promise<{ status: number; body: unknown }>): Promise<void> => {
    requests += 1;
    const { status, body } = await work();
    if (status >= 400) failures.push(`${what}: ${status} ${JSON.stringify(body)}`);
  };
  const { id: before } = await talk(owner);
  await one('archive', () => owner.client.post(`conversations/${before}/archive`));
  const serve = async (from: number): Promise<void> => {
    for (let round = from; round < from + rounds; round++) await useEverything(owner, round, one);
  };
  await serve(0);
  const [changes] = await Promise.all([makeNewer(stage), serve(rounds)]);
  await serve(2 * rounds);
  await one('restore', () => owner.client.post(`conversations/${before}/restore`));
  await one('messages', () => owner.client.get(`conversations/${before}/messages`));
  await waitFor(async () => (await owner.client.get('jobs?status=queued')).body.data.length === 0, {
    description: 'all jobs to be done',
    timeoutMs: 120_000,
  });
  const bad = await stage.sql<{ id: string; error: unknown }>(
    `select type, error from jobs where status in ('failed', 'dead') or (status = 'queued' and error is not null)`,
  );
  failures.push(...bad.map((job) => JSON.stringify(job)));
  for (const url of [stage.app.url, worker.url])
    if ((await fetch(`${url}/health/ready`)).status !== 200) failures.push(`${url} is not ready`);
  if ((await stage.app.context.database.migrate()).length > 0) failures.push('something was migrated');
  return { requests, changes, failures };
}

/** Begins a conversation and says something in it; the answer is that of the last request. */
export async function talk({
  client,
  assistantId,
}: Pick<Owner, 'client' | 'assistantId'>): Promise<{ readonly id: string } & TestResponse> {
  const { body } = await client.post('conversations', { assistant_id: assistantId });
  const id = body.data.id as string;
  const said = await client.post(`conversations/${id}/messages`, { content: 'Where is the hay?' });
  return { id, ...said };
}

/** One of each of the most used requests, told apart by the number of the round. */
export async function useEverything(
  { client, assistantId }: Pick<Owner, 'client' | 'assistantId'>,
  round: number,
  one: (what: string, work: () => Promise<{ status: number; body: unknown }>) => Promise<void>,
): Promise<void> {
  await one('upload', () =>
    client.post('documents', {
      assistant_id: assistantId,
      title: `Note ${round}`,
      text: `The hay number ${round} is in the barn.`,
    }),
  );
  await one('memory', () =>
    client.post(`assistants/${assistantId}/memories`, {
      event: `Saw hay number ${round} today, in barn ${round * 7}.`,
    }),
  );
  await one('prompt', () => client.post('prompts', { title: `Prompt ${round}`, content: 'Be brief.' }));
  await one('change', () => client.patch(`assistants/${assistantId}`, { name: `Librarian ${round}` }));
  await one('search', () => client.post('search', { query: 'hay in the barn' }));
  for (const list of ['documents', 'jobs', 'assistants', 'prompts', 'conversations'])
    await one(list, () => client.get(list));
  await one('assistant', () => client.get(`assistants/${assistantId}`));
}

/** One statement at a time, as a migration without a transaction does, and with the patience of one. */
async function makeNewer({ sql }: TestStage): Promise<number> {
  const tables = await sql<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
       and relname not like 'schema_migrations%' order by relname`,
  );
  const statements = [
    ...tables.flatMap(({ name }) => [
      `alter table ${name} add column later_note text`,
      `alter table ${name} add column later_count integer not null default 0`,
      `create index concurrently ${name}_later_idx on ${name} (later_count)`,
    ]),
    'create table later_things (id uuid primary key, user_id uuid not null references users (id) on delete cascade)',
    `insert into schema_migrations (name, batch, migration_time) values ('9999-later.ts', 999, now())`,
  ];
  for (const statement of statements)
    for (let done = false; !done;)
      done = await sql(statement).then(
        () => true,
        async (error: unknown) => {
          if (!['55P03', '40P01'].includes((error as { code?: string }).code ?? '')) throw error;
          await sleep(50);
          return false;
        },
      );
  return statements.length;
}
