import { GraphQLInputObjectType, GraphQLNonNull, GraphQLID, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { GraphQLFieldConfigArgumentMap } from 'graphql';
import { getAssistant, listAssistants } from '#api/assistants/assistant-endpoints.ts';
import type { AssistantQuery } from '#api/assistants/assistant-endpoints.ts';
import { filtersOf } from '#api/assistants/assistant-router.ts';
import { assistantView } from '#api/assistants/assistant-view.ts';
import { getMe } from '#api/auth/auth-endpoints.ts';
import { userView } from '#api/auth/auth-view.ts';
import { getConversation } from '#api/conversations/conversation-endpoints.ts';
import { conversationView } from '#api/conversations/conversation-view.ts';
import { getDocument } from '#api/documents/document-endpoints.ts';
import { documentView } from '#api/documents/document-view.ts';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { readPage, readSortedPage } from '#api/http/page.ts';
import { getJob, listJobs } from '#api/jobs/job-endpoints.ts';
import type { JobQuery } from '#api/jobs/job-endpoints.ts';
import { jobFiltersOf } from '#api/jobs/job-router.ts';
import { jobView } from '#api/jobs/job-view.ts';
import { getMemory } from '#api/memories/memory-endpoints.ts';
import { memoryView } from '#api/memories/memory-view.ts';
import { getChain } from '#api/memory-chains/chain-endpoints.ts';
import { chainView } from '#api/memory-chains/chain-view.ts';
import { getPrompt, listPrompts } from '#api/prompts/prompt-endpoints.ts';
import type { PromptQuery } from '#api/prompts/prompt-endpoints.ts';
import { promptView } from '#api/prompts/prompt-view.ts';
import { getReflection } from '#api/reflections/reflection-endpoints.ts';
import { reflectionView } from '#api/reflections/reflection-view.ts';
import type { Page } from '#db/page.ts';
import type { ListedAssistant } from '#db/stores/assistant-store.ts';
import type { GraphFields } from './contract-types.ts';
import { shownBy } from './contract-types.ts';
import { createGraphTypes } from './create-graph-types.ts';
import { connectionOf } from './graph-connections.ts';
import type { GraphNode } from './graph-connections.ts';
import type { GraphContext } from './graph-context.ts';
import { fieldOf, listNames, pageArgs, pageCost, readArgs, readId } from './graph-fields.ts';
import type { GraphField } from './graph-fields.ts';
import type { GraphTypes } from './graph-types.ts';
import { searchField } from './search-fields.ts';

/** The read model: what can be asked for, and what it leads on to. There is nothing that changes anything. */
export function createSchema(): GraphQLSchema {
  const types = createGraphTypes();
  const user = types.contracts.object('User', shownBy(getMe));
  const query = new GraphQLObjectType<Record<string, unknown>, GraphContext>({
    name: 'Query',
    fields: {
      me: fieldOf(getMe, user, (_source, _args, context) => userView(context.user)),
      ...assistants(types),
      ...prompts(types),
      ...jobs(types),
      document: one(getDocument, types.document, async ({ services }, userId, id) =>
        documentView(await services.documents.get(userId, id)),
      ),
      memory: one(getMemory, types.memory, async ({ services }, userId, id) =>
        memoryView(await services.memories.get(userId, id)),
      ),
      memoryChain: one(getChain, types.chain, async ({ services }, userId, id) =>
        chainView(await services.memoryChains.get(userId, id)),
      ),
      conversation: one(getConversation, types.conversation, async ({ services }, userId, id) =>
        conversationView(await services.conversations.get(userId, id)),
      ),
      reflection: one(getReflection, types.reflection, async ({ services }, userId, id) =>
        reflectionView(await services.reflections.get(userId, id)),
      ),
      search: searchField(types),
    },
  });
  return new GraphQLSchema({ query });
}

/** One thing by its id, or slug where it has one; that of somebody else is not found. */
const one = (
  endpoint: AnyEndpoint,
  { type }: GraphNode,
  find: (context: GraphContext, userId: string, id: string) => Promise<unknown>,
): GraphField =>
  fieldOf(
    endpoint,
    type,
    (_source, args, context) => find(context, context.user.id, readId(endpoint, args)),
    {
      args: { id: { type: new GraphQLNonNull(GraphQLID) } },
    },
  );

/** Arguments of a sorted list: what it is narrowed down to, and its order. */
const listArgs = (
  { contracts }: GraphTypes,
  name: string,
  { query }: AnyEndpoint,
  filters: readonly string[],
): GraphQLFieldConfigArgumentMap => ({
  ...pageArgs,
  filter: {
    type: new GraphQLInputObjectType({ name: `${name}Filter`, fields: contracts.args(name, query, filters) }),
  },
  ...contracts.args(name, query, ['sort']),
});

/** A page of a sorted list with its keys, as its service gave it. */
function sortedConnection<T>(
  page: Page<T>,
  list: readonly unknown[],
  isFirst: boolean,
  nodes: readonly unknown[],
) {
  const entries = nodes.flatMap((node, index) =>
    // What has been deleted meanwhile is left out.
    node === undefined ? [] : [{ key: page.keys?.[index] ?? '', node }],
  );
  return connectionOf(entries, { list, hasMore: page.nextAfter !== null, isFirst });
}

const ASSISTANT_FILTERS = ['is_active', 'is_primary', 'memory_mode', 'parent_id', 'q'];

const assistants = (types: GraphTypes): GraphFields => ({
  assistant: one(getAssistant, types.assistant, async (context, userId, id) =>
    shownAssistant(context, (await context.services.assistants.get(userId, id, [])).assistant),
  ),
  assistants: fieldOf(
    listAssistants,
    types.assistant.connection,
    async (_source, { filter, ...args }, context) => {
      const { user, services } = context;
      const names = listNames(...ASSISTANT_FILTERS, 'sort');
      const given = { ...(filter as object | null), ...args };
      const query = readArgs<AssistantQuery>(listAssistants.query, names, given);
      const filters = filtersOf(query);
      const list = ['assistants', user.id, filters, query.sort];
      const request = readSortedPage(query, list);
      const { page } = await services.assistants.list(user.id, filters, request, []);
      const shown = page.items.map((item) => shownAssistant(context, item));
      return sortedConnection(page, list, request.after === null, shown);
    },
    { args: listArgs(types, 'Assistant', listAssistants, ASSISTANT_FILTERS), cost: pageCost },
  ),
});

/** Known from here on to everything that leads back to it. */
function shownAssistant({ loaders }: GraphContext, assistant: ListedAssistant) {
  const shown = assistantView(assistant);
  loaders.assistants.prime(shown.id, shown);
  return shown;
}

const PROMPT_FILTERS = ['type', 'tag', 'q'];

const prompts = (types: GraphTypes): GraphFields => ({
  prompt: one(getPrompt, types.prompt, async ({ services }, userId, id) =>
    promptView(await services.prompts.get(userId, id)),
  ),
  prompts: fieldOf(
    listPrompts,
    types.prompt.connection,
    async (_source, { filter, ...args }, { user, services, loaders }) => {
      const given = { ...(filter as object | null), ...args };
      const query = readArgs<PromptQuery>(listPrompts.query, listNames(...PROMPT_FILTERS, 'sort'), given);
      const { type, tag, q: title, sort } = query;
      const list = ['prompts', user.id, type, tag, title, sort];
      const request = readSortedPage(query, list);
      const page = await services.prompts.list(user.id, { type, tag, title }, request);
      // Lists of REST leave the text out; here it is shown to those who ask for it.
      const loaded = await Promise.all(page.items.map(({ id }) => loaders.prompts.load(id)));
      return sortedConnection(page, list, request.after === null, loaded);
    },
    { args: listArgs(types, 'Prompt', listPrompts, PROMPT_FILTERS), cost: pageCost },
  ),
});

const JOB_FILTERS = ['status', 'type', 'document_id'];

const jobs = (types: GraphTypes): GraphFields => ({
  job: one(getJob, types.job, async ({ services }, userId, id) =>
    jobView(await services.jobs.get(userId, id)),
  ),
  jobs: fieldOf(
    listJobs,
    types.job.connection,
    async (_source, args, { user, services }) => {
      const query = readArgs<JobQuery>(listJobs.query, listNames(...JOB_FILTERS), args);
      const list = ['jobs', user.id, query.status, query.type, query.document_id];
      const request = readPage(query, list);
      const page = await services.jobs.list(user.id, jobFiltersOf(query), request);
      const entries = page.items.map((shown) => ({ key: shown.job.id, node: jobView(shown) }));
      return connectionOf(entries, {
        list,
        hasMore: page.nextAfter !== null,
        isFirst: request.after === null,
      });
    },
    { args: { ...pageArgs, ...types.contracts.args('Job', listJobs.query, JOB_FILTERS) }, cost: pageCost },
  ),
});
