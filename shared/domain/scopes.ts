/** What an API key may be allowed to do; every operation that programs can call asks for exactly one of these. */
export const SCOPES = [
  'account:read',
  'account:write',
  'assistants:read',
  'assistants:write',
  'prompts:read',
  'prompts:write',
  'memories:read',
  'memories:write',
  'documents:read',
  'documents:write',
  'conversations:read',
  'conversations:write',
  'jobs:read',
  'jobs:write',
  'credentials:read',
  'credentials:write',
  'search',
  'batch',
  'admin:read',
  'admin:write',
] as const;

export type Scope = (typeof SCOPES)[number];
