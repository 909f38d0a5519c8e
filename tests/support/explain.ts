import knex from 'knex';
import type { Knex } from 'knex';

/** A node of a plan, as PostgreSQL describes it. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

/** How a statement was carried out. */
export interface Plan {
  readonly sql: string;
  readonly nodes: readonly string[];
  readonly indexes: readonly string[];
  readonly sequentialScans: readonly string[];
  /** Rows that came out of the tables. */
  readonly rowsRead: number;
  /** Pages of 8 kB that were looked at. */
  readonly blocks: number;
}

/** A connection that can tell how the statements of a store are carried out. */
export interface Explainer extends AsyncDisposable {
  readonly connection: Knex;
  /** Runs `work` and then each of its statements again under EXPLAIN. */
  explain(work: () => Promise<unknown>): Promise<Plan[]>;
}

export function createExplainer(url: string): Explainer {
  const connection = knex({ client: 'pg', connection: url, pool: { min: 0, max: 4 } });
  return {
    connection,
    explain: async (work) => {
      const statements: { sql: string; bindings: readonly unknown[] }[] = [];
      const record = (query: { sql: string; bindings: readonly unknown[] }): void => {
        statements.push({ sql: query.sql, bindings: query.bindings });
      };
      connection.on('query', record);
      await work();
      connection.off('query', record);
      return Promise.all(statements.map(({ sql, bindings }) => explainOne(connection, sql, bindings)));
    },
    [Symbol.asyncDispose]: () => connection.destroy(),
  };
}

async function explainOne(connection: Knex, sql: string, bindings: readonly unknown[]): Promise<Plan> {
  const client = connection.client as {
    acquireConnection(): Promise<{
      query(
        text: string,
        values: readonly unknown[],
      ): Promise<{ rows: { 'QUERY PLAN': { Plan: PlanNode }[] }[] }>;
    }>;
    releaseConnection(held: unknown): Promise<void>;
  };
  const held = await client.acquireConnection();
  try {
    const { rows } = await held.query(`explain (analyze, buffers, format json) ${sql}`, bindings);
    return summary(sql, rows[0]!['QUERY PLAN'][0]!.Plan);
  } finally {
    await client.releaseConnection(held);
  }
}

function summary(sql: string, top: PlanNode): Plan {
  const nodes: PlanNode[] = [];
  const visit = (node: PlanNode): void => {
    nodes.push(node);
    node.Plans?.forEach(visit);
  };
  visit(top);
  const scans = nodes.filter((node) => node['Relation Name'] !== undefined);
  return {
    sql,
    nodes: nodes.map((node) => node['Node Type']),
    indexes: nodes.flatMap((node) => node['Index Name'] ?? []),
    sequentialScans: scans
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map((node) => node['Relation Name']!),
    rowsRead: scans.reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0),
    blocks: top['Shared Hit Blocks'] + top['Shared Read Blocks'],
  };
}
