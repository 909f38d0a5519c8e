import type { GraphQLObjectType } from 'graphql';
import { getAssistant } from '#api/assistants/assistant-endpoints.ts';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import type { ContractTypes } from './contract-types.ts';
import type { GraphNode } from './graph-connections.ts';
import type { GraphContext } from './graph-context.ts';
import { fieldOf } from './graph-fields.ts';
import type { GraphField } from './graph-fields.ts';
import type { ById } from './graph-loaders.ts';

/** Every type that shows something of the user's. */
export interface GraphTypes {
  readonly contracts: ContractTypes;
  readonly assistant: GraphNode;
  readonly prompt: GraphNode;
  readonly document: GraphNode;
  readonly chunk: GraphNode;
  readonly memory: GraphNode;
  readonly chain: GraphNode;
  readonly entry: GraphNode;
  readonly conversation: GraphNode;
  readonly message: GraphNode;
  readonly reflection: GraphNode;
  readonly job: GraphNode;
  readonly profile: GraphQLObjectType;
  readonly capabilities: GraphQLObjectType;
  readonly metrics: GraphQLObjectType;
  readonly stage: GraphQLObjectType;
  readonly searchResult: GraphQLObjectType;
}

/**
 * A field that leads from an id in what is shown to what it stands for; null where there is none.
 *
 * @param key field of the view that holds the id
 */
export const linkOf = (
  endpoint: AnyEndpoint,
  type: GraphQLObjectType,
  key: string,
  loader: (context: GraphContext) => ById<unknown>,
): GraphField =>
  fieldOf(endpoint, type, async (source, _args, context) => {
    const id = source[key];
    return typeof id === 'string' ? ((await loader(context).load(id)) ?? null) : null;
  });

/** As {@link linkOf} to the assistant that it belongs to. */
export const ownerOf = ({ assistant }: GraphTypes): GraphField =>
  linkOf(getAssistant, assistant.type, 'assistant_id', ({ loaders }) => loaders.assistants);
