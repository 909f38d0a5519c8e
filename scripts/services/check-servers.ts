import { checkPostgresServer } from '#db/server-check.ts';
import { loadEnvFile, readEnv } from '#shared/config/env.ts';
import { checkRedisServer } from '#shared/redis/server-check.ts';

/** Checks that both servers are there, new enough and able to do what the product needs; says why not. */
async function main(): Promise<void> {
  loadEnvFile();
  const env = readEnv();
  await report('PostgreSQL', 'DATABASE_URL', env.DATABASE_URL, checkPostgresServer);
  await report('Redis', 'REDIS_URL', env.REDIS_URL, checkRedisServer);
}

async function report(
  label: string,
  name: string,
  url: string | undefined,
  check: (url: string) => Promise<string>,
): Promise<void> {
  try {
    if (url === undefined) throw new Error(`${name} is not set; run ./scripts/setup.sh`);
    console.log(`      ok: ${label} ${await check(url)} at ${withoutPassword(url)}`);
  } catch (error) {
    console.error(`      ${label} (${name}): ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

function withoutPassword(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  return `${protocol}//${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}

await main();
