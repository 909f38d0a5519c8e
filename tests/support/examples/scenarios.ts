import type { HttpClient } from '#tests/support/http-client.ts';
import { completeModel } from './example-world.ts';
import type { ExampleWorld } from './example-world.ts';
import type { Substitution } from './run-example.ts';

/** What has to be true before an example works. */
export interface Prepared {
  readonly real?: Substitution;
  /** Who asks; by default the owner. */
  readonly client?: HttpClient;
}
export type Scenario = (world: ExampleWorld) => Promise<Prepared>;

const nothing: Scenario = () => Promise.resolve({});
const byId =
  (make: (world: ExampleWorld) => Promise<string>): Scenario =>
  async (world) => ({ real: { id: await make(world) } });
const byAdmin = (scenario: Scenario): Scenario => {
  return async (world) => ({ ...(await scenario(world)), client: await world.admin() });
};

const password: Scenario = ({ owner }) => Promise.resolve({ real: { password: owner.password } });
const byName: Scenario = async ({ owner, nobody }) => ({
  real: { username: owner.username, password: owner.password },
  client: await nobody(),
});

const register: Scenario = async ({ owner, nobody }) => ({
  real: { username: `${owner.username}x`, email: `x${owner.email}` },
  client: await nobody(),
});

const auth: Readonly<Record<string, Scenario>> = {
  getCsrfToken: nothing,
  register,
  registerBefore: register,
  logIn: byName,
  logInBefore: byName,
  logOut: nothing,
  refreshSession: nothing,
  restoreAccount: async (world) => {
    await world.owner.client.request('DELETE', 'auth/me', { json: { password: world.owner.password } });
    return byName(world);
  },
  getMe: nothing,
  readGraphql: nothing,
  updateMe: ({ owner }) => Promise.resolve({ real: { email: `new-${owner.email}` } }),
  deleteAccount: password,
  reauthenticate: password,
  changePassword: ({ owner }) => Promise.resolve({ real: { current_password: owner.password } }),
  requestPasswordReset: async ({ owner, nobody }) => ({
    real: { login: owner.email },
    client: await nobody(),
  }),
  confirmPasswordReset: async ({ resetToken, nobody }) => ({
    real: { token: await resetToken() },
    client: await nobody(),
  }),
  endAllSessions: nothing,
  listSessions: nothing,
  endSession: byId(async ({ owner }) => (await owner.client.get('auth/sessions')).body.data[0].id),
  createApiKey: nothing,
  listApiKeys: async ({ make }) => {
    await make('auth/api-keys', apiKey);
    return {};
  },
  revokeApiKey: byId(async ({ make }) => (await make('auth/api-keys', apiKey)).id),
  listOwnAudit: async ({ make }) => {
    await make('auth/api-keys', apiKey);
    return {};
  },
  listAudit: byAdmin(async ({ make }) => {
    await make('auth/api-keys', apiKey);
    return {};
  }),
  exportAccount: nothing,
  getUsage: nothing,
};
const apiKey = { label: 'Nightly import', scopes: ['documents:read'], expires_in_days: 90 };

const assistants: Readonly<Record<string, Scenario>> = {
  createAssistant: nothing,
  getAssistant: nothing,
  updateAssistant: nothing,
  deleteAssistant: nothing,
  listAssistants: async ({ make }) => {
    await make('assistants/librarian/children', { name: 'Night librarian', reason: 'Questions at night.' });
    return {};
  },
  listChildren: async ({ make }) => {
    await make('assistants/librarian/children', { name: 'Night librarian', reason: 'Questions at night.' });
    return {};
  },
  listDelegations: async ({ make }) => {
    await make('assistants/librarian/children', { name: 'Night librarian', reason: 'Questions at night.' });
    return {};
  },
  getLineage: async ({ make }) => {
    await make('assistants/librarian/children', { name: 'Night librarian', reason: 'Questions at night.' });
    return {};
  },
  spawnChild: nothing,
  spawnChildBefore: nothing,
  getAssistantMetrics: nothing,
  getCapabilities: async ({ owner }) => {
    const skills = [{ name: 'Finding passages', confidence: 0.75 }];
    await owner.client.patch('assistants/librarian/capabilities', { tools: ['search'], skills });
    return {};
  },
  updateCapabilities: nothing,
  getProfile: nothing,
  updateProfile: nothing,
  getSystemPrompt: nothing,
  setSystemPrompt: nothing,
};

const prompts: Readonly<Record<string, Scenario>> = {
  createPrompt: nothing,
  ...Object.fromEntries(
    ['getPrompt', 'updatePrompt', 'deletePrompt', 'remixPrompt', 'listPrompts'].map((name) => [
      name,
      async ({ prompt }: ExampleWorld) => {
        await prompt();
        return {};
      },
    ]),
  ),
  getPromptLineage: async ({ prompt, make }) => {
    await prompt();
    await make('prompts/patient-teacher/remix', { title: 'Impatient teacher' });
    return {};
  },
};

