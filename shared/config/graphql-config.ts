import type { SettingName } from './settings.ts';

/** What one GraphQL operation may ask for. */
export interface GraphqlConfig {
  readonly introspection: boolean;
  readonly maxDepth: number;
  readonly maxCost: number;
  readonly maxAliases: number;
  readonly maxRootFields: number;
  readonly maxDirectives: number;
  readonly maxTokens: number;
  readonly timeoutMs: number;
  /** File with the only documents that are carried out. */
  readonly persistedQueries: string | undefined;
}

/** @param get reads one setting, already checked */
export const graphqlConfig = (get: <T>(name: SettingName) => T, environment: string): GraphqlConfig => ({
  introspection: introspectionOf(get('GRAPHQL_INTROSPECTION'), environment),
  maxDepth: get('GRAPHQL_MAX_DEPTH'),
  maxCost: get('GRAPHQL_MAX_COST'),
  maxAliases: get('GRAPHQL_MAX_ALIASES'),
  maxRootFields: get('GRAPHQL_MAX_ROOT_FIELDS'),
  maxDirectives: get('GRAPHQL_MAX_DIRECTIVES'),
  maxTokens: get('GRAPHQL_MAX_TOKENS'),
  timeoutMs: get('GRAPHQL_TIMEOUT_MS'),
  persistedQueries: get('GRAPHQL_PERSISTED_QUERIES'),
});

const introspectionOf = (setting: 'auto' | 'on' | 'off', environment: string): boolean =>
  setting === 'on' || (setting === 'auto' && environment !== 'production');
