import pg from 'pg';

const oldestServer = 15;
const oldestPgvector = [0, 8] as const;

/**
 * Checks that a PostgreSQL server can carry the product: version 15 or later, pgvector 0.8 or later, and the right to
 * install pgvector where it is not installed yet.
 *
 * @returns what was found, for people: "17.2 with pgvector 0.8.0"
 * @throws Error whose message names the fault and its remedy, never the password
 */
export async function checkPostgresServer(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
  } catch (error) {
    throw new Error(
      `cannot connect (${reason(error)}); check host, port, name and password, and that it runs`,
      {
        cause: error,
      },
    );
  }
  try {
    return await inspect(client);
  } finally {
    await client.end();
  }
}

interface Findings {
  server: string;
  installed: string | null;
  available: string | null;
  may_create: boolean;
  trusted: boolean | null;
}

async function inspect(client: pg.Client): Promise<string> {
  const { rows } = await client.query<Findings>(`
    select current_setting('server_version_num')::int / 10000 || '.' || current_setting('server_version_num')::int % 10000
             as server,
           (select extversion from pg_extension where extname = 'vector') as installed,
           (select default_version from pg_available_extensions where name = 'vector') as available,
           (select rolsuper from pg_roles where rolname = current_user) as may_create,
           (select bool_or(trusted) from pg_available_extension_versions where name = 'vector') as trusted`);
  const found = rows[0];
  if (found === undefined) throw new Error('the server gave no answer');
  if (Number.parseInt(found.server) < oldestServer)
    throw new Error(`version ${found.server} is too old; use PostgreSQL ${oldestServer} or later`);
  const version = found.installed ?? found.available;
  if (version === null)
    throw new Error('pgvector is not installed on this server; install pgvector 0.8 or later there');
  if (!isRecent(version))
    throw new Error(
      `pgvector ${version} is too old; install 0.8 or later, then run "alter extension vector update"`,
    );
  if (found.installed === null && !found.may_create && found.trusted !== true)
    throw new Error(
      'this role may not install pgvector; have a superuser run "create extension vector" in this database',
    );
  return `${found.server} with pgvector ${version}`;
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestPgvector[0] || (major === oldestPgvector[0] && minor >= oldestPgvector[1]);
}

/** Connection errors of several addresses arrive together, with the reasons inside. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map((part) => reason(part)).join(', ');
  return error instanceof Error ? error.message : String(error);
}
