import { logFields } from '#shared/logging/log-fields.ts';

/** Data stream that the lines are kept in. */
export const LOG_STREAM = 'donkey-logs';

const KEYWORD = { type: 'keyword', ignore_above: 1024 };
const TEXT = { type: 'text' };

/** An error; causes are errors themselves without end, so they are kept and shown but not searched. */
const ERROR = {
  dynamic: false,
  properties: {
    name: KEYWORD,
    code: KEYWORD,
    message: TEXT,
    detail: TEXT,
    stack: { type: 'text', index: false, norms: false },
    cause: { type: 'object', enabled: false },
    errors: { type: 'object', enabled: false },
  },
};

/** How each kind of field is kept. `flattened` takes keys that are not known beforehand without growing the mapping. */
const MAPPINGS = {
  keyword: KEYWORD,
  text: { ...TEXT, fields: { raw: KEYWORD } },
  date: { type: 'date' },
  integer: { type: 'long' },
  number: { type: 'double' },
  boolean: { type: 'boolean' },
  error: ERROR,
  counts: { type: 'flattened' },
};

/**
 * Makes the index template for log lines (Elasticsearch, "Create or update an index template") of the list of fields. What is not in
 * the list is kept with the line but not indexed, so that no line can grow the mapping.
 */
export function logIndexTemplate(): object {
  const fields = Object.entries(logFields).map(([name, { kind }]) => [name, MAPPINGS[kind]] as const);
  return {
    index_patterns: [LOG_STREAM],
    data_stream: {},
    priority: 500,
    template: {
      settings: {
        'index.lifecycle.name': LOG_STREAM,
        'index.number_of_shards': 1,
        // A single node has nowhere to put a second copy.
        'index.auto_expand_replicas': '0-1',
        'index.codec': 'best_compression',
      },
      mappings: {
        dynamic: false,
        properties: { '@timestamp': { type: 'date' }, ...Object.fromEntries(fields) },
      },
    },
    _meta: { description: 'Lines of shared/logging/log-fields.ts; made by scripts/generate-docs.ts.' },
  };
}
