import type { GraphQLObjectType } from 'graphql';
import { getAssistant } from '#api/assistants/assistant-endpoints.ts';
import { listChildren } from '#api/assistants/family-endpoints.ts';
import { getAssistantMetrics } from '#api/assistants/metrics-endpoints.ts';
import { getCapabilities, getProfile, getSystemPrompt } from '#api/assistants/part-endpoints.ts';
import { listConversations } from '#api/conversations/conversation-endpoints.ts';
import { listAssistantDocuments } from '#api/documents/assistant-documents-endpoints.ts';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { listAssistantMemories } from '#api/memories/memory-endpoints.ts';
import { memoryView } from '#api/memories/memory-view.ts';
import { listChains } from '#api/memory-chains/chain-endpoints.ts';
import { listReflections } from '#api/reflections/reflection-endpoints.ts';
import type { GraphFields } from './contract-types.ts';
import { ownedField } from './graph-connections.ts';
import type { GraphContext } from './graph-context.ts';
import { fieldOf } from './graph-fields.ts';
import type { GraphField } from './graph-fields.ts';
import type { ById } from './graph-loaders.ts';
import { linkOf } from './graph-types.ts';
import type { GraphTypes } from './graph-types.ts';

/** What an assistant leads on to. */
export function assistantFields(types: GraphTypes): GraphFields {
  const { contracts } = types;
  return {
    profile: part(getProfile, types.profile, ({ loaders }) => loaders.profiles),
    capabilities: part(getCapabilities, types.capabilities, ({ loaders }) => loaders.capabilities),
    metrics: part(getAssistantMetrics, types.metrics, ({ loaders }) => loaders.metrics),
    systemPrompt: linkOf(
      getSystemPrompt,
      types.prompt.type,
      'system_prompt_id',
      (context) => context.loaders.prompts,
    ),
    parent: linkOf(getAssistant, types.assistant.type, 'parent_id', ({ loaders }) => loaders.assistants),
    children: ownedField(contracts, {
      list: 'children',
      endpoint: listChildren,
      node: types.assistant,
      loader: ({ loaders }) => loaders.assistants,
    }),
    documents: ownedField(contracts, {
      list: 'documents',
      endpoint: listAssistantDocuments,
      node: types.document,
      filters: ['status'],
      loader: ({ loaders }) => loaders.documents,
    }),
    memories: ownedField(contracts, {
      list: 'memories',
      endpoint: listAssistantMemories,
      node: types.memory,
      filters: ['type', 'source_role', 'is_bookmarked'],
      loader: ({ loaders }) => loaders.memories,
      view: memoryView,
    }),
    memoryChains: ownedField(contracts, {
      list: 'chains',
      endpoint: listChains,
      node: types.chain,
      filters: ['mode'],
      loader: ({ loaders }) => loaders.chains,
    }),
    conversations: ownedField(contracts, {
      list: 'conversations',
      endpoint: listConversations,
      node: types.conversation,
      filters: ['status'],
      loader: ({ loaders }) => loaders.conversations,
    }),
    reflections: ownedField(contracts, {
      list: 'reflections',
      endpoint: listReflections,
      node: types.reflection,
      filters: ['type', 'category', 'status'],
      loader: ({ loaders }) => loaders.reflections,
    }),
  };
}

/** What every assistant has one of. */
const part = (
  endpoint: AnyEndpoint,
  type: GraphQLObjectType,
  loader: (context: GraphContext) => ById<object>,
): GraphField =>
  fieldOf(endpoint, type, async ({ id }, _args, context) => (await loader(context).load(String(id))) ?? null);