const memories: Readonly<Record<string, Scenario>> = {
  writeMemory: nothing,
  batchMemories: nothing,
  ...Object.fromEntries(
    [
      'getMemory',
      'updateMemory',
      'deleteMemory',
      'bookmarkMemory',
      'unbookmarkMemory',
      'rateMemory',
      'embedMemory',
    ].map((name) => [name, byId(({ memory }) => memory())]),
  ),
  ...Object.fromEntries(
    ['listMemories', 'listAssistantMemories', 'searchMemories'].map((name) => [
      name,
      async ({ memory }: ExampleWorld) => {
        await memory();
        return {};
      },
    ]),
  ),
  deleteMemories: async ({ memory }) => ({ real: { ids: [await memory()] } }),
  createChain: nothing,
  ...Object.fromEntries(['getChain', 'deleteChain'].map((name) => [name, byId(({ chain }) => chain())])),
  listChains: async ({ chain }) => {
    await chain({ mode: 'automatic', filter_tags: ['work'] });
    return {};
  },
  updateChain: byId(({ chain }) => chain({ mode: 'automatic', filter_tags: ['work'] })),
  addChainEntries: async ({ chain, memory }) => ({
    real: { id: await chain(), memory_ids: [await memory()] },
  }),
  ...Object.fromEntries(
    ['listChainEntries', 'summariseChain'].map((name) => [
      name,
      byId(async (world) => (await filled(world)).id),
    ]),
  ),
  removeChainEntry: async (world) => {
    const { id, memoryId } = await filled(world);
    return { real: { id, memory_id: memoryId } };
  },
  reorderChain: async (world) => {
    const { id, memoryId } = await filled(world);
    const tag = (await world.owner.client.get(`memory-chains/${id}`)).headers.get('etag');
    return { real: { id, memory_ids: [memoryId], 'if-match': tag } };
  },
};
async function filled({ chain, memory, make }: ExampleWorld): Promise<{ id: string; memoryId: string }> {
  const [id, memoryId] = [await chain(), await memory()];
  await make(`memory-chains/${id}/entries`, { memory_ids: [memoryId] });
  return { id, memoryId };
}

const feedback = { type: 'feedback', rating: 2, content: 'It forgot that the donkey is old.' };
const conversations: Readonly<Record<string, Scenario>> = {
  createConversation: nothing,
  ...Object.fromEntries(
    ['getConversation', 'updateConversation', 'archiveConversation', 'deleteConversation'].map((name) => [
      name,
      byId(({ conversation }) => conversation()),
    ]),
  ),
  postMessage: byId(async ({ conversation, memory }) => {
    await memory({ event: 'When it rains, donkeys go under a roof.' });
    return conversation();
  }),
  restoreConversation: byId(async ({ reply, make }) => {
    const { conversationId } = await reply();
    await make(`conversations/${conversationId}/archive`);
    return conversationId;
  }),
  listConversations: async ({ reply }) => {
    await reply();
    return {};
  },
  listMessages: byId(async ({ reply }) => (await reply()).conversationId),
  getMessage: byId(async ({ reply }) => (await reply()).id),
  giveFeedback: byId(async ({ reply }) => (await reply()).id),
  cancelMessage: byId(async ({ reply, stage }) => {
    const { id } = await reply();
    await stage.sql(`update messages set status = 'pending', content = '' where id = $1`, [id]);
    return id;
  }),
  createReflection: nothing,
  createReflectionBefore: nothing,
  getReflection: byId(
    async ({ make }) => (await make('assistants/librarian/reflections', feedback)).reflection.id,
  ),
  deleteReflection: byId(
    async ({ make }) => (await make('assistants/librarian/reflections', feedback)).reflection.id,
  ),
};

const batches: Readonly<Record<string, Scenario>> = {
  runOperations: nothing,
  batchAssistants: nothing,
  batchPrompts: nothing,
  batchConversations: nothing,
  batchMemoryChains: nothing,
  batchDocuments: async ({ document }) => {
    const operation = { op: 'update', id: (await document()).id, version: 1, title: 'Handbook' };
    return { real: { operations: [operation] } };
  },
};

