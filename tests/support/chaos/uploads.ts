import { setTimeout as sleep } from 'node:timers/promises';
import { registerUser } from '../http-client.ts';
import type { HttpClient } from '../http-client.ts';
import type { ChaosPlan, PlannedUpload } from './plan.ts';

export interface ChaosOwner {
  readonly client: HttpClient;
  readonly assistantId: string;
}

export interface UploadCounts {
  /** Title of the document by its id. */
  readonly accepted: Map<string, string>;
  /** Answers by status; 0 for those that never came. */
  readonly answers: Map<number, number>;
}

/** What a client waits for an answer. */
const PATIENCE_MS = 10_000;
const AGAIN_MS = 250;

export async function newOwners(url: string, count: number): Promise<ChaosOwner[]> {
  const owners: ChaosOwner[] = [];
  for (let number = 1; number <= count; number++) {
    const { client } = await registerUser({ url });
    const made = await client.post('assistants', { name: 'Librarian' });
    if (made.status !== 201) throw new Error(`assistant: ${made.status} ${JSON.stringify(made.body)}`);
    owners.push({ client, assistantId: made.body.data.id as string });
  }
  return owners;
}

/**
 * Sends all uploads at their times. What gets no answer, or one that says to come again, is sent again: 202 promises that
 * it will be done, and 200 says that it was promised before, in an answer that was lost on its way.
 *
 * @throws Error when something is refused for good
 */
export async function sendUploads(
  plan: ChaosPlan,
  owners: readonly ChaosOwner[],
  options: { readonly startedAt: number; readonly deadlineMs: number },
): Promise<UploadCounts> {
  const counts: UploadCounts = { accepted: new Map(), answers: new Map() };
  await Promise.all(
    plan.uploads.map(async (upload) => {
      await sleep(Math.max(0, options.startedAt + upload.atMs - performance.now()));
      const owner = owners[upload.owner]!;
      for (;;) {
        const { status, id } = await sendOnce(owner, upload);
        counts.answers.set(status, (counts.answers.get(status) ?? 0) + 1);
        if (id !== undefined) {
          counts.accepted.set(id, upload.title);
          return;
        }
        if (status !== 0 && status < 500 && status !== 409 && status !== 429)
          throw new Error(`${upload.title} was refused: ${status}`);
        // The report tells that it was never accepted.
        if (performance.now() > options.startedAt + options.deadlineMs) return;
        await sleep(AGAIN_MS);
      }
    }),
  );
  return counts;
}

async function sendOnce(
  { client, assistantId }: ChaosOwner,
  { title, file, priority }: PlannedUpload,
): Promise<{ status: number; id?: string }> {
  const form = new FormData();
  form.append('assistant_id', assistantId);
  form.append('title', title);
  form.append('priority', priority);
  form.append('file', new Blob([file.bytes]), file.name);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const response = await client.send('POST', 'documents', { raw: form, signal });
    const body = (await response.json()) as { data?: { document?: { id: string } } };
    const id = body.data?.document?.id;
    return { status: response.status, ...(id === undefined ? {} : { id }) };
  } catch {
    return { status: 0 };
  }
}
