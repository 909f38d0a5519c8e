import { readEnv } from '#shared/config/env.ts';
import { settings } from '#shared/config/settings.ts';

/** Exits 0 when this container's process answers that it is ready. First argument: api or worker. */
const name = process.argv[2] === 'worker' ? 'WORKER_PORT' : 'PORT';
const port = readEnv()[name] ?? settings[name].fallback;
const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, {
  signal: AbortSignal.timeout(4000),
}).catch(() => undefined);
process.exitCode = answer?.ok === true ? 0 : 1;
