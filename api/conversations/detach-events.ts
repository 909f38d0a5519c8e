/**
 * Reads events to their end whether or not anybody listens, so that work goes on when its listener leaves.
 *
 * @param onFailure told what the work threw, which its listener is told as well
 * @returns all events, from the first
 */
export function detachEvents<T>(
  events: AsyncGenerator<T, void, undefined>,
  onFailure: (error: unknown) => void,
): AsyncGenerator<T, void, undefined> {
  const seen: T[] = [];
  let end: { readonly error?: unknown } | undefined;
  let news = Promise.withResolvers<undefined>();
  const tell = (): void => {
    news.resolve(undefined);
    news = Promise.withResolvers();
  };
  const readAll = async (): Promise<void> => {
    try {
      for await (const event of events) {
        seen.push(event);
        tell();
      }
      end = {};
    } catch (error) {
      end = { error };
      onFailure(error);
    }
    tell();
  };
  void readAll();
  return (async function* follow() {
    for (let next = 0; ; next += 1) {
      while (next >= seen.length) {
        if (end !== undefined && 'error' in end) throw end.error;
        if (end !== undefined) return;
        await news.promise;
      }
      yield seen[next] as T;
    }
  })();
}
