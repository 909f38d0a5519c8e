import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** `donkey-20261125T104500123Z`: sorts by time. */
const COMPLETE = /^donkey-\d{8}T\d{9}Z$/;
const UNFINISHED = /^\.unfinished-donkey-/;
/** No backup takes as long; whatever was writing it has died. */
const ABANDONED_MS = 2 * 86_400_000;

export const nameOfBackup = (takenAt: Date): string =>
  `donkey-${takenAt.toISOString().replace(/[-:.]/g, '')}`;

/** Finished backups in a folder, the oldest first. */
export const backupsIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && COMPLETE.test(entry.name))
    .map(({ name }) => name)
    .sort();

/**
 * Removes all but the newest, and what runs that were killed have left. Nothing else in the folder is touched.
 *
 * @returns the names of what was removed
 */
export function removeOld(folder: string, keep: number): string[] {
  const old = backupsIn(folder).slice(0, -keep);
  for (const name of old) rmSync(join(folder, name), { recursive: true });
  return old;
}

export function removeAbandoned(folder: string): string[] {
  const abandoned = readdirSync(folder).filter(
    (name) => UNFINISHED.test(name) && Date.now() - statSync(join(folder, name)).mtimeMs > ABANDONED_MS,
  );
  for (const name of abandoned) rmSync(join(folder, name), { recursive: true, force: true });
  return abandoned;
}
