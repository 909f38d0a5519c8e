import { GraphQLList, GraphQLNonNull } from 'graphql';
import { updateAssistant } from '#api/assistants/assistant-endpoints.ts';
import { getAssistantMetrics } from '#api/assistants/metrics-endpoints.ts';
import { getCapabilities, getProfile } from '#api/assistants/part-endpoints.ts';
import { getConversation } from '#api/conversations/conversation-endpoints.ts';
import { listMessages } from '#api/conversations/message-endpoints.ts';
import { getDocument, getDocumentProgress, listChunks } from '#api/documents/document-endpoints.ts';
import { getJob } from '#api/jobs/job-endpoints.ts';
import { getMemory } from '#api/memories/memory-endpoints.ts';
import { getChain } from '#api/memory-chains/chain-endpoints.ts';
import { listEntries } from '#api/memory-chains/chain-entry-endpoints.ts';
import { getPrompt } from '#api/prompts/prompt-endpoints.ts';
import { getReflection } from '#api/reflections/reflection-endpoints.ts';
import { search } from '#api/search/search-endpoints.ts';
import { assistantFields } from './assistant-fields.ts';
import { createContractTypes, dataOf, partOf, shownBy } from './contract-types.ts';
import type { Described, GraphFields } from './contract-types.ts';
import { conversationFields, messageFields } from './conversation-fields.ts';
import { documentFields } from './document-fields.ts';
import { connectionType, createPageInfo } from './graph-connections.ts';
import type { GraphNode } from './graph-connections.ts';
import type { GraphTypes } from './graph-types.ts';
import { chainFields, memoryFields, reflectionFields } from './memory-fields.ts';
import { hitFields } from './search-fields.ts';

/** Makes the types; each shows what the endpoint of REST that it is made of shows, and leads on to others. */
export function createGraphTypes(): GraphTypes {
  const contracts = createContractTypes();
  const pageInfo = createPageInfo();
  const node = (name: string, described: Described, more?: () => GraphFields): GraphNode => {
    const type = contracts.object(name, described, more);
    return { type, connection: connectionType(type, pageInfo) };
  };
  const entry = shownBy(listEntries);
  const { memory: _memory, ...entryKeys } = entry.keys ?? {};
  const types: GraphTypes = {
    contracts,
    assistant: node('Assistant', shownBy(updateAssistant), () => assistantFields(types)),
    prompt: node('Prompt', shownBy(getPrompt)),
    document: node('Document', shownBy(getDocument), () => documentFields(types)),
    chunk: node('Chunk', shownBy(listChunks)),
    memory: node('Memory', shownBy(getMemory), () => memoryFields(types)),
    chain: node('MemoryChain', shownBy(getChain), () => chainFields(types)),
    entry: node('MemoryChainEntry', { ...entry, keys: entryKeys }, () => ({
      memory: { type: new GraphQLNonNull(types.memory.type) },
    })),
    conversation: node('Conversation', shownBy(getConversation), () => conversationFields(types)),
    message: node('Message', shownBy(listMessages), () => messageFields(types)),
    reflection: node('Reflection', shownBy(getReflection), () => reflectionFields(types)),
    job: node('Job', shownBy(getJob)),
    profile: contracts.object('AssistantProfile', shownBy(getProfile)),
    capabilities: contracts.object('AssistantCapabilities', shownBy(getCapabilities)),
    metrics: contracts.object('AssistantMetrics', shownBy(getAssistantMetrics)),
    stage: contracts.object('DocumentStage', dataOf(getDocumentProgress).keys?.stages?.items?.[0] ?? {}),
    searchResult: contracts.object('SearchResult', partOf(search, 'meta'), () => ({
      hits: {
        type: new GraphQLNonNull(
          new GraphQLList(
            new GraphQLNonNull(contracts.object('SearchHit', shownBy(search), () => hitFields(types))),
          ),
        ),
      },
    })),
  };
  return types;
}
