import assert from 'node:assert/strict';
import { dataOfGraphql } from './graphql.ts';
import { HttpClient, registerUser } from './http-client.ts';
import type { Json } from './http-client.ts';
import { replicaIs, readsBy } from './replica-stage.ts';
import type { ReplicaStage } from './replica-stage.ts';

export interface ReadYourWriteReport {
  readonly asked: number;
  /** Found at once on every way that reads. */
  readonly found: number;
  /** Reads that the standby has answered. */
  readonly byReplica: number;
}

/**
 * Makes assistants through one API process, changes them, and looks for both at once through another: by id, which is
 * cached, in the list, in a batch, by GraphQL, and with the entity tag of before. For the second half of the time the standby
 * applies nothing for stretches of ten.
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
  const before = await ways(reader, id);
  const changed = await writer.patch(`assistants/${id}`, { name: `Writer ${round}` });
  assert.equal(changed.status, 200);
  const after = await ways(reader, id, before.tag);
  return (
    before.names.every((name) => name === `Reader ${round}`) &&
    after.names.every((name) => name === `Writer ${round}`)
  );
}

/** The name of an assistant on every way there is to it; undefined where it is not found, or said to be as it was. */
async function ways(reader: HttpClient, id: string, tag = '"none"') {
  const operations = [{ method: 'GET', path: `/api/v1/assistants/${id}` }];
  const [shown, list, batch, graph] = await Promise.all([
    reader.get(`assistants/${id}`, { 'if-none-match': tag }),
    reader.get('assistants?limit=5'),
    reader.post('batch', { operations }),
    dataOfGraphql(reader, '{ assistants(first: 5) { nodes { id name } } }'),
  ]);
  const nameIn = (items: Json[] | undefined): unknown => items?.find((item) => item.id === id)?.name;
  return {
    tag: shown.headers.get('etag') ?? undefined,
    names: [
      shown.body.data?.name,
      nameIn(list.body.data),
      batch.body.data?.[0]?.body?.data?.name,
      nameIn(graph.assistants?.nodes),
    ],
  };
}
