import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 25;

/**
 * Looks until `probe` finds something: the way to wait in tests, which never sleep for a fixed time.
 *
 * @param probe returns what it found, or undefined, null or false to be asked again
 * @throws Error naming what was waited for when the deadline has passed
 */
export async function waitFor<T>(
  probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  options: { readonly description: string; readonly timeoutMs?: number },
): Promise<T> {
  const deadline = Date.now() + (options.timeoutMs ?? 30_000);
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${options.description}`);
    await sleep(PAUSE_MS);
  }
}
