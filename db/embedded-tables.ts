/** A table whose rows have vectors, one for each model, in a table of their own. */
export interface EmbeddedTable {
  readonly table: string;
  readonly vectors: string;
  /** Column of the vectors that names the row. */
  readonly key: string;
  /** Columns that stand in both. */
  readonly copied: readonly string[];
  /** Of a row `s`: the text that is embedded. */
  readonly text: string;
  /** Of a row `s`: whether search reads it. */
  readonly live: string;
  /** What the rows belong to, locked before they are, as by whoever deletes it. */
  readonly owner: { readonly table: string; readonly column: string };
}

/** Everything that is embedded: a model is complete when all of it is. */
export const embeddedTables: readonly EmbeddedTable[] = [
  {
    table: 'document_chunks',
    vectors: 'chunk_embeddings',
    key: 'chunk_id',
    copied: ['user_id', 'assistant_id', 'document_id'],
    text: 's.text',
    live: `exists (select from documents d
      where d.id = s.document_id and d.live_revision = s.revision and d.deleted_at is null)`,
    owner: { table: 'documents', column: 'document_id' },
  },
  {
    table: 'memories',
    vectors: 'memory_embeddings',
    key: 'memory_id',
    copied: ['user_id', 'assistant_id'],
    text: 's.event',
    live: 's.is_active',
    owner: { table: 'assistants', column: 'assistant_id' },
  },
];
