import * as assistants from '#api/assistants/assistant-endpoints.ts';
import * as conversations from '#api/conversations/conversation-endpoints.ts';
import * as documents from '#api/documents/document-endpoints.ts';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import * as chains from '#api/memory-chains/chain-endpoints.ts';
import * as prompts from '#api/prompts/prompt-endpoints.ts';
import { defineBulk } from './define-bulk.ts';

/** What an endpoint answers in its own example. */
const answerOf = ({ responses }: AnyEndpoint): unknown =>
  Object.values(responses)
    .map(({ example }) => (example as { data?: unknown } | undefined)?.data)
    .find((data) => data !== undefined);

const DOCUMENT = '01980f5f-7a10-7c44-8f02-1b2c3d4e5f60';

/** The kinds of things that are made, changed and deleted by the hundred; memories have an endpoint of their own. */
export const bulks = [
  defineBulk({
    path: '/assistants',
    operationId: 'batchAssistants',
    summary: 'Create, change and delete assistants in one request',
    tag: 'assistants',
    scope: 'assistants:write',
    actions: {
      create: assistants.createAssistant,
      update: assistants.updateAssistant,
      delete: assistants.deleteAssistant,
    },
    example: {
      operations: [{ op: 'create', name: 'Librarian' }],
      answer: answerOf(assistants.createAssistant),
    },
  }),
  defineBulk({
    path: '/prompts',
    operationId: 'batchPrompts',
    summary: 'Write, change and delete prompts in one request',
    tag: 'prompts',
    scope: 'prompts:write',
    actions: {
      create: prompts.createPrompt,
      update: prompts.updatePrompt,
      delete: prompts.deletePrompt,
    },
    example: {
      operations: [{ op: 'create', title: 'Teacher', content: 'Explain step by step.' }],
      answer: answerOf(prompts.createPrompt),
    },
  }),
  defineBulk({
    path: '/conversations',
    operationId: 'batchConversations',
    summary: 'Begin, rename, archive, restore and delete conversations in one request',
    tag: 'conversations',
    scope: 'conversations:write',
    actions: {
      create: conversations.createConversation,
      update: conversations.updateConversation,
      archive: conversations.archiveConversation,
      restore: conversations.restoreConversation,
      delete: conversations.deleteConversation,
    },
    example: {
      operations: [{ op: 'create', assistant_id: 'librarian', title: 'Donkeys and rain' }],
      answer: answerOf(conversations.createConversation),
    },
  }),
  defineBulk({
    path: '/documents',
    operationId: 'batchDocuments',
    summary: 'Change, retry and delete documents in one request',
    tag: 'documents',
    scope: 'documents:write',
    actions: {
      update: documents.updateDocument,
      retry: documents.retryDocument,
      delete: documents.deleteDocument,
    },
    example: {
      operations: [{ op: 'update', id: DOCUMENT, version: 1, title: 'Handbook' }],
      answer: answerOf(documents.updateDocument),
    },
  }),
  defineBulk({
    path: '/memory-chains',
    operationId: 'batchMemoryChains',
    summary: 'Create, change and delete chains of memories in one request',
    tag: 'memory-chains',
    scope: 'memories:write',
    actions: {
      create: chains.createChain,
      update: chains.updateChain,
      delete: chains.deleteChain,
    },
    example: {
      operations: [{ op: 'create', assistant_id: 'librarian', title: 'Habits' }],
      answer: answerOf(chains.createChain),
    },
  }),
];

/** The contracts alone. */
export const bulkEndpoints = bulks.map(({ endpoint }) => endpoint);
