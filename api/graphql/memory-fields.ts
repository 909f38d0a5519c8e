import { getConversation } from '#api/conversations/conversation-endpoints.ts';
import { getDocument } from '#api/documents/document-endpoints.ts';
import { getJob } from '#api/jobs/job-endpoints.ts';
import { listEntries } from '#api/memory-chains/chain-entry-endpoints.ts';
import { entryView } from '#api/memory-chains/chain-view.ts';
import type { GraphFields } from './contract-types.ts';
import { ownedField } from './graph-connections.ts';
import { linkOf, ownerOf } from './graph-types.ts';
import type { GraphTypes } from './graph-types.ts';

/** What a memory leads on to. */
export const memoryFields = (types: GraphTypes): GraphFields => ({
  assistant: ownerOf(types),
  document: linkOf(getDocument, types.document.type, 'document_id', ({ loaders }) => loaders.documents),
  conversation: linkOf(
    getConversation,
    types.conversation.type,
    'conversation_id',
    ({ loaders }) => loaders.conversations,
  ),
});

/** What a chain leads on to. */
export const chainFields = (types: GraphTypes): GraphFields => ({
  assistant: ownerOf(types),
  entries: ownedField(types.contracts, {
    list: 'entries',
    endpoint: listEntries,
    node: types.entry,
    loader: ({ loaders }) => loaders.memories,
    view: (memory, { key, createdAt }) => entryView({ position: Number(key), createdAt, memory }),
  }),
});

/** What a reflection leads on to. */
export const reflectionFields = (types: GraphTypes): GraphFields => ({
  assistant: ownerOf(types),
  document: linkOf(getDocument, types.document.type, 'document_id', ({ loaders }) => loaders.documents),
  job: linkOf(getJob, types.job.type, 'job_id', ({ loaders }) => loaders.jobs),
});