/** These need no worker, or that none takes away what they need. */
export const withoutWorker: Readonly<Record<string, Scenario>> = {
  ...auth,
  ...assistants,
  ...prompts,
  ...memories,
  ...conversations,
  ...batches,
  uploadDocument: ({ owner }) => Promise.resolve({ real: { assistant_id: owner.assistantId } }),
  deleteDocument: byId(async ({ document }) => (await document()).id),
  getJob: byId(async ({ document }) => (await document()).jobId),
  cancelJob: byId(async ({ document }) => (await document()).jobId),
  listJobs: async ({ document, stage }) => {
    const { jobId } = await document();
    await stage.sql(`update jobs set status = 'running', started_at = now() where id = $1`, [jobId]);
    return {};
  },
  retryDocument: byId(async ({ document, deadJob, stage }) => {
    await deadJob();
    const [failed] = await stage.sql<{ id: string }>(
      `select id from documents where status = 'failed' order by id desc limit 1`,
    );
    return failed?.id ?? (await document()).id;
  }),
  listDeadLetters: byAdmin(async ({ deadJob }) => {
    await deadJob();
    return {};
  }),
  getDeadLetter: byAdmin(byId(({ deadJob }) => deadJob())),
  replayDeadLetters: byAdmin(async ({ deadJob }) => ({ real: { ids: [await deadJob()] } })),
  discardDeadLetters: byAdmin(async ({ deadJob }) => ({ real: { ids: [await deadJob()] } })),
  listQueues: byAdmin(nothing),
  createCredential: nothing,
  ...Object.fromEntries(
    ['getCredential', 'updateCredential', 'rotateCredential', 'deleteCredential', 'listCredentials'].map(
      (name) => [
        name,
        async ({ make }: ExampleWorld) => {
          const made = await make('integrations/credentials', credential);
          return name === 'listCredentials' ? {} : { real: { id: made.id } };
        },
      ],
    ),
  ),
  replaceWebhookSecret: nothing,
  listWebhookSecrets: async ({ make }) => {
    await make('webhooks/secret');
    return {};
  },
  ...Object.fromEntries(
    [
      'getHealth',
      'getReadiness',
      'getDocs',
      'getPlainDocs',
      'getErrorDocs',
      'getDocsStyle',
      'getBoard',
      'getBoardScript',
      'getBoardStyle',
      'getOpenApi',
      'getSecurityTxt',
    ].map((name) => [name, nothing]),
  ),
  getDocsScript: (world) => viewerVersion(world),
  getViewerStyle: (world) => viewerVersion(world),
};
const credential = { provider: 'openai', label: 'My account', secret: 'sk-example-0123456789x7Qk' };

async function viewerVersion({ owner }: ExampleWorld): Promise<Prepared> {
  const page: string = (await owner.client.get('/docs')).body;
  return { real: { version: /\/docs\/scripts\/([0-9a-f]{16})\//.exec(page)?.[1] } };
}

const ready = async ({ document, finished }: ExampleWorld): Promise<{ id: string; jobId: string }> => {
  const made = await document();
  await finished(made.jobId);
  return made;
};
const readyDocument = byId(async (world) => (await ready(world)).id);
const withReady: Scenario = async (world) => {
  await ready(world);
  return {};
};
const exported = async ({ make, finished, owner }: ExampleWorld): Promise<string> => {
  await finished((await make('auth/export')).job.id);
  return (await owner.client.get('auth/exports')).body.data[0].id;
};
const ofModel = (prepare: (admin: HttpClient) => Promise<void> = () => Promise.resolve()): Scenario => {
  return async ({ admin, stage }) => {
    const client = await admin();
    const [model] = await stage.sql<{ id: number }>('select max(id) as id from embedding_models');
    await prepare(client);
    return { client, real: { id: model!.id } };
  };
};

/** These need that the work is done. Those of embedding models stand in the order of a model's life. */
export const withWorker: Readonly<Record<string, Scenario>> = {
  getDocument: readyDocument,
  updateDocument: readyDocument,
  downloadDocument: readyDocument,
  getDocumentText: readyDocument,
  getDocumentProgress: readyDocument,
  listChunks: readyDocument,
  embedDocument: readyDocument,
  // Sent twice, as a form and as JSON; the second finds another version.
  replaceDocument: async (world) => ({ real: { id: (await ready(world)).id, 'if-match': '*' } }),
  listDocuments: withReady,
  listAssistantDocuments: withReady,
  search: withReady,
  runGraphql: withReady,
  followJob: byId(async (world) => (await ready(world)).jobId),
  listAttempts: byId(async (world) => (await ready(world)).jobId),
  listReflections: async ({ memory, make, finished }) => {
    await memory();
    const made = await make('assistants/librarian/reflections', { type: 'recent' });
    await finished(made.job.id);
    return {};
  },
  listExports: async (world) => {
    await exported(world);
    return {};
  },
  downloadExport: byId(exported),
  registerEmbeddingModel: byAdmin(nothing),
  listEmbeddingModels: byAdmin(nothing),
  getEmbeddingModel: ofModel(),
  listRefusedTexts: async (world) => {
    const { id } = await ready(world);
    await world.stage.sql(
      `insert into chunk_embeddings (chunk_id, model_id, user_id, assistant_id, document_id, status, error)
       select c.id, (select max(id) from embedding_models), c.user_id, c.assistant_id, c.document_id, 'failed', $2
       from document_chunks c where c.document_id = $1`,
      [id, { code: 'embedding.rejected', message: 'The embedding provider answered 400.' }],
    );
    return ofModel()(world);
  },
  buildEmbeddingModel: ofModel(),
  activateEmbeddingModel: ofModel((admin) => completeModel(admin, 2)),
  rollbackEmbeddingModel: byAdmin(nothing),
  dropEmbeddingModel: ofModel(),
};
