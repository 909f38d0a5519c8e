import pg from 'pg';
import { registerUser } from '#tests/support/http-client.ts';
import type { HttpClient } from '#tests/support/http-client.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { DOCUMENT_PASSAGES, fillCorpus } from './fill-corpus.ts';
import type { FilledModel } from './fill-corpus.ts';
import { shelveIndexes } from './index-shelf.ts';

/** What a search is limited to. */
export interface VectorScope {
  readonly name: string;
  /** Undefined for everything that the user has. */
  readonly assistantId: string | undefined;
}

/** Passages of a new user in the tables, with all indexes, and an account that asks for them. */
export interface VectorCorpus {
  readonly client: HttpClient;
  readonly databaseUrl: string;
  readonly userId: string;
  readonly model: FilledModel;
  readonly rows: number;
  /** Everything first. */
  readonly scopes: readonly VectorScope[];
  readonly question: (index: number) => string;
  /** Seconds that filling the tables took, and making the vector index afterwards. */
  readonly fillSeconds: number;
  readonly indexSeconds: number;
  readonly indexBytes: number;
}

export interface CorpusPlan {
  readonly rows: number;
  /** Of the rows, each for an assistant of its own; what is left belongs to one more. */
  readonly shares: readonly number[];
  /** Text of a passage, by its document and its place there. */
  readonly passage: (document: number, index: number) => string;
  readonly question: (index: number) => string;
}

/** The graph of an index is made in memory; where it does not fit, that takes many times as long. */
const INDEX_MEMORY = '4GB';

/** @param app of this very process, whose statements can be noted down */
export async function makeVectorCorpus(app: TestApp, plan: CorpusPlan): Promise<VectorCorpus> {
  const { id: userId, client } = await registerUser(app);
  const newAssistant = async (name: string): Promise<string> => {
    const response = await client.post('assistants', { name });
    if (response.status !== 201) throw new Error(`no assistant: ${response.status}`);
    return (response.body as { data: { id: string } }).data.id;
  };
  const scopes: VectorScope[] = [{ name: 'everything', assistantId: undefined }];
  for (const share of plan.shares) {
    const name = `${share * 100} % of the rows`;
    scopes.push({ name, assistantId: await newAssistant(name) });
  }
  const owners = [
    ...scopes.flatMap(({ assistantId }) => assistantId ?? []),
    await newAssistant('all other rows'),
  ];
  const databaseUrl = app.database.url;
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const model = await activeModel(database);
    const filled = await fill(database, { plan, owners, userId, model });
    return { client, databaseUrl, userId, model, scopes, ...plan, ...filled };
  } finally {
    await database.end();
  }
}

async function activeModel(database: pg.Client): Promise<FilledModel> {
  const { rows } = await database.query<FilledModel>(
    'select id, dimensions from embedding_models where is_active',
  );
  const [model] = rows;
  if (model === undefined) throw new Error('there is no active model');
  return model;
}

async function fill(
  database: pg.Client,
  to: {
    readonly plan: CorpusPlan;
    /** Assistants: of each share, and of the rest. */
    readonly owners: readonly string[];
    readonly userId: string;
    readonly model: FilledModel;
  },
): Promise<Pick<VectorCorpus, 'fillSeconds' | 'indexSeconds' | 'indexBytes'>> {
  const { plan, owners, userId, model } = to;
  const counts = plan.shares.map((share) => Math.round(plan.rows * share));
  counts.push(plan.rows - counts.reduce((sum, count) => sum + count, 0));
  let documents = 0;
  const fillings = owners.map((assistantId, index) => {
    const [first, count] = [documents, counts[index] ?? 0];
    documents += Math.ceil(count / DOCUMENT_PASSAGES);
    return { userId, assistantId, count, text: (own: number, at: number) => plan.passage(first + own, at) };
  });
  await database.query(`select set_config('maintenance_work_mem', $1, false)`, [INDEX_MEMORY]);
  const started = performance.now();
  const shelf = await shelveIndexes(database, ['document_chunks', 'chunk_embeddings']);
  await fillCorpus(database, model, fillings);
  await shelf.putBack((definition) => !definition.includes('hnsw'));
  const fillSeconds = (performance.now() - started) / 1000;
  const indexSeconds = await shelf.putBack((definition) => definition.includes('hnsw'));
  await database.query('vacuum analyze');
  const { rows } = await database.query<{ bytes: string }>('select pg_relation_size($1::regclass) as bytes', [
    `chunk_embeddings_model_${model.id}_idx`,
  ]);
  return { fillSeconds, indexSeconds, indexBytes: Number(rows[0]?.bytes ?? 0) };
}
