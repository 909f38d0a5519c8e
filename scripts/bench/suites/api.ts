import { openWorkspace } from '#tests/support/load/open-workspace.ts';
import { watchProcess } from '#tests/support/process-memory.ts';
import { measureLongPdf } from '../api/long-pdf.ts';
import { measureThinRead } from '../api/thin-read.ts';
import { measureUnderLoad } from '../api/under-load.ts';
import { measureUploads } from '../api/uploads.ts';
import { startBareExpress } from '../baselines/start-bare-express.ts';
import type { BenchContext, BenchSuite, Figure, SuiteResult } from '../suite.ts';

const USERS = 100;
const ASSISTANTS = 1_000;
const CHUNKS = { quick: 10_000, default: 100_000, full: 100_000 } as const;
const MEMORY = { goal: 400, most: 2_000 } as const;

/** How the API holds up while a hundred clients use it, and what it costs beside Express alone. */
export const api: BenchSuite = {
  name: 'api',
  title: 'The API under load',
  run: async (context) => {
    const isQuick = context.mode === 'quick';
    await using stage = await context.startStage({ QUOTA_DOCUMENTS: '0', QUOTA_BYTES: '0' });
    const size = { users: USERS, assistants: ASSISTANTS, chunks: CHUNKS[context.mode] };
    const load = await openWorkspace(stage.api, stage.database, size);
    context.log(
      `${size.assistants} assistants and ${size.chunks} chunks of ${size.users} users are in place`,
    );
    const [first] = load;
    if (first === undefined) throw new Error('a load needs clients');
    const busy = await watched(context, stage, async () => {
      const under = await measureUnderLoad(stage, load, { seconds: isQuick ? 12 : 60, hasBars: !isQuick });
      const pdf = await measureLongPdf(first.client, first.rows.assistantIds[0] ?? '');
      return { ...under, figures: [...under.figures, ...pdf] };
    });
    await stage.database.sql(
      'create table bare_uploads (id uuid primary key, filename text, sha256 bytea, content bytea)',
    );
    await stage.database.sql('alter table bare_uploads alter column content set storage external');
    await using bare = await startBareExpress(stage.env);
    const origins = { api: stage.api.url, bare: bare.url };
    const read = await measureThinRead(origins, load, isQuick);
    context.log('the thinnest read is measured, now uploads');
    const uploads = await measureUploads(origins, load, isQuick);
    return {
      figures: [...busy.figures, read, ...uploads],
      plots: busy.plots ?? [],
      notes: [
        `${size.chunks} chunks with vectors, ${size.assistants} assistants and ${size.users} users in place: one user has a fifth of the chunks, ten others half of them. API, one worker, PostgreSQL, Redis and the clients share the machine.`,
        'A request counts from when it was due, so that waiting for a slow one before it counts too. Reads are lists, single things, chunks, messages and searches; writes are memories, edits, conversations, bookmarks and uploads, which the worker takes in meanwhile.',
        'Bare Express runs on the same packages, database and Redis: it verifies the JWT, looks the session up, asks one limiter and runs the same query.',
        ...(busy.notes ?? []),
      ],
    };
  },
};

/** Does the work with one worker, and adds what memory that took at most. */
async function watched(
  context: BenchContext,
  stage: Awaited<ReturnType<BenchContext['startStage']>>,
  work: () => Promise<SuiteResult>,
): Promise<SuiteResult> {
  const worker = await stage.startWorker();
  const watch = watchProcess(worker.pid);
  const done = await work();
  const samples = await watch.stop();
  await worker.stop('SIGTERM');
  context.log('the worker has stopped');
  const peak: Figure = {
    name: 'worker, peak memory',
    value: Math.max(...samples.map(({ all }) => all)) / 1e6,
    unit: 'MB',
    better: 'lower',
    bar: { of: 'value', atMost: MEMORY.most },
    note: `resident, with its children; the goal is ${MEMORY.goal} MB`,
  };
  return { ...done, figures: [...done.figures, peak] };
}
