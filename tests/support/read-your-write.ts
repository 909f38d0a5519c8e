import assert from 'node:assert/strict';
import { HttpClient, registerUser } from './http-client.ts';
import { replicaIs, readsBy } from './replica-stage.ts';
import type { ReplicaStage } from './replica-stage.ts';

export interface ReadYourWriteReport {
  readonly asked: number;
  /** Found by id and in the list, each at once. */
  readonly found: number;
  /** Reads that the standby has answered. */
  readonly byReplica: number;
}

/**
 * Makes assistants through one API process and looks for each at once through another, by id and in the list. For the second
 * half of the time the standby applies nothing for stretches of ten.
 */
export async function readYourWrite(stage: ReplicaStage, times: number): Promise<ReadYourWriteReport> {
  await using first = await stage.startApi();
  await using second = await stage.startApi();
  const processes = [first, second];
  const { client: one } = await registerUser(first);
  const other = new HttpClient(second.url);
  for (const [name, value] of one.cookies) other.cookies.set(name, value);
  other.csrfToken = one.csrfToken;
  const clients = [one, other];
  await Promise.all(processes.map(({ context }) => replicaIs('in', context.database)));
  let found = 0;
  for (let round = 0; round < times; round++) {
    if (round >= times / 2 && round % 20 === 0) await stage.pause();
    if (round >= times / 2 && round % 20 === 10) {
      await stage.resume();
      await Promise.all(processes.map(({ context }) => replicaIs('in', context.database)));
    }
    if (await isSeenAtOnce(clients[round % 2]!, clients[(round + 1) % 2]!, round)) found++;
  }
  await stage.resume();
  const reads = await Promise.all(processes.map(({ context }) => readsBy(context.metrics)));
  return { asked: times, found, byReplica: reads.reduce((sum, { replica }) => sum + replica, 0) };
}

async function isSeenAtOnce(writer: HttpClient, reader: HttpClient, round: number): Promise<boolean> {
  const made = await writer.post('assistants', { name: `Reader ${round}` });
  assert.equal(made.status, 201);
  const { id } = made.body.data as { id: string };
  const [shown, list] = await Promise.all([reader.get(`assistants/${id}`), reader.get('assistants?limit=5')]);
  return shown.status === 200 && (list.body.data as { id: string }[]).some((item) => item.id === id);
}
