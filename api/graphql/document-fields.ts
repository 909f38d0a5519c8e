import { GraphQLList, GraphQLNonNull } from 'graphql';
import { getDocumentProgress, listChunks } from '#api/documents/document-endpoints.ts';
import { listJobs } from '#api/jobs/job-endpoints.ts';
import type { GraphFields } from './contract-types.ts';
import { ownedField } from './graph-connections.ts';
import { fieldOf } from './graph-fields.ts';
import { ownerOf } from './graph-types.ts';
import type { GraphTypes } from './graph-types.ts';

/** What a document leads on to. */
export function documentFields(types: GraphTypes): GraphFields {
  return {
    assistant: ownerOf(types),
    stages: fieldOf(
      getDocumentProgress,
      new GraphQLList(new GraphQLNonNull(types.stage)),
      ({ id }, _args, { loaders }) => loaders.stages.load(String(id)),
    ),
    chunks: ownedField(types.contracts, {
      list: 'chunks',
      endpoint: listChunks,
      node: types.chunk,
      loader: ({ loaders }) => loaders.chunks,
    }),
    jobs: ownedField(types.contracts, {
      list: 'jobs',
      endpoint: listJobs,
      node: types.job,
      filters: ['status'],
      loader: ({ loaders }) => loaders.jobs,
    }),
  };
}
