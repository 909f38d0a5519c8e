import { printSchema } from 'graphql';
import { createSchema } from './create-schema.ts';

/** The schema in its own language, as docs/schema.graphql has it. */
export const schemaText = (): string =>
  `# Made from the contracts in api/ by scripts/generate-docs.ts: change those and run the script.\n\n${printSchema(createSchema())}`;
