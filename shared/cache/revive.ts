/**
 * Makes the times of a stored object times again, which JSON keeps as texts.
 *
 * @param names of the fields that are times, or null
 */
export function withTimes<T>(stored: T, names: readonly (keyof T)[]): T {
  const times = names.map((name) => [name, stored[name] === null ? null : new Date(stored[name] as string)]);
  return { ...stored, ...(Object.fromEntries(times) as Partial<T>) };
}
