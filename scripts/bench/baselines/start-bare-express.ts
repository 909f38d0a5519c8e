import type { Env } from '#shared/config/env.ts';
import { startProductProcess } from '#tests/support/product-process.ts';
import type { ProductProcess } from '#tests/support/product-process.ts';

/** Starts the bare app on the database and Redis of the product; it takes the product's own sessions. */
export async function startBareExpress(env: Env): Promise<ProductProcess & { readonly url: string }> {
  const { DATABASE_URL, REDIS_URL, AUTH_SIGNING_KEYS } = env;
  const { process, ready } = await startProductProcess(
    'scripts/bench/baselines/bare-express.ts',
    {
      ...(DATABASE_URL && { DATABASE_URL }),
      ...(REDIS_URL && { REDIS_URL }),
      ...(AUTH_SIGNING_KEYS && { AUTH_SIGNING_KEYS }),
    },
    'listening',
  );
  return { ...process, url: String(ready.address) };
}
