/**
 * Shares loads where nothing tells how new they are: whoever comes while one is under way waits for the next one, which
 * begins afterwards and so sees what had been written before they came. However many ask, two are run.
 */
export function createSharedLoads(): <T>(name: string, load: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<unknown>>();
  const next = new Map<string, Promise<unknown>>();
  const run = <T>(name: string, load: () => Promise<T>): Promise<T> => {
    const loading = load().finally(() => running.delete(name));
    running.set(name, loading);
    return loading;
  };
  return <T>(name: string, load: () => Promise<T>): Promise<T> => {
    const before = running.get(name);
    if (before === undefined) return run(name, load);
    const queued = (next.get(name) as Promise<T> | undefined) ?? queue(name, before, load);
    return queued;
  };

  function queue<T>(name: string, before: Promise<unknown>, load: () => Promise<T>): Promise<T> {
    const begin = (): Promise<T> => {
      next.delete(name);
      return run(name, load);
    };
    const queued = before.then(begin, begin);
    next.set(name, queued);
    return queued;
  }
}
